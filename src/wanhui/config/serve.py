"""The desk's own processes: the web server, and the worker that does what is noted as steps.

`serve` runs both in one call: granian's main process keeps the pages' process alive, and beside it, in threads of the
same main process, a Huey consumer does the steps. On PostgreSQL a team runs `serve --no-worker` and `work` apart.
"""

import errno
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from huey.consumer import Consumer

from wanhui.config.family import one_worker
from wanhui.config.home import version
from wanhui.kit.batches import collect_seldom
from wanhui.work import actions as steps_of
from wanhui.work import queue
from wanhui.work.models import Heartbeat
from wanhui.work.rules import BEAT_EVERY

log = logging.getLogger(__name__)

TARGET = "wanhui.config.wsgi:application"
# A page waits for the database, not for the processor; more threads than this only queue at SQLite's one writer.
WEB_THREADS = 4
# A nudge is found this soon even when nothing happened for hours.
_LONGEST_POLL_SECONDS = 1.0
# What is not finished by then is finished by the next worker: the Step rows say what is left.
_STOP_WITHIN_SECONDS = 20
_READY_WITHIN_SECONDS = 60


class PortTakenError(Exception):
    """Something else listens there already. `str()` is a sentence for a person."""


class Steps(Consumer):  # type: ignore[misc]
    """Huey's consumer that leaves signals to the program around it and stops gently."""

    def __init__(self, workers: int = 1) -> None:
        super().__init__(
            queue.huey, workers=workers, max_delay=_LONGEST_POLL_SECONDS, shutdown_timeout=_STOP_WITHIN_SECONDS
        )

    def _set_signal_handlers(self) -> None:
        """Huey would take over SIGINT and SIGTERM here; both belong to the caller (granian, or `work`)."""

    def all_alive(self) -> bool:
        """Whether every thread that does steps, and the one that looks at the clock, still runs."""
        return bool(self.scheduler.is_alive()) and all(thread.is_alive() for _worker, thread in self.worker_threads)


def serve(host: str, port: int, *, worker: bool, ready: Callable[[str], None]) -> None:
    """Serve the desk until SIGINT or SIGTERM; `ready` is called once, with the address, when the first page answers.

    Raises PortTakenError when host and port cannot be had.
    """
    claim_port(host, port)
    # Threads are running when granian makes the pages' process: a fork would copy their locks, a spawn does not.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=_STOP_WITHIN_SECONDS,
        respawn_failed_workers=True,
    )
    announcing = threading.Thread(target=_announce, args=(host, port, ready), daemon=True, name="announce")
    announcing.start()
    with _beating(Heartbeat.Kind.PAGES, lambda: True):
        if not worker:
            server.serve()
            return
        with _steps_done_beside(1):
            server.serve()


def claim_port(host: str, port: int) -> None:
    """Raises PortTakenError when nobody could listen there. Granian itself would share the port in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # elsewhere the option means "take it away from whoever has it"
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTakenError(_why_not(host, port, error)) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another one, such as --port {port + 10}."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} needs more rights on this machine. Choose one above 1023, such as --port 8000."
    return f"Nothing can listen on {host}:{port} ({error.strerror or error}). Choose another --host or --port."


def work(workers: int) -> None:
    """Do steps until SIGINT or SIGTERM, in `workers` processes on PostgreSQL, in one process on SQLite.

    SQLite has a single writer: more processes would only wait for each other, so the number is not used there.
    """
    if workers > 1 and settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        _work_in_processes(workers)
        return
    stop = threading.Event()
    with _calling_on_stop(stop.set), _steps_done_beside(1):
        # Waiting in slices lets Windows deliver Ctrl-C to the main thread.
        while not stop.wait(1.0):
            pass


def _work_in_processes(workers: int) -> None:
    """One process a worker, each with its own database connection; one that dies is replaced."""
    spawn = multiprocessing.get_context("spawn")
    stop = threading.Event()
    crew: list[multiprocessing.process.BaseProcess] = []
    with _calling_on_stop(stop.set):
        while not stop.is_set():
            crew = [one for one in crew if one.is_alive()]
            while len(crew) < workers:
                fresh = spawn.Process(target=one_worker, name=f"wanhui-work-{len(crew) + 1}")
                fresh.start()
                crew.append(fresh)
            stop.wait(1.0)
    for worker in crew:
        worker.terminate()
    for worker in crew:
        worker.join(_STOP_WITHIN_SECONDS + 5)


@contextmanager
def _steps_done_beside(workers: int) -> Iterator[None]:
    """A consumer in threads beside the block; what a crash left behind is picked up first."""
    collect_seldom()
    connections.close_all()
    steps = Steps(workers)
    queue.sweep()
    steps.start()
    try:
        with _beating(Heartbeat.Kind.STEPS, steps.all_alive):
            yield
    finally:
        steps.stop(graceful=True)


@contextmanager
def _beating(kind: str, alive: Callable[[], bool]) -> Iterator[None]:
    """A heartbeat of this process in the database while the block runs and as long as `alive()` holds."""
    stop = threading.Event()
    host, pid, mine = socket.gethostname(), os.getpid(), version()

    def beat() -> None:
        try:
            while alive():
                try:
                    steps_of.beat(kind, host, pid, mine)
                except DatabaseError as error:
                    log.warning("no heartbeat could be written: %s", error)
                finally:
                    connection.close()
                if stop.wait(BEAT_EVERY.total_seconds()):
                    steps_of.still(kind, host, pid)
                    return
        except DatabaseError as error:
            log.warning("the last heartbeat could not be taken away: %s", error)
        finally:
            connection.close()

    heart = threading.Thread(target=beat, daemon=True, name=f"heart-{kind}")
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join(_STOP_WITHIN_SECONDS)


@contextmanager
def _calling_on_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Calls `stop` on SIGINT and SIGTERM inside the block, then puts the old handlers back."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, lambda *_: stop()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(host: str, port: int, ready: Callable[[str], None]) -> None:
    """Calls `ready` when the first page has answered; says nothing when the server never comes up."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < until:
        if _answers(reached, port):
            ready(address)
            return
        time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    door = http.client.HTTPConnection(host, port, timeout=_READY_WITHIN_SECONDS)
    try:
        door.request("GET", "/login/")
        door.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        door.close()
    return True


def quiet_logs() -> None:
    """Huey tells of every periodic task at INFO; a shopkeeper's terminal needs the warnings only."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
