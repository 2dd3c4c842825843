"""A stranger's first minute: start.py as they run it, only the download of packages is taken as done."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.conftest import Installation
from tests.processes.test_start import Copy

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.xdist_group("processes"),
    pytest.mark.skipif(os.name != "posix", reason="the environment's Python is stood for by a shell script"),
]


class Stranger:
    """Somebody with a terminal and a browser."""

    def __init__(self, start: Copy, environment: dict[str, str]) -> None:
        self.start = start
        self.environment = environment
        self.running: subprocess.Popen[str] | None = None
        self.port = _free_port()

    def runs_start(self) -> list[str]:
        """What is printed until the address."""
        self.running = subprocess.Popen(
            [sys.executable, str(self.start.folder / "start.py"), "--port", str(self.port)],
            env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert self.running.stdout is not None
        said = []
        for line in self.running.stdout:
            said.append(line.strip())
            if line.startswith("http://"):
                return said
        raise AssertionError("\n".join(said))

    def presses_ctrl_c(self) -> int:
        assert self.running is not None
        os.killpg(self.running.pid, signal.SIGINT)
        self.running.communicate(timeout=40)
        return self.running.returncode

    def signs_in(self, name: str, password: str) -> str:
        """The page after the login."""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(cookies)
        address = f"http://127.0.0.1:{self.port}"
        with browser.open(address, timeout=30) as answer:
            login, form = answer.url, answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token is not None
        words = {"csrfmiddlewaretoken": token[1], "username": name, "password": password}
        with browser.open(login, urllib.parse.urlencode(words).encode(), timeout=30) as answer:
            return str(answer.read().decode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def stranger(installation: Installation, tmp_path: Path) -> Iterator[Stranger]:
    folder = tmp_path / "project"
    folder.mkdir()
    start = Copy(folder)
    start.pretend_installed(f'case "$*" in "-m pip"*) exit 0;; esac\nexec "{sys.executable}" "$@"\n')
    environment = installation.environment | {"DJANGO_SETTINGS_MODULE": "wanhui.config.settings"}
    found = Stranger(start, environment)
    yield found
    if found.running is not None and found.running.poll() is None:
        os.killpg(found.running.pid, signal.SIGKILL)
        found.running.communicate(timeout=10)


def test_from_one_command_to_the_queue_and_again_tomorrow(stranger: Stranger) -> None:
    said = "\n".join(stranger.runs_start())
    login = re.search(r"登录 Login: (\S+)   密码 Password: (\S+)", said)
    assert login is not None, said
    assert f"http://127.0.0.1:{stranger.port}" in said
    page = stranger.signs_in(login[1], login[2])
    assert 'href="/cases/' in page, "the queue of the demo world has cases"
    assert stranger.presses_ctrl_c() == 0

    began = time.monotonic()
    again = "\n".join(stranger.runs_start())
    assert time.monotonic() - began < 20, "a second start takes seconds"
    assert login[2] not in again
    assert "密码在 Password in" in again
    assert 'href="/cases/' in stranger.signs_in(login[1], login[2])
    assert stranger.presses_ctrl_c() == 0
