"""`wanhui serve` as a shopkeeper starts it."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.processes.conftest import Installation

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("processes")]


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_ready(server: "subprocess.Popen[str]") -> str:
    """The address that the server printed when its first page answered."""
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith("http://"):
            return line.split()[0]
    raise AssertionError(f"the server ended with {server.wait()}")


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_desk_answers_and_stops_cleanly(installation: Installation, port: int, number: signal.Signals) -> None:
    server = installation.start("serve", "--port", str(port))
    address = _until_ready(server)
    assert address == f"http://127.0.0.1:{port}"
    assert _status(address + "/") == 200, "the first page leads to the login"
    server.send_signal(number)
    said, _ = server.communicate(timeout=40)
    assert server.returncode == 0, said
    assert "Traceback" not in said


def test_steps_are_done_beside_the_pages(installation: Installation, port: int) -> None:
    _until_ready(installation.start("serve", "--port", str(port)))
    installation.drive("plant", "test.first", "2")
    installation.wait_until(lambda state: state["steps"] == {"done": 4})


def test_steps_are_left_to_others_without_a_worker(installation: Installation, port: int) -> None:
    installation.drive("plant", "test.first", "2")
    _until_ready(installation.start("serve", "--port", str(port), "--no-worker"))
    assert installation.state()["steps"] == {"waiting": 2}


def test_a_taken_port_is_named_with_a_way_out(installation: Installation, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        server = installation.start("serve", "--port", str(port))
        said, _ = server.communicate(timeout=40)
    assert server.returncode == 2
    assert said.strip() == f"Port {port} is taken by another program. Choose another one, such as --port {port + 10}."


def test_a_second_desk_on_the_same_port_is_refused(installation: Installation, port: int) -> None:
    address = _until_ready(installation.start("serve", "--port", str(port)))
    second = installation.start("serve", "--port", str(port))
    second.communicate(timeout=40)
    assert second.returncode == 2
    assert _status(address) == 200


def test_a_killed_server_leaves_nobody_on_its_port(installation: Installation, port: int) -> None:
    first = installation.start("serve", "--port", str(port))
    _until_ready(first)
    first.kill()
    first.wait()
    until = time.monotonic() + 20
    while True:
        second = installation.start("serve", "--port", str(port))
        try:
            assert _until_ready(second) == f"http://127.0.0.1:{port}"
            return
        except AssertionError:
            assert time.monotonic() < until, "the killed server's pages are still there"


def test_a_database_of_another_version_is_refused_with_what_to_do(installation: Installation, port: int) -> None:
    (installation.home / "desk.sqlite3").unlink(missing_ok=True)
    if "WANHUI_DATABASE_URL" in installation.environment:
        pytest.skip("the empty database of this test is SQLite's")
    server = installation.start("serve", "--port", str(port))
    said, _ = server.communicate(timeout=40)
    assert server.returncode == 2
    assert said.strip() == "The database is not ready for this version. Run `wanhui prepare` first."


def test_the_first_login_is_told_once_and_kept_for_its_owner_only(installation: Installation) -> None:
    first, _ = installation.start("prepare").communicate(timeout=60)
    file = installation.home / "first-login.txt"
    name, password = file.read_text(encoding="utf-8").split()
    assert name in first
    assert password in first
    assert file.stat().st_mode & 0o777 == 0o600
    second, _ = installation.start("prepare").communicate(timeout=60)
    assert password not in second
    assert str(file) in second
