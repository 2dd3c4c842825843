"""The house: which room may know which, and what stands in a room."""

from pathlib import PurePath

import pytest
from django.apps import apps
from importlinter import cli

from tests.contracts import source

# Inside a room the same names everywhere, from pure decisions to addresses.
EVERYWHERE = {
    "__init__", "rules", "models", "queries", "actions", "tasks", "forms", "views", "api", "urls", "apps",
    "command", "sought", "migrations", "templatetags",
}
# What a room has of its own, each a noun of that room. A new line here is a decision: say it in the commit.
OWN = {
    "analytics": {"charts", "counting", "panels", "sums"},
    "connectors": {"file", "drops", "maps", "sentences", "wording"},
    "doors": {"entering", "guards", "letters"},
    "cases": {"batches", "deeds", "foreseen", "lists", "opening", "ordering", "wording"},
    "desk": {
        "lookup_api", "checking", "context", "lists", "live", "saved", "seats", "archive", "asked", "found", "reviewed",
    },
    "pipeline": {"steps", "advance", "sweep", "helper", "answered", "searching", "leaving", "rejudging"},
    "replies": {
        "lint", "checks", "findings", "folding", "likeness", "matching", "quoting",
        "drafting", "composing", "judged",
    },
    "reviews": {"intake_actions", "shaping", "typed", "walked"},
    "triage": {
        "bulk", "checking", "columnar", "corrections", "figures", "outputs", "own", "page", "rejudging", "severity",
        "sheet", "summary", "terminal", "weighing", "words",
    },
    "web": {"charts", "cursors", "gateway", "guards", "language", "problems", "redirects", "refusals", "shapes"},
    "webhooks": {"door", "telling"},
    "work": {"queue"},
}
# Rooms that are no room of the desk: no models, no verbs, their own shape.
FREE = {"config", "demo", "kit", "language", "playbook"}


def test_imports_go_down_only_and_the_text_engine_needs_no_django(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.lint_imports(config_filename=str(source.ROOT / "pyproject.toml"), no_cache=True)
    assert code == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_room_has_its_floor() -> None:
    assert set(source.rooms()) <= set(source.floors())


def test_rooms_hold_files_of_the_agreed_names_only() -> None:
    strange = [
        str(path)
        for path in source.modules()
        if len(path.parts) > 1 and (room := path.parts[0]) not in FREE
        and PurePath(path.parts[1]).stem not in EVERYWHERE | OWN.get(room, set())
    ]
    assert strange == []


def test_no_room_claims_a_name_that_it_does_not_use() -> None:
    there = {(path.parts[0], PurePath(path.parts[1]).stem) for path in source.modules() if len(path.parts) > 1}
    assert {(room, name) for room, names in OWN.items() for name in names} - there == set()


def test_only_actions_write_and_only_rooms_with_models_have_actions() -> None:
    for path in source.modules():
        if path.name == "actions.py":
            assert (source.PACKAGE / path.parent / "models.py").exists(), f"{path} writes what it does not own"


def test_foreign_keys_point_to_the_same_room_or_a_lower_floor() -> None:
    floors = source.floors()
    checked, upward = 0, []
    for model in apps.get_models():
        if not model.__module__.startswith("wanhui."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("wanhui."):
                continue
            here, there = model.__module__.split(".")[1], target.__module__.split(".")[1]
            checked += 1
            if here != there and floors[there] > floors[here]:
                upward.append(f"{model.__name__}.{field.name}: {here} -> {there}")
    assert upward == []
    assert checked > 15, "the app registry was not read"
