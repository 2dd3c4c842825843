"""Claiming, holding and finishing a step: one worker at a time."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from wanhui.kit import clock
from wanhui.work import actions as work
from wanhui.work.models import Step
from wanhui.work.rules import MAX_ATTEMPTS, MAX_DEATHS

pytestmark = pytest.mark.django_db


class Time:
    """A clock that a test can move."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.now()
        monkeypatch.setattr("wanhui.kit.clock.now", lambda: self.now)

    def passes(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Time:
    settings.WANHUI_STEP_LEASE_SECONDS = 120
    return Time(monkeypatch)


@pytest.fixture
def step(time: Time) -> Step:
    work.note("review.received", "7", ids=[7])
    return Step.objects.get()


def test_a_claimed_step_is_refused_to_the_next_worker(step: Step) -> None:
    assert work.claim(step.pk) is not None
    assert work.claim(step.pk) is None


def test_a_claim_counts_the_attempt_and_sets_the_lease(step: Step, time: Time) -> None:
    held = work.claim(step.pk)
    assert held is not None
    assert (held.state, held.attempts, held.ids) == (Step.State.CLAIMED, 1, [7])
    assert held.lease_until == time.now + timedelta(seconds=120)


def test_a_step_that_does_not_exist_is_nobodys() -> None:
    assert work.claim(404) is None


def test_a_step_for_later_cannot_be_claimed_before(time: Time) -> None:
    work.note("case.reminder", "1", due_at=time.now + timedelta(minutes=5))
    later = Step.objects.get()
    assert work.claim(later.pk) is None
    time.passes(301)
    assert work.claim(later.pk) is not None


def test_the_step_of_a_dead_worker_is_free_when_its_lease_is_over(step: Step, time: Time) -> None:
    work.claim(step.pk)
    time.passes(119)
    assert work.due_steps() == []
    time.passes(2)
    assert work.due_steps() == [step.pk]
    second = work.claim(step.pk)
    assert second is not None
    assert second.attempts == 2


def test_a_worker_that_lost_its_lease_can_neither_finish_nor_renew_nor_fail(step: Step, time: Time) -> None:
    slow = work.claim(step.pk)
    time.passes(121)
    quick = work.claim(step.pk)
    assert slow is not None
    assert quick is not None
    assert work.finish(slow) is False
    assert work.renew(slow) is False
    work.fail(slow, "too late")
    step.refresh_from_db()
    assert (step.state, step.claim, step.error) == (Step.State.CLAIMED, quick.claim, "")
    assert work.finish(quick) is True


def test_a_renewed_lease_keeps_others_away(step: Step, time: Time) -> None:
    held = work.claim(step.pk)
    assert held is not None
    time.passes(100)
    assert work.renew(held) is True
    time.passes(100)
    assert work.claim(step.pk) is None


def test_a_finished_step_is_never_due_again(step: Step, time: Time) -> None:
    held = work.claim(step.pk)
    assert held is not None
    assert work.finish(held) is True
    time.passes(10_000)
    assert work.claim(step.pk) is None
    assert work.due_steps() == []
    step.refresh_from_db()
    assert (step.state, step.lease_until) == (Step.State.DONE, None)
    assert work.finish(held) is False


def test_a_failed_attempt_waits_before_the_next(step: Step, time: Time) -> None:
    held = work.claim(step.pk)
    assert held is not None
    work.fail(held, "the network was down")
    step.refresh_from_db()
    assert (step.state, step.error) == (Step.State.WAITING, "the network was down")
    assert step.due_at == time.now + timedelta(seconds=10)
    assert work.claim(step.pk) is None
    time.passes(11)
    assert work.claim(step.pk) is not None


def test_after_the_last_attempt_a_person_has_to_look(step: Step, time: Time) -> None:
    for _ in range(MAX_ATTEMPTS):
        time.passes(3601)
        held = work.claim(step.pk)
        assert held is not None
        work.fail(held, "no luck")
    step.refresh_from_db()
    assert (step.state, step.attempts, step.error) == (Step.State.FAILED, MAX_ATTEMPTS, "no luck")
    time.passes(1_000_000)
    assert work.due_steps() == []
    assert work.claim(step.pk) is None


def test_a_step_that_kills_its_worker_every_time_ends_before_a_person_too(step: Step, time: Time) -> None:
    for _ in range(MAX_DEATHS):
        assert work.claim(step.pk) is not None
        time.passes(121)
    assert work.claim(step.pk) is None
    step.refresh_from_db()
    assert (step.state, step.error) == (Step.State.FAILED, "the worker died in every attempt")
    assert work.due_steps() == []


def test_success_after_a_failure_forgets_the_error(step: Step, time: Time) -> None:
    held = work.claim(step.pk)
    assert held is not None
    work.fail(held, "once")
    time.passes(11)
    again = work.claim(step.pk)
    assert again is not None
    assert work.finish(again) is True
    step.refresh_from_db()
    assert step.error == ""


def test_due_steps_come_oldest_first_and_not_too_many(time: Time) -> None:
    for number in range(5):
        time.passes(1)
        work.note("review.received", str(number))
    assert work.due_steps(limit=3) == list(Step.objects.order_by("noted_at").values_list("pk", flat=True)[:3])
