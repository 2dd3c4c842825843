"""SIGKILL at every point: before each statement, before each commit and after each commit.

`everywhere(scenario)` plants the scenario, runs a worker that kills itself at point k, lets a second worker finish, and
looks at what is there; k = 1, 2, … until the first worker gets through. Workers are forked from this process, which
holds no threads and no open connection: real processes, cheap enough to have hundreds.
"""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from tests.processes import scenarios
from tests.processes.kinds import drain
from wanhui.language import judge
from wanhui.work import queue
from wanhui.work.models import Step

MOST_POINTS = 600
_PATIENCE_SECONDS = 20.0


class Fuse:
    """Counts points and kills this process at the k-th."""

    def __init__(self, point: int) -> None:
        self.left = point

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around_statement(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.tick()
        return execute(*args)

    def light(self) -> None:
        """From here on every statement and commit of this process is a point."""
        commit = connection.commit

        def around_commit() -> None:
            self.tick()
            commit()
            self.tick()

        connection.commit = around_commit  # type: ignore[method-assign]
        connection.execute_wrappers.append(self.around_statement)


def everywhere(name: str) -> dict[str, Any]:
    """{"points": how many kills, "expected": the result without any kill, "wrong": {point: what differed}}."""
    scenario = scenarios.ALL[name]
    judge(["预热"])  # once, here: the workers are forked and find the model loaded
    queue.nudge = lambda step_id: None  # the nudge of a killed worker is lost; the Step rows must be enough
    scenario.plant()
    assert _worker(drain) == 0
    expected = scenario.look()
    wrong: dict[int, Any] = {}
    for point in range(1, MOST_POINTS):
        scenario.clear()
        scenario.plant()
        if not _killed_at(point):
            return {"points": point - 1, "expected": expected, "wrong": wrong}
        _worker(_finish_what_is_left)
        seen = scenario.look()
        if seen != expected:
            wrong[point] = _difference(expected, seen)
    raise RuntimeError(f"no end after {MOST_POINTS} points")


def _difference(expected: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    return {name: [value, seen[name]] for name, value in expected.items() if seen[name] != value}


def _killed_at(point: int) -> bool:
    def work() -> None:
        Fuse(point).light()
        drain()

    return _worker(work) == -signal.SIGKILL


def _worker(work: Callable[[], object]) -> int:
    """Run `work` in a process of its own; its exit code, negative for a signal."""
    connections.close_all()
    queue.huey.storage.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            connections.close_all()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _finish_what_is_left() -> None:
    """What a second worker does: whatever is due, and what the dead one held as soon as its lease is over."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while Step.objects.exclude(state__in=[Step.State.DONE, Step.State.FAILED]).exists():
        if time.monotonic() > until:
            raise RuntimeError("a step is never done")
        if not drain():
            time.sleep(0.02)
