"""`wanhui check` on a real installation."""

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.config.conftest import Desk, NewDesk
from wanhui.config.checking import looks
from wanhui.language.engines import MODELS

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.xdist_group("processes")]


def _points(desk: Desk, code: int = 0, **variables: str) -> dict[str, dict[str, str]]:
    said = json.loads(desk.run("check", "--format", "json", code=code, **variables).out)
    assert said["state"] == ("wrong" if code else said["state"])
    return {point["name"]: point for point in said["points"]}


def test_a_fresh_installation_lacks_only_a_worker(desk: Desk) -> None:
    found = _points(desk)
    assert {name: point["state"] for name, point in found.items() if point["state"] != "ok"} == {"worker": "soon"}
    assert len(found) == 13


def test_every_point_is_one_line_and_what_to_do_stands_below_it(desk: Desk) -> None:
    lines = desk.run("check").out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["ok"] * 5 + ["soon"] + ["ok"] * 7
    assert next(line for line in lines if line.startswith(" ")).strip().startswith("→ Start the desk")


def test_what_is_wrong_is_found_and_ends_with_one(shop: Desk) -> None:
    (shop.home / "secret.key").chmod(0o644)
    shop.ask("from wanhui.work.models import Step; from django.utils import timezone; now = timezone.now()\n"
             "Step.objects.create(kind='import.confirmed', ref='import/9/x', state='failed', due_at=now, noted_at=now,"
             " error='Traceback\\nKeyError: 7'); answer = 1")
    found = _points(shop, code=1, WANHUI_HOSTS="127.0.0.1,desk.example.com")
    wrong = {name for name, point in found.items() if point["state"] == "wrong"}
    assert wrong >= {"key", "addresses", "steps", "backup"}
    assert "import.confirmed of import/9/x: KeyError: 7" in found["steps"]["found"]
    assert all(found[name]["todo"] for name in wrong)


def test_a_backup_contents_the_check(shop: Desk, tmp_path: Path) -> None:
    shop.run("backup", str(tmp_path / "b.zip"))
    assert _points(shop)["backup"]["state"] == "ok"


def test_a_running_worker_leaves_a_heartbeat_and_takes_it_along(desk: Desk) -> None:
    worker = desk.start("work")
    try:
        until = time.monotonic() + 120
        while (point := _points(desk)["worker"])["state"] != "ok":
            assert time.monotonic() < until, point
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
    assert _points(desk)["worker"]["found"] == "No worker is running."


def test_a_killed_worker_on_this_machine_counts_as_gone_at_once(desk: Desk) -> None:
    worker = desk.start("work")
    until = time.monotonic() + 120
    while _points(desk)["worker"]["state"] != "ok":
        assert time.monotonic() < until
    worker.kill()
    worker.communicate(timeout=60)
    assert "No worker is running; the last was seen" in _points(desk)["worker"]["found"]


def test_a_database_that_cannot_be_used_is_told_and_nothing_else_breaks(desk: Desk) -> None:
    if desk.url:
        desk.environment["WANHUI_DATABASE_URL"] = desk.url.rsplit("/", 1)[0] + "/nowhere"
    else:
        for ending in ("", "-wal", "-shm"):
            (desk.home / f"desk.sqlite3{ending}").unlink(missing_ok=True)
        (desk.home / "desk.sqlite3").write_bytes(b"no database at all" * 400)
    found = _points(desk, code=1)
    assert found["database"]["state"] == "wrong"
    assert "disk" in found
    assert "steps" not in found


def test_a_database_that_waits_for_prepare_is_told(new_desk: NewDesk) -> None:
    found = _points(new_desk(prepare=False), code=1)
    assert "wanhui prepare" in found["database"]["todo"]


def test_a_changed_weight_of_the_model_is_found(tmp_path: Path) -> None:
    assert list(looks.engines(MODELS).values()) == [[]] * len(looks.engines(MODELS))
    shutil.copytree(MODELS, tmp_path / "models")
    folder = next(path for path in (tmp_path / "models").iterdir() if path.is_dir())
    with (folder / "weights.npz").open("ab") as weights:
        weights.write(b"x")
    assert looks.engines(tmp_path / "models")[folder.name] == ["weights.npz"]
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert looks.engines(tmp_path / "models")[folder.name] == ["manifest.json"]


def test_every_platform_and_lint_rule_has_its_day() -> None:
    checked = looks.checked()
    assert len([name for name in checked if name.startswith("platform ")]) > 10
    assert len([name for name in checked if name.startswith("lint rule ")]) > 20
