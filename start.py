"""Starts Wanhui on a fresh machine: Linux, macOS or Windows, Python 3.11 or newer, nothing else.

    python start.py [--port 8010] [--host 127.0.0.1] [--no-demo]

It makes an environment beside this file, installs the project into it, brings the database up to date, loads the demo
world when there is no shop yet, and serves the desk. A second start finds all that done and takes seconds.
Standard library only, and old enough in its words that an old Python can still read it and say what is missing.
"""

import argparse
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

NEEDS = (3, 11)
HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
MARKER = ENVIRONMENT / "wanhui-installed"
WRONG_USE = 2


class Stop(Exception):  # noqa: N818
    """It cannot go on; the text says in Chinese and English what to do."""


def main(arguments: "list[str]") -> int:
    """Runs everything; the exit code is 0 when stopped by a person, 2 when something is missing."""
    wish = _wish(arguments)
    try:
        check_python()
        if not wish.only_environment:
            check_port(wish.host, wish.port)
        check_writable(HERE)
        make_environment(wish.extras)
        if wish.only_environment:
            return 0
        login = wanhui("prepare", keep=True)
        if not wish.no_demo:
            wanhui("demo", "--if-empty")
        print(login, end="", flush=True)
        return serve(wish.host, wish.port)
    except Stop as why:
        print("\n" + str(why), file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        say("已停止。", "Stopped.")
        return 0


def _wish(arguments: "list[str]") -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="挽回 Wanhui: 一条命令启动 / one command to start the desk")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 / address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="端口 / port (8000)")
    parser.add_argument("--no-demo", action="store_true", help="不载入演示店铺 / do not load the demo shops")
    parser.add_argument("--only-environment", action="store_true", help="只准备运行环境 / make .venv and stop")
    parser.add_argument("--extras", default="", help="可选组件 / optional parts, such as dev or postgres")
    return parser.parse_args(arguments)


def say(chinese: str, english: str) -> None:
    """One line for a person."""
    print(chinese + " " + english, flush=True)


def check_python() -> None:
    """Stop when this Python is too old or lacks the module that makes environments."""
    if sys.version_info[:2] < NEEDS:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise Stop(
            f"需要 Python 3.11 或更新的版本，现在是 {found}。请安装新版本后再运行。\n"
            f"Wanhui needs Python 3.11 or newer; this is {found}. Install a newer one and start again."
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as missing:
        raise Stop(
            "这个 Python 缺少 venv 模块。Debian 或 Ubuntu 上请运行：sudo apt install python3-venv\n"
            "This Python lacks its venv module. On Debian or Ubuntu run: sudo apt install python3-venv"
        ) from missing


def check_port(host: str, port: int) -> None:
    """Stop when another program listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            other = port + 10 if port < 65000 else 8010
            raise Stop(
                f"端口 {port} 已被别的程序占用（也许挽回已经在运行）。换一个端口：python start.py --port {other}\n"
                f"Port {port} is taken (perhaps Wanhui runs already). Choose another: python start.py --port {other}"
            ) from error


def check_writable(folder: Path) -> None:
    """Stop when nothing can be written beside this file."""
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as error:
        raise Stop(
            f"无法写入 {folder}（{error.strerror}）。请把项目放到自己的文件夹里再运行。\n"
            f"Nothing can be written in {folder} ({error.strerror}). Move the project to a folder of your own."
        ) from error


def make_environment(extras: str = "") -> None:
    """Make .venv and install the project into it, unless that was done for this very pyproject.toml."""
    if _installed(extras):
        return
    if not _works(python()):
        say("正在建立运行环境……", "Making the environment ...")
        _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    say("正在安装，第一次约需两分钟……", "Installing; about two minutes the first time ...")
    # Editable: after an update of the project's files there is nothing to install again.
    target = str(HERE) + ("[" + extras + "]" if extras else "")
    _run([str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-e", target])
    MARKER.write_text(_fingerprint() + "\n" + extras + "\n", encoding="utf-8")


def python() -> Path:
    """The environment's own Python."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _fingerprint() -> str:
    """Of what the environment was made for: the project's needs and this Python."""
    needs = (HERE / "pyproject.toml").read_bytes()
    return hashlib.sha256(needs + repr(sys.version_info[:2]).encode()).hexdigest()


def _installed(extras: str) -> bool:
    """Whether the environment was made for this pyproject.toml with at least these extras, and still starts."""
    try:
        fingerprint, had = MARKER.read_text(encoding="utf-8").split("\n")[:2]
    except (OSError, ValueError):
        return False
    enough = set(filter(None, extras.split(","))) <= set(had.split(","))
    return fingerprint == _fingerprint() and enough and python().exists()


def _works(program: Path) -> bool:
    """Whether a whole environment is there; one left half-made by a stop is made again."""
    if not program.exists():
        return False
    return subprocess.call([str(program), "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0


def _run(command: "list[str]") -> None:
    """Run one step of the installation; when it fails, say so and keep what it printed in a file."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    ENVIRONMENT.mkdir(exist_ok=True)
    log = ENVIRONMENT / "install.log"
    log.write_bytes(done.stdout)
    last = "\n".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-3:])
    raise Stop(
        f"安装没有完成。请检查网络和磁盘空间，然后再运行一次。详情见 {log}\n"
        f"The installation did not finish. Check the network and the disk, then start again. Details: {log}\n{last}"
    )


def wanhui(*arguments: str, keep: bool = False) -> str:
    """Run one command of the project; its own words say what went wrong. What it printed, if it is to be kept."""
    command = [str(python()), "-m", "wanhui.cli", *arguments]
    environment = dict(os.environ, PYTHONIOENCODING="utf-8:replace")
    done = subprocess.run(command, stdout=subprocess.PIPE if keep else None, env=environment, check=False)
    if done.returncode != 0:
        name = "wanhui " + " ".join(arguments)
        raise Stop(f"“{name}”没有成功，原因见上。\n“{name}” did not succeed; the reason stands above.")
    return (done.stdout or b"").decode("utf-8", "replace")


def serve(host: str, port: int) -> int:
    """Serve until Ctrl-C. On Linux and macOS this process becomes the server, so that every signal reaches it."""
    say("正在启动……", "Starting ...")
    command = [str(python()), "-m", "wanhui.cli", "serve", "--host", host, "--port", str(port)]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    server = subprocess.Popen(command)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue  # the server got the same Ctrl-C and is stopping


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
