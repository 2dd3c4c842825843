"""A real desk in real processes and a real browser in front of it, for tests that look at pages as people do."""

import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, Route

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
OFFICE = (1366, 768)
PHONE = (390, 844)
NARROW = (360, 780)
READY_WITHIN = 60.0


def browser_path() -> str | None:
    """Where a browser is on this machine; None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


class Desk:
    """An installation of its own: a data folder, a database, and `wanhui serve` with its worker."""

    def __init__(self, home: Path, database_url: str | None) -> None:
        self.home = home
        self.url = ""
        self.log: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        strange = ("WANHUI_", "DJANGO_", "PYTEST_")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        self.environment |= {"WANHUI_HOME": str(home), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        if database_url:
            self.environment["WANHUI_DATABASE_URL"] = database_url

    def run(self, *words: str, within: float = 240) -> str:
        """Run `wanhui …` to its end; what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "wanhui.cli", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=within, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def python(self, code: str, **values: str) -> str:
        """Run a few lines inside the installation, for what only a colleague in another room could do."""
        lines = "import django\ndjango.setup()\n" + code
        done = subprocess.run(
            [sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "wanhui.config.settings"} | values,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.strip()

    def login(self) -> tuple[str, str]:
        """Name and password of the first person, as `wanhui prepare` left them for the shopkeeper."""
        name, password = (self.home / "first-login.txt").read_text(encoding="utf-8").split()
        return name, password

    def start(self) -> None:
        """Serve until `stop`; comes back when the first page answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wanhui.cli", "serve", "--port", str(port)],
            cwd=ROOT, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process, said), daemon=True).start()
        until = time.monotonic() + READY_WITHIN
        while not self.url:
            try:
                line = said.get(timeout=max(0.1, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError("the desk did not come up:\n" + "".join(self.log)) from None
            if line.startswith("http://"):
                self.url = line.split()[0]

    def _listen(self, process: "subprocess.Popen[str]", said: "queue.Queue[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.log.append(line)
                said.put(line)

    def stop(self) -> None:
        """Stop what was started, gently first."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(25)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(5)


@contextmanager
def running_desk(
    home: Path, *, demo: bool = False, before: Callable[[Desk], None] | None = None
) -> Iterator[Desk]:
    """A desk as the first start leaves it (with the demo world where asked), on the database the suite runs on.

    before: what is done on it before it serves, so that no worker is still at it when the first page opens.
    """
    with _database() as url:
        desk = Desk(home, url)
        desk.run("prepare")
        if demo:
            desk.run("demo", "--if-empty")
        if before is not None:
            before(desk)
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()
            print("".join(desk.log))  # shown by pytest where the test fails


@contextmanager
def _database() -> Iterator[str | None]:
    """The address of a fresh database on the server that the suite uses; None for the installation's own SQLite."""
    server = os.environ.get("WANHUI_TEST_DATABASE_URL")
    if not server:
        yield None
        return
    name = f"wanhui_browser_{secrets.token_hex(6)}"
    _on(server, f"CREATE DATABASE {name}")
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        _on(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


class Visitors:
    """People at their own browsers. Whatever their pages complain about is remembered in `trouble`."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.trouble: list[str] = []
        self.expected: list[str] = []
        self.went: list[str] = []

    def come(self, desk: Desk, *, size: tuple[int, int] = OFFICE, script: bool = True, **more: Any) -> Page:
        """A person with a fresh browser in Chinese; `script` False is a browser without JavaScript."""
        context = self._browser.new_context(
            base_url=desk.url, viewport={"width": size[0], "height": size[1]}, java_script_enabled=script,
            locale=more.pop("locale", "zh-CN"), timezone_id="Asia/Shanghai", reduced_motion="reduce", **more,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        elsewhere = re.compile(f"^https?://(?!{re.escape(desk.url.removeprefix('http://'))}/)")
        context.route(elsewhere, self._elsewhere)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.trouble.append(f"script error: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        return context.new_page()

    def _elsewhere(self, route: Route) -> None:
        """The world outside is a blank page here; `went` remembers where people would have gone."""
        self.went.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<!doctype html><title>elsewhere</title>")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        # A request that the page itself gave up, for a newer one or because it was left, is no failure.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status}: {response.request.method} {response.url}")

    def _note(self, trouble: str) -> None:
        if not any(words in trouble for words in self.expected):
            self.trouble.append(trouble)

    def leave(self) -> None:
        """Close every browser window."""
        for context in self._contexts:
            context.close()


def sign_in(desk: Desk, page: Page, language: str = "zh-hans") -> Page:
    """The first person, in this language."""
    name, password = desk.login()
    page.goto("/login/")
    page.click(f"button[name=language][value='{language}']")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("form.panel button[type=submit]")
    page.wait_for_selector("main.page")
    page.wait_for_load_state("load")
    return page
