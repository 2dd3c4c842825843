"""The runbook stays true: every command in it is run, or read by the program that would run it."""

import argparse
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from tests.config.conftest import ROOT, Desk
from wanhui.cli import app

RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
# Programs of the machine; what they do with our files is looked at below.
OF_THE_MACHINE = {
    "adduser", "cp", "docker", "install", "journalctl", "python3", "runuser", "systemctl", "wanhui",
}  # fmt: skip
# Started and stopped in tests/processes; here they would never end.
ENDLESS = {"serve", "work"}


def _lines() -> list[list[str]]:
    """Every command line of the runbook, in words, settings in front taken away."""
    blocks = re.findall(r"^```sh\n(.*?)^```", RUNBOOK, re.MULTILINE | re.DOTALL)
    found = [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]
    return [words[next(i for i, word in enumerate(words) if "=" not in word or word.startswith("-")) :]
            for words in found]


def _wanhui() -> Iterator[list[str]]:
    for words in _lines():
        if "wanhui" in words and words[0] in ("wanhui", "docker"):
            yield words[words.index("wanhui") + 1 :]
    for inline in re.findall(r"`wanhui ([^`]+)`", RUNBOOK):
        yield shlex.split(inline)


def _parsed(words: list[str]) -> click.Context:
    """The command line's own reading of these words; UsageError when it has no such command or option."""
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "get_command")
    context = group.make_context("wanhui", list(words))
    command = group.get_command(context, words[0])  # type: ignore[attr-defined]
    assert command is not None, f"there is no command {words[0]}"
    return command.make_context(words[0], list(words[1:]), parent=context)  # type: ignore[no-any-return]


def test_there_are_commands_to_look_at() -> None:
    assert len(_lines()) > 40
    assert len(list(_wanhui())) > 20


@pytest.mark.parametrize("words", list(_wanhui()), ids=" ".join)
def test_the_command_line_has_what_the_runbook_says(words: list[str]) -> None:
    _parsed(words)


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    with pytest.raises(Exception, match=r"(?i)no such option"):
        _parsed(["backup", "x.zip", "--never-heard-of"])


def test_every_command_that_keeps_an_installation_is_in_the_runbook() -> None:
    told = {words[0] for words in _wanhui()}
    assert {"check", "backup", "restore", "move", "prepare", "serve", "work", "retry", "password", "figures",
            "rejudge"} <= told


def test_only_known_programs_are_called() -> None:
    assert {words[0] for words in _lines()} == OF_THE_MACHINE


def test_files_and_units_that_it_names_are_there() -> None:
    words = [word for line in _lines() for word in line]
    units = {word for word in words if word.endswith((".service", ".timer")) and word.startswith("wanhui")}
    assert units == {"wanhui.service", "wanhui-work.service", "wanhui-backup.service", "wanhui-backup.timer"}
    files = {word for word in words if word.startswith("deploy/")} | set(re.findall(r"`(deploy/[\w.-]+\w)`", RUNBOOK))
    assert [name for name in files | {f"deploy/{unit}" for unit in units} if not (ROOT / name).is_file()] == [
        "deploy/.env"
    ]


def test_start_py_takes_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    calls = [words[2:] for words in _lines() if words[0] == "python3"]
    assert all(isinstance(start._wish(call), argparse.Namespace) for call in calls)
    assert [words[1] for words in _lines() if words[0] == "python3"] == [
        "start.py", "/opt/wanhui/start.py", "/opt/wanhui/start.py"
    ]  # fmt: skip


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    table = set(re.findall(r"^\| `(WANHUI_\w+)` \|", RUNBOOK, re.MULTILINE))
    assert table == read_by_the_program()


def read_by_the_program() -> set[str]:
    """Every variable of the environment that the program reads."""
    found: set[str] = set()
    for file in (ROOT / "src/wanhui").rglob("*.py"):
        found |= set(re.findall(r"environ(?:\.get\(|\[)\s*\"(WANHUI_\w+)\"", file.read_text(encoding="utf-8")))
    return found


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_every_command_that_ends_does_what_it_says(shop: Desk, tmp_path: Path) -> None:
    """In the order of the page, on a desk with something in it; the paths of a server become paths of the test."""
    folder = tmp_path / "backups"
    folder.mkdir()
    run = []
    for words in (line[1:] for line in _lines() if line[0] == "wanhui"):
        if words[0] in ENDLESS or words[0] == "move":  # moved in test_move, to a database made for it
            continue
        ours = [str(folder) if word == "/var/backups/wanhui" else word for word in words]
        ours = [str(tmp_path / word) if word.endswith(".zip") and "/" not in word else word for word in ours]
        if words[0] == "restore":
            newest = sorted(folder.glob("wanhui-*.zip"))[-1]
            ours = [str(newest) if word.endswith(".zip") else word for word in ours]
            if "--replace" not in words:  # the drill: a folder of its own
                Desk(tmp_path / "drill", None).run(*ours)
                continue
        # A desk that has a real store and no worker yet has something wrong: that is what the check is for.
        code = int("wrong" in shop.run("check", "--format", "json", code=_any(shop)).out) if words[0] == "check" else 0
        shop.run(*ours, code=code)
        run.append(words[0])
    assert {"check", "prepare", "backup", "restore", "retry", "password", "figures", "rejudge"} <= set(run)


def _any(shop: Desk) -> int:
    """Whether there is something wrong just now, as an exit code."""
    has = "from wanhui.config.checking import looks\nanswer = any(p.state == 'wrong' for p in looks.everything())"
    return int(shop.ask(has))
