"""From a received review to a case, step by step, by the table."""

import pytest
from django.db import transaction

from tests import makers
from tests.cast import Cast
from wanhui.cases.models import Case
from wanhui.pipeline.advance import advance, drain
from wanhui.pipeline.steps import STEPS
from wanhui.pipeline.sweep import sweep
from wanhui.work import actions as work
from wanhui.work.models import Step


def received(people: Cast) -> Step:
    review = makers.review(people.clothes, "毛衣起球，质量太差，客服态度恶劣", stars=1)
    with transaction.atomic():
        work.note("reviews.received", "test/1", ids=[review.pk])
    return Step.objects.get(kind="reviews.received")


def test_a_received_bad_review_becomes_a_case_in_two_steps(people: Cast) -> None:
    received(people)
    assert drain() == 2
    case = Case.objects.get()
    assert case.store == people.clothes
    assert set(Step.objects.values_list("state", flat=True)) == {"done"}
    assert drain() == 0


def test_a_step_runs_once_for_whoever_claims_it_first(people: Cast) -> None:
    step = received(people)
    assert advance(step.pk)
    assert not advance(step.pk)


def test_a_failing_step_keeps_its_reason_and_is_tried_again_later(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = received(people)

    def broken(_step: Step) -> None:
        raise ZeroDivisionError("the engine is missing")

    monkeypatch.setitem(STEPS, "reviews.received", broken)
    assert advance(step.pk)
    step.refresh_from_db()
    assert (step.state, step.attempts) == ("waiting", 1)
    assert "the engine is missing" in step.error
    assert sweep() == 0
    monkeypatch.undo()
    Step.objects.update(due_at=step.noted_at)
    assert drain() == 2
    assert Case.objects.count() == 1
