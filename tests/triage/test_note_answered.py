"""The mark that the shop has answered: where the list of those without an answer is read."""

import pytest

from tests import makers
from tests.cast import Cast
from wanhui.triage import actions
from wanhui.triage.models import Verdict

pytestmark = pytest.mark.django_db


def _marked(review_id: int) -> bool:
    return Verdict.objects.get(review=review_id, current=True, follow_up=None).answered


def test_a_verdict_on_a_review_answered_on_the_platform_is_marked(people: Cast) -> None:
    silent = makers.review(people.clothes, "扣子松了一颗")
    answered = makers.review(people.clothes, "洗完掉色", platform_reply="您好，可以换货")
    actions.judge_reviews([silent.pk, answered.pk], actor=None)
    assert [_marked(silent.pk), _marked(answered.pk)] == [False, True]


def test_an_answer_noted_later_stays_through_a_correction(people: Cast) -> None:
    review = makers.review(people.clothes, "洗完掉色，白衬衫染花了")
    first = makers.verdict(review, "quality")
    actions.note_answered([review.pk])
    assert _marked(review.pk)
    actions.correct(first, actor=people.mei, sentiment="negative", causes=["mismatch"])
    assert _marked(review.pk)


def test_a_follow_up_is_never_marked(people: Cast) -> None:
    review = makers.review(people.clothes, "洗完掉色", platform_reply="您好，可以换货")
    later = makers.follow_up(review, "换来的也掉色")
    actions.judge_reviews([review.pk], actor=None)
    assert not Verdict.objects.get(follow_up=later).answered
