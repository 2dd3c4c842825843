"""The pipeline's judging: once a text, again after an edit, never over a person's word."""

from typing import Any

import pytest
from django.db import transaction

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.language import DEFAULT_ENGINE
from wanhui.triage import actions
from wanhui.triage.models import Verdict
from wanhui.work import actions as work
from wanhui.work.models import Step


def test_each_text_is_judged_once_and_the_next_step_is_noted(people: Cast) -> None:
    review = makers.review(people.clothes, "裤子起球，洗一次就掉色，质量太差了", stars=1)
    later = makers.follow_up(review, "客服也不理人，再也不买了")
    assert actions.judge_reviews([review.pk], actor=None) == 2
    assert actions.judge_reviews([review.pk], actor=None) == 0
    first = Verdict.objects.get(review=review, follow_up=None)
    assert (first.engine, first.current, first.bad, first.sentiment) == (DEFAULT_ENGINE, True, True, "negative")
    assert first.primary == "quality"
    assert Verdict.objects.filter(follow_up=later).count() == 1
    assert Step.objects.filter(kind="verdicts.given").count() == 1
    assert Entry.objects.get(verb="triage.judge").counts == {"verdicts": 2}


def test_a_text_that_its_customer_changed_is_judged_again_and_the_old_verdict_stays(people: Cast) -> None:
    review = makers.review(people.clothes, "垃圾，再也不买", stars=1)
    actions.judge_reviews([review.pk], actor=None)
    review.text, review.stars, review.text_digest = "换货很快，面料舒服，很满意", 5, "changed"
    review.save()
    actions.judge_reviews([review.pk], actor=None)
    assert [(v.bad, v.current) for v in Verdict.objects.order_by("pk")] == [(True, False), (False, True)]


def test_a_persons_word_about_the_present_text_is_not_judged_over(people: Cast) -> None:
    review = makers.review(people.clothes, "质量太差", stars=1)
    actions.judge_reviews([review.pk], actor=None)
    actions.correct(Verdict.objects.get(), actor=people.li, sentiment="negative", causes=["price"])
    assert actions.judge_reviews([review.pk], actor=None) == 0
    assert Verdict.objects.get(current=True).engine == "person"


def test_a_placeholder_with_one_star_is_bad_without_a_sentiment(people: Cast) -> None:
    review = makers.review(people.clothes, "", stars=1)
    actions.judge_reviews([review.pk], actor=None)
    verdict = Verdict.objects.get()
    assert (verdict.no_text, verdict.sentiment, verdict.bad, verdict.causes) == (True, "", True, [])


def test_the_follow_up_of_a_happy_customer_is_read_as_such_and_a_real_complaint_still_found(people: Cast) -> None:
    review = makers.review(people.clothes, "毛衣很软，颜色也正", stars=5)
    happy = makers.follow_up(review, "洗了三次来追评，还是那么软", 1)
    cross = [
        makers.follow_up(review, words, place)
        for place, words in enumerate(["用了一周就坏了，找客服也不理", "穿了一周，袖口开线了", "开线了"], start=2)
    ]
    actions.judge_reviews([review.pk], actor=None)
    bad = dict(Verdict.objects.exclude(follow_up=None).values_list("follow_up", "bad"))
    assert bad == {happy.pk: False} | {later.pk: True for later in cross}


def while_the_engine_reads(monkeypatch: pytest.MonkeyPatch, deed: Any) -> None:
    """Let something happen between looking for open texts and storing their verdicts."""
    read = actions._judged

    def slow(texts: Any) -> Any:
        found = read(texts)
        monkeypatch.undo()
        deed()
        return found

    monkeypatch.setattr(actions, "_judged", slow)


def test_a_persons_word_given_while_the_engine_reads_stays(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review = makers.review(people.clothes, "质量太差", stars=1)

    def speak() -> None:
        actions.judge_reviews([review.pk], actor=None)
        actions.correct(Verdict.objects.get(), actor=people.li, sentiment="negative", causes=["price"])

    while_the_engine_reads(monkeypatch, speak)
    assert actions.judge_reviews([review.pk], actor=None) == 0
    assert Verdict.objects.get(current=True).engine == "person"
    assert Verdict.objects.count() == 2


def test_a_worker_that_lost_its_step_stores_nothing(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review = makers.review(people.clothes, "质量太差", stars=1)
    with transaction.atomic():
        work.note("reviews.received", "made/1", ids=[review.pk])
    step = work.claim(Step.objects.get().pk)
    assert step is not None
    while_the_engine_reads(monkeypatch, lambda: Step.objects.update(claim="another worker"))
    assert actions.judge_reviews([review.pk], actor=None, step=step) == 0
    assert Verdict.objects.count() == 0
    assert not Step.objects.filter(kind="verdicts.given").exists()
