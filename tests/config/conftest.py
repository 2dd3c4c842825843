"""An installation as a person has it: a data folder, a database, the command line."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
_ASK = "import json, django; django.setup()\n{code}\nprint(json.dumps(answer, default=str))"


@dataclass(frozen=True)
class Said:
    """What a command said, on both channels, and how it ended."""

    code: int
    out: str
    err: str


class Desk:
    """One installation; every call is a process of its own."""

    def __init__(self, home: Path, url: str | None) -> None:
        self.home, self.url = home, url
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("WANHUI_", "DJANGO_"))}
        self.environment = plain | {
            "WANHUI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "wanhui.config.settings", "COLUMNS": "200",
            **({"WANHUI_DATABASE_URL": url} if url else {}),
        }  # fmt: skip

    def run(self, *words: str, code: int = 0, **variables: str) -> Said:
        """`wanhui …`, which must end with this code."""
        done = subprocess.run(
            [sys.executable, "-m", "wanhui.cli", *words], cwd=ROOT, env=self.environment | variables,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout[-2000:] + done.stderr[-3000:]
        assert "Traceback" not in done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str, **variables: str) -> "subprocess.Popen[str]":
        """`wanhui …`, left running."""
        return subprocess.Popen(
            [sys.executable, "-m", "wanhui.cli", *words], cwd=ROOT, env=self.environment | variables,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def ask(self, code: str, **variables: str) -> Any:
        """Run some lines inside the installation; what they leave in `answer`."""
        done = subprocess.run(
            [sys.executable, "-c", _ASK.format(code=code)], cwd=ROOT, env=self.environment | variables,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)


# Rows of every table, and a few figures that must fit each other at any one moment.
COUNTS = """
from wanhui.config.keeping import places, tables
with places.opened(places.own(), "look") as alias:
    answer = {t.name: tables.count(alias, t) for t in tables.tables(tables.applied(alias))}
"""

NewDesk = Callable[..., Desk]


class Databases:
    """Databases on the suite's PostgreSQL server, taken away at the end; without a server there are none."""

    def __init__(self) -> None:
        self.server = os.environ.get("WANHUI_TEST_DATABASE_URL")
        self._made: list[str] = []

    def make(self, like: str | None = None) -> str | None:
        """The address of a new one, empty or with all that the one at `like` holds."""
        if self.server is None:
            return None
        self._made.append(f"wanhui_config_{secrets.token_hex(6)}")
        template = f" TEMPLATE {like.rsplit('/', 1)[1]}" if like else ""
        _on(self.server, f"CREATE DATABASE {self._made[-1]}{template}")
        return f"{self.server.rsplit('/', 1)[0]}/{self._made[-1]}"

    def drop(self) -> None:
        for name in self._made:
            assert self.server is not None
            _on(self.server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def kept() -> Iterator[Databases]:
    """Those that stay for the whole run, to be copied from."""
    databases = Databases()
    yield databases
    databases.drop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, kept: Databases) -> Desk:
    """A prepared, empty desk, which nobody changes: `wanhui prepare` takes seconds, a copy of what it made does not."""
    desk = Desk(tmp_path_factory.mktemp("prepared") / "home", kept.make())
    desk.run("prepare")
    return desk


@pytest.fixture
def new_desk(tmp_path: Path, prepared: Desk) -> Iterator[NewDesk]:
    """Makes installations on the kind of database that the suite runs on; `sqlite=True` for one in a file."""
    databases = Databases()

    def make(name: str = "home", *, sqlite: bool = False, prepare: bool = True, like: Desk | None = None) -> Desk:
        source = like or (prepared if prepare else None)
        if sqlite and source is not None and source.url:
            desk = Desk(tmp_path / name, None)
            desk.run("prepare")
            return desk
        desk = Desk(tmp_path / name, None if sqlite else databases.make(source.url if source else None))
        if source is not None:
            shutil.copytree(source.home, desk.home)
        return desk

    yield make
    databases.drop()


@pytest.fixture
def desk(new_desk: NewDesk) -> Desk:
    """One, prepared and empty."""
    return new_desk()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite desk with the demo world and a real store in it, and `world.zip`, its backup; never changed."""
    desk = Desk(tmp_path_factory.mktemp("world") / "home", None)
    desk.run("prepare")
    desk.run("demo")
    desk.ask(open_store("安心布铺", "taobao"))
    desk.run("backup", str(desk.home / "world.zip"))
    (desk.home / "last-backup.json").unlink()
    return desk.home


@pytest.fixture(scope="session")
def stocked(world: Path, tmp_path_factory: pytest.TempPathFactory, kept: Databases) -> Desk:
    """The same on the suite's kind of database; never changed."""
    url = kept.make()
    if url is None:
        return Desk(world, None)
    desk = Desk(tmp_path_factory.mktemp("stocked") / "home", url)
    desk.run("restore", str(world / "world.zip"))
    return desk


@pytest.fixture
def shop(stocked: Desk, new_desk: NewDesk) -> Desk:
    """One with the demo world and a real store in it."""
    return new_desk(like=stocked)


def open_store(name: str, platform: str) -> str:
    """Lines for `ask`: 梅 opens a store; its number."""
    return (
        "from wanhui.accounts.models import User\nfrom wanhui.stores.actions import open_store\n"
        f"answer = open_store({name!r}, {platform!r}, actor=User.objects.get(username='mei')).pk"
    )


def _on(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
