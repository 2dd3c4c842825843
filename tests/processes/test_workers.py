"""Real workers, as `wanhui work` starts them: nothing twice, nothing lost, and a clean end."""

import signal
import subprocess
import time

import pytest

from tests.processes.conftest import Installation

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("processes")]

MANY = 200


def _stop(worker: "subprocess.Popen[str]") -> str:
    worker.send_signal(signal.SIGTERM)
    said, _ = worker.communicate(timeout=40)
    assert worker.returncode == 0, said
    return said


def _done(many: int) -> "dict[str, int]":
    return {"done": many}


def test_two_workers_never_do_one_step_twice(installation: Installation) -> None:
    installation.drive("plant", "test.count", str(MANY))
    workers = [installation.start("work"), installation.start("work")]
    state = installation.wait_until(lambda state: state["steps"] == _done(MANY))
    said = "".join(_stop(worker) for worker in workers)
    assert state["effects"] == {f"test.count {number}": 1 for number in range(MANY)}
    assert len(state["processes"]) == 2, "one worker did it all: the test proves nothing"
    assert "Traceback" not in said


def test_a_starting_worker_picks_up_steps_of_which_nobody_was_told(installation: Installation) -> None:
    installation.drive("plant", "test.first", "3", "quiet")
    worker = installation.start("work")
    state = installation.wait_until(lambda state: state["steps"] == _done(6))
    assert set(state["effects"].values()) == {1}
    _stop(worker)


def test_the_step_of_a_killed_worker_is_done_by_the_next_after_the_lease(installation: Installation) -> None:
    lease = {"WANHUI_STEP_LEASE_SECONDS": "1"}
    installation.drive("plant", "test.stuck", "1")
    doomed = installation.start("work", **lease)
    installation.wait_until(lambda state: state["steps"] == {"claimed": 1})
    doomed.kill()
    doomed.wait()
    assert installation.state()["effects"] == {}
    time.sleep(1.1)
    worker = installation.start("work", **lease)
    state = installation.wait_until(lambda state: state["steps"] == _done(1))
    assert state["effects"] == {"test.stuck 0": 1}
    _stop(worker)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_worker_finishes_the_step_it_is_at(installation: Installation, number: signal.Signals) -> None:
    installation.drive("plant", "test.slow", "1")
    worker = installation.start("work")
    installation.wait_until(lambda state: state["steps"] == {"claimed": 1})
    worker.send_signal(number)
    time.sleep(0.5)
    assert worker.poll() is None, "it left its step behind"
    (installation.home / "go").touch()
    said, _ = worker.communicate(timeout=40)
    assert worker.returncode == 0, said
    state = installation.state()
    assert (state["steps"], state["effects"]) == (_done(1), {"test.slow 0": 1})


def test_several_worker_processes_are_started_and_stopped_by_one_command(installation: Installation) -> None:
    installation.drive("plant", "test.count", str(MANY))
    crew = installation.start("work", "--workers", "3")
    state = installation.wait_until(lambda state: state["steps"] == _done(MANY))
    assert set(state["effects"].values()) == {1}
    on_postgresql = "WANHUI_DATABASE_URL" in installation.environment
    assert (len(state["processes"]) > 1) == on_postgresql
    _stop(crew)
