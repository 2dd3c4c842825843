"""A burst of changes asks for a job many times; the queue gets it once, and again for what came too late for it."""

import logging
from typing import Any

import pytest
from django.db import transaction

from wanhui.work import queue


class Job:
    """Stands for a job of the queue: when it was asked for, and when it comes."""

    def __init__(self) -> None:
        self.now = 100.0
        self.comes: list[float] = []

    def schedule(self, *, delay: float) -> None:
        self.comes.append(self.now + delay)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    made = Job()
    monkeypatch.setattr(queue, "monotonic", lambda: made.now)
    return made


def test_a_burst_puts_one_job_into_the_queue(job: Job) -> None:
    ask: Any = queue.Once(job, 4.0)  # type: ignore[arg-type]
    for _step in range(50):
        ask()
        job.now += 0.03
    assert job.comes == [104.0]


def test_whatever_changes_a_job_comes_after_it(job: Job) -> None:
    ask: Any = queue.Once(job, 4.0)  # type: ignore[arg-type]
    for _change in range(400):
        ask()
        assert any(job.now < comes <= job.now + 4 for comes in job.comes)
        job.now += 0.07
    assert len(job.comes) < 20


def test_two_jobs_do_not_stand_in_for_each_other(job: Job) -> None:
    other = Job()
    queue.Once(job, 4.0)()  # type: ignore[arg-type]
    queue.Once(other, 2.0)()  # type: ignore[arg-type]
    assert (job.comes, other.comes) == ([104.0], [102.0])


@pytest.mark.parametrize("ask", [queue.nudge_recount, queue.nudge_tell])
def test_figures_and_receivers_are_both_asked_for_in_this_way(ask: object) -> None:
    assert isinstance(ask, queue.Once)


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_undoes_no_change_and_is_asked_again(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    ask: Any = queue.Once(job, 4.0)  # type: ignore[arg-type]
    schedule, job.schedule = job.schedule, _away  # type: ignore[method-assign]
    with caplog.at_level(logging.ERROR), transaction.atomic():
        transaction.on_commit(ask, robust=True)
    assert "the queue is away" in caplog.text
    job.schedule = schedule  # type: ignore[method-assign]
    ask()
    assert job.comes == [104.0]


def _away(*, delay: float) -> None:
    raise ConnectionError("the queue is away")
