"""Noting a step: once, in the transaction that makes it necessary."""

from datetime import timedelta

import pytest
from django.db import transaction

from wanhui.kit import clock
from wanhui.work import actions as work
from wanhui.work.models import Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of steps that a worker was told about."""
    told: list[int] = []
    monkeypatch.setattr("wanhui.work.queue.nudge", told.append)
    return told


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        work.note("review.received", "1")
    assert not Step.objects.exists()


def test_the_same_step_noted_again_changes_nothing() -> None:
    work.note("review.received", "1", ids=[1, 2])
    step = Step.objects.get()
    work.claim(step.pk)
    work.note("review.received", "1", ids=[3])
    again = Step.objects.get()
    assert (again.state, again.ids) == (Step.State.CLAIMED, [1, 2])


def test_another_ref_or_kind_is_another_step() -> None:
    work.note("review.received", "1")
    work.note("review.received", "2")
    work.note("verdict.given", "1")
    assert Step.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_told_after_the_commit_and_only_then(nudged: list[int]) -> None:
    with transaction.atomic():
        work.note("review.received", "1")
        assert nudged == []
    assert nudged == [Step.objects.get().pk]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_of_a_step_that_was_rolled_back(nudged: list[int]) -> None:
    with transaction.atomic():
        work.note("review.received", "1")
        transaction.set_rollback(True)
    assert nudged == []
    assert not Step.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_step_for_later_is_left_to_the_sweep(nudged: list[int]) -> None:
    with transaction.atomic():
        work.note("case.reminder", "1", due_at=clock.now() + timedelta(hours=1))
    assert nudged == []
    assert work.due_steps() == []
