"""An installation of its own for each test of real processes: a data folder and an empty database."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]


class Installation:
    """A data folder and the environment of its processes; stops what a test left running."""

    def __init__(self, home: Path, database_url: str | None) -> None:
        self.home = home
        self.running: list[subprocess.Popen[str]] = []
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("WANHUI_", "DJANGO_"))
        } | {"WANHUI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tests.processes.settings", "PYTHONUNBUFFERED": "1"}
        if database_url:
            self.environment["WANHUI_DATABASE_URL"] = database_url

    def drive(self, *words: str, within: float = 60, **variables: str) -> Any:
        """Run the driver; what it answers."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.processes.driver", *words],
            cwd=ROOT, env=self.environment | variables, capture_output=True, text=True, timeout=within, check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """Start `wanhui …` and leave it running."""
        process = subprocess.Popen(
            [sys.executable, "-m", "wanhui.cli", *words],
            cwd=ROOT, env=self.environment | variables, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self.running.append(process)
        return process

    def state(self) -> Any:
        return self.drive("state")

    def wait_until(self, fits: Callable[[Any], bool], within: float = 60) -> Any:
        """The state, as soon as it fits."""
        until = time.monotonic() + within
        while not fits(state := self.state()):
            assert time.monotonic() < until, state
            time.sleep(0.2)
        return state

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=10)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Prepared and empty, on the database that the suite runs on."""
    server = os.environ.get("WANHUI_TEST_DATABASE_URL")
    database = f"wanhui_processes_{secrets.token_hex(6)}"
    url = None
    if server:
        _on(server, f"CREATE DATABASE {database}")
        url = f"{server.rsplit('/', 1)[0]}/{database}"
    place = Installation(tmp_path / "home", url)
    try:
        place.drive("prepare")
        yield place
    finally:
        place.stop()
        if server:
            _on(server, f"DROP DATABASE {database} WITH (FORCE)")


def _on(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
