"""Verbs: who acts is always said, and every verb leaves its trace."""

import ast
import re
from pathlib import Path

from tests.contracts import source

# These are what the others rest on: a step is bookkeeping, `record` is the trace itself, and the search is kept in
# step by the verbs of other rooms.
NO_ACTOR = {"work", "audit", "search"}
# Public functions of an actions.py that leave no audit entry, each with its reason.
NO_ENTRY: dict[str, str] = {
    "desk.look": "who looked at which case when is bookkeeping: nothing was done to anything",
    "triage.look": "what another engine would say is put down beside the question; no verdict is touched",
    "desk.sit_down": "when somebody was at the queue is bookkeeping",
    "desk.stay": "who is on a page right now is bookkeeping, gone after a minute",
    "triage.note_answered": "where a list is read; whoever sent the reply, or imported it, left an entry",
    "analytics.recount": "kept counts follow the facts; whoever changed those left an entry",
    "accounts.note_token_use": "when a token was last used is bookkeeping, at most once a minute",
    "doors.ask_reset": "whoever asks is nobody yet; the letter and the new password leave their entries",
    "doors.begin_second_factor": "a key that no code has confirmed is scratch",
    "doors.clear_up": "removes visits that ended by themselves",
    "doors.note_seen": "when a browser was last seen is bookkeeping, every few minutes",
    "doors.pass_on_resets": "notes the letters, each of which leaves its own entry",
    "connectors.clear_up": "removes a file whose import left its entry with the last rows",
    "webhooks.announce": "copies entries that are there for receivers outside",
    "webhooks.deliver_due": "sends what was put down; its log is the room's own",
    "replies.save_draft": "a self-saved draft is scratch (design 5.6)",
}
# Nobody's deed: tidying after a crash.
NOBODY = {
    "analytics.recount", "triage.note_answered", "webhooks.announce", "webhooks.deliver_due", "connectors.clear_up",
}  # fmt: skip


def verbs() -> dict[str, tuple[Path, ast.FunctionDef]]:
    """Every public function of every actions.py, as "room.verb"."""
    found = {}
    for path, tree in source.modules().items():
        if path.name != "actions.py" or path.parts[0] in NO_ACTOR:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found[f"{path.parts[0]}.{node.name}"] = (path, node)
    return found


def test_there_are_verbs() -> None:
    assert len(verbs()) > 20


def test_every_verb_takes_its_actor_by_name() -> None:
    asked = {name: verb for name, (_, verb) in verbs().items() if name not in NOBODY}
    silent = [name for name, verb in asked.items() if "actor" not in {a.arg for a in verb.args.kwonlyargs}]
    assert silent == []


def test_no_verb_acts_for_nobody_unless_told_so() -> None:
    """A default would let a caller forget who acts."""
    assumed = [
        name
        for name, (_, verb) in verbs().items()
        for argument, default in zip(verb.args.kwonlyargs, verb.args.kw_defaults, strict=True)
        if argument.arg == "actor" and default is not None
    ]
    assert assumed == []


def test_every_verb_leaves_an_audit_entry() -> None:
    recording = _reaching_record()
    silent = [name for name in verbs() if name not in recording and name not in NO_ENTRY]
    assert silent == []


def test_an_entry_names_the_room_that_acted_and_a_verb_of_one_word() -> None:
    named = {
        (path.parts[0], call.args[0].value)
        for path, tree in source.modules().items()
        if path.name == "actions.py"
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"record", "_record"}
        and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(named) > 20
    wrong = [name for room, name in named if not re.fullmatch(rf"{room}\.[a-z_]+", str(name))]
    assert wrong == []


def test_no_reason_is_kept_for_a_verb_that_is_gone_or_speaks() -> None:
    assert set(NO_ENTRY) - set(verbs()) == set()
    assert set(NO_ENTRY) & _reaching_record() == set()


def test_writes_happen_in_actions_only() -> None:
    """What changes rows stands in an actions.py; imports of the demo world and the queue's own are no exception."""
    writers = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "save", "delete"}
    wrong = [
        f"{path}:{call.lineno}"
        for path, tree in source.modules().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in writers
        and path.name not in {"actions.py", "models.py"} and not _has_own_save(path) and not _is_no_row(call)
        and not path.stem.endswith("actions")
    ]
    assert wrong == []


def _is_no_row(call: ast.Call) -> bool:
    """`@router.delete("/…")` says which requests a function answers; what is saved as a kind of file is a picture."""
    routed = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)
    return (routed and call.func.value.id == "router") or any(word.arg == "kind" for word in call.keywords)


def _has_own_save(path: Path) -> bool:
    """Files, tables and forms are saved too; only rooms of the database are meant."""
    return path.parts[0] in {"language", "kit", "demo", "config", "playbook"} or "file" in path.parts[1:-1]


def _reaching_record() -> set[str]:
    """Verbs that call `record`, directly or through other functions of the actions modules."""
    calls = {name: _called(node) for name, node in _all_action_functions().items()}
    reaching = {name for name, called in calls.items() if "record" in called}
    while True:
        short = {name.split(".", 1)[1] for name in reaching}
        more = {name for name, called in calls.items() if name not in reaching and called & short}
        if not more:
            return reaching
        reaching |= more


def _all_action_functions() -> dict[str, ast.FunctionDef]:
    return {
        f"{path.parts[0]}.{node.name}": node
        for path, tree in source.modules().items()
        if path.name == "actions.py" and path.parts[0] not in NO_ACTOR
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _called(function: ast.FunctionDef) -> set[str]:
    """The names that a function calls, without the module before them."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            names.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return names
