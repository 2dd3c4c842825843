"""start.py says in plain sentences what is missing; nothing is installed by these tests."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.processes


class Copy:
    """start.py in a folder of its own, run by a Python that can be made to lack something."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changes = folder / "changes"
        self.changes.mkdir()
        shutil.copy(ROOT / "start.py", folder)
        shutil.copy(ROOT / "pyproject.toml", folder)

    def but_python_is(self, code: str) -> None:
        """Code that Python runs before anything else."""
        (self.changes / "sitecustomize.py").write_text("import sys\n" + code, encoding="utf-8")

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"PYTHONPATH": str(self.changes), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, str(self.folder / "start.py"), *words],
            env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )

    def pretend_installed(self, program: str) -> None:
        """An environment whose Python is this shell script."""
        binary = self.folder / ".venv" / "bin"
        binary.mkdir(parents=True)
        (binary / "python").write_text("#!/bin/sh\n" + program, encoding="utf-8")
        (binary / "python").chmod(0o755)


@pytest.fixture
def start(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_an_old_python_is_named(start: Copy) -> None:
    start.but_python_is("sys.version_info = (3, 9, 2, 'final', 0)\n")
    done = start.run()
    assert done.returncode == 2
    assert "需要 Python 3.11 或更新的版本，现在是 3.9.2" in done.stderr
    assert "needs Python 3.11 or newer; this is 3.9.2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_the_package_to_install(start: Copy, module: str) -> None:
    start.but_python_is(f"sys.modules[{module!r}] = None\n")
    done = start.run()
    assert done.returncode == 2
    assert "python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_named_with_a_way_out_before_anything_is_installed(start: Copy, taken: int) -> None:
    done = start.run("--port", str(taken))
    assert done.returncode == 2
    assert f"端口 {taken} 已被别的程序占用" in done.stderr
    assert f"python start.py --port {taken + 10}" in done.stderr
    assert not (start.folder / ".venv").exists()


def test_a_folder_that_cannot_be_written_is_named(start: Copy) -> None:
    # Root may write anywhere: the disk refuses, not the permissions.
    start.but_python_is(
        "import tempfile\n"
        "def refuse(*args, **kwargs):\n"
        "    raise PermissionError(13, 'Permission denied')\n"
        "tempfile.TemporaryFile = refuse\n"
    )
    done = start.run("--only-environment")
    assert done.returncode == 2
    assert f"无法写入 {start.folder}" in done.stderr
    assert "Permission denied" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the pretended Python is a shell script")
def test_a_failed_installation_says_where_the_details_are(start: Copy) -> None:
    start.pretend_installed('case "$*" in *install*) echo "no network here"; exit 1;; esac\n')
    done = start.run("--only-environment")
    assert done.returncode == 2
    assert "安装没有完成" in done.stderr
    assert "no network here" in done.stderr
    assert "no network here" in (start.folder / ".venv" / "install.log").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="the pretended Python is a shell script")
def test_the_second_start_installs_nothing(start: Copy) -> None:
    start.pretend_installed(f'echo "$*" >> {start.folder}/calls\n')
    assert start.run("--only-environment").returncode == 0
    first = (start.folder / "calls").read_text(encoding="utf-8")
    assert "pip install" in first
    assert start.run("--only-environment").returncode == 0
    assert (start.folder / "calls").read_text(encoding="utf-8") == first


@pytest.mark.skipif(os.name != "posix", reason="the pretended Python is a shell script")
def test_a_changed_pyproject_or_more_extras_install_again(start: Copy) -> None:
    start.pretend_installed(f'echo "$*" >> {start.folder}/calls\n')

    def installs(*words: str) -> int:
        assert start.run("--only-environment", *words).returncode == 0
        return (start.folder / "calls").read_text(encoding="utf-8").count("pip install")

    assert installs() == 1
    assert installs("--extras", "dev") == 2
    assert installs() == 2
    with (start.folder / "pyproject.toml").open("a", encoding="utf-8") as handle:
        handle.write("\n# a new dependency\n")
    assert installs() == 3


@pytest.mark.skipif(os.name != "posix", reason="the pretended Python is a shell script")
def test_a_start_prepares_loads_the_demo_and_serves_in_this_order(start: Copy) -> None:
    start.pretend_installed(f'echo "$*" >> {start.folder}/calls\n')
    done = start.run("--port", "0")
    assert done.returncode == 0, done.stderr
    calls = (start.folder / "calls").read_text(encoding="utf-8").splitlines()
    assert [call for call in calls if "wanhui.cli" in call] == [
        "-m wanhui.cli prepare",
        "-m wanhui.cli demo --if-empty",
        "-m wanhui.cli serve --host 127.0.0.1 --port 0",
    ]


@pytest.mark.skipif(os.name != "posix", reason="the pretended Python is a shell script")
def test_a_command_that_fails_stops_the_start(start: Copy) -> None:
    start.pretend_installed('case "$*" in *prepare*) echo "the disk is full" >&2; exit 1;; esac\n')
    done = start.run("--port", "0")
    assert done.returncode == 2
    assert "the disk is full" in done.stderr
    assert "“wanhui prepare” did not succeed" in done.stderr
