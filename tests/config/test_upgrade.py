"""From the first released version to this one, and never the other way."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.config.conftest import COUNTS, ROOT, Databases, Desk, NewDesk

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.xdist_group("processes")]

FUTURE = """
from django.db import connection
connection.cursor().execute(
    "INSERT INTO django_migrations(app, name, applied) VALUES ('cases', '0999_future', CURRENT_TIMESTAMP)")
answer = 1
"""
BACK = """
from django.core.management import call_command
call_command("migrate", "work", "0002", verbosity=0)
answer = 1
"""
PAGES = """
from django.test import Client
from wanhui.accounts.models import User
from wanhui.cases.models import Case
from wanhui.reviews.models import Review
client = Client(SERVER_NAME="127.0.0.1")
client.force_login(User.objects.get(username="mei"), "django.contrib.auth.backends.ModelBackend")
pages = ["/", "/reviews/", f"/reviews/{Review.objects.first().pk}/", f"/cases/{Case.objects.first().pk}/", "/figures/"]
answers = {page: client.get(page, follow=True).status_code for page in pages}
answer = {page: status for page, status in answers.items() if status != 200}
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, kept: Databases) -> tuple[Desk, dict[str, int]]:
    """A desk of the first released version with rows in it, and how many of each; never changed."""
    desk = Desk(tmp_path_factory.mktemp("first") / "home", kept.make())
    done = subprocess.run(
        [sys.executable, "-m", "tests.config.old_desk"], cwd=ROOT, env=desk.environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return desk, json.loads(done.stdout)


@pytest.fixture
def old(first: tuple[Desk, dict[str, int]], new_desk: NewDesk) -> tuple[Desk, dict[str, int]]:
    """One of these, and how many rows of each table it has."""
    return new_desk(like=first[0]), first[1]


def _counts(desk: Desk) -> dict[str, int]:
    return dict(desk.ask(COUNTS))


def _kept(counts: dict[str, int], planted: dict[str, int]) -> dict[str, int]:
    """How many are there now of what was planted. Migrations may note steps, and the first login leaves an entry."""
    there = {label: counts[label.replace(".", "_").lower()] for label in planted}
    more = ("work.Step", "audit.Entry")
    assert all(there[label] >= planted[label] for label in more)
    return there | {label: planted[label] for label in more}


def test_a_desk_of_the_first_version_is_brought_to_this_one(old: tuple[Desk, dict[str, int]]) -> None:
    desk, planted = old
    assert "Run `wanhui prepare` first" in desk.run("serve", code=2).err
    said = desk.run("prepare")
    counts = _counts(desk)
    assert _kept(counts, planted) == planted
    assert desk.ask(PAGES) == {}
    assert ("as it was before" in said.err) == (desk.url is None)


def test_sqlite_is_copied_before_an_upgrade_and_three_copies_stay(new_desk: NewDesk) -> None:
    desk = new_desk(sqlite=True)
    folder = desk.home / "before-upgrade"
    assert not folder.exists(), "a fresh database is nothing to copy"
    (desk.home / "before-upgrade").mkdir()
    (folder / "mine.sqlite3").write_text("not ours")
    named = []
    for _ in range(4):
        desk.ask(BACK)
        named.append(desk.run("prepare").err.strip().rpartition(" ")[2])
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        [os.path.basename(name) for name in named[1:]] + ["mine.sqlite3"]
    )
    with closing(sqlite3.connect(named[-1])) as copy:
        assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "work_step" in tables
    assert "work_heartbeat" not in tables, "the copy is of before the upgrade"
    assert desk.run("prepare").err == "", "with nothing to do, nothing is copied"


@pytest.mark.parametrize("command", [["prepare"], ["serve"], ["work"]])
def test_a_database_newer_than_the_program_is_refused_in_words(desk: Desk, command: list[str]) -> None:
    desk.ask(FUTURE)
    said = desk.run(*command, code=2)
    assert "newer version of Wanhui (it knows cases/0999_future)" in said.err


def test_a_newer_database_is_neither_backed_up_nor_moved(desk: Desk) -> None:
    desk.ask(FUTURE)
    assert "newer version" in desk.run("backup", str(desk.home / "b.zip"), code=1).err
    assert "newer version" in desk.run("move", "--to", f"sqlite:///{desk.home / 'x.sqlite3'}", code=1).err
    assert list(desk.home.glob("*.zip")) == []


def test_a_backup_of_the_first_version_is_restored_and_brought_up(
    old: tuple[Desk, dict[str, int]], new_desk: NewDesk
) -> None:
    desk, planted = old
    file = desk.home / "old.zip"
    desk.run("backup", str(file))
    copy = new_desk("copy", prepare=False)
    copy.run("restore", str(file))
    counts = _counts(copy)
    assert _kept(counts, planted) == planted
    points = json.loads(copy.run("check", "--format", "json", code=1).out)["points"]
    assert next(point for point in points if point["name"] == "database")["state"] == "ok"
    assert copy.ask(PAGES) == {}
