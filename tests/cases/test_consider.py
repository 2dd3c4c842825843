"""Which reviews open a case, and what a case learns later."""

from datetime import timedelta

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.cases import actions, queries
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.reviews.models import Edit
from wanhui.triage import actions as triage


def test_a_fresh_bad_review_opens_one_case_however_often_it_is_considered(people: Cast) -> None:
    review = makers.review(people.clothes)
    makers.verdict(review, "quality")
    assert len(actions.consider([review.pk], actor=None)) == 1
    assert actions.consider([review.pk], actor=None) == []
    case = Case.objects.get()
    assert case.primary == "quality"
    assert case.published_at == review.said_at
    assert case.seen_at == review.seen_at
    assert Entry.objects.filter(verb="cases.open", ref=str(case.pk)).count() == 1


def test_a_good_review_and_an_old_bad_one_open_none(people: Cast) -> None:
    good = makers.review(people.clothes, "很暖和", stars=5)
    makers.verdict(good)
    old = makers.review(people.clothes, said_on=makers.today() - timedelta(days=40))
    makers.verdict(old, "quality")
    assert actions.consider([good.pk, old.pk], actor=None) == []


def test_a_drill_store_opens_no_case_by_itself(people: Cast) -> None:
    people.clothes.kind = "drill"
    people.clothes.save()
    review = makers.review(people.clothes)
    makers.verdict(review, "quality")
    assert actions.consider([review.pk], actor=None) == []


def test_a_bad_follow_up_to_a_good_review_opens_a_case_with_the_follow_ups_clock(people: Cast) -> None:
    review = makers.review(people.clothes, "很好", stars=5)
    makers.verdict(review)
    later = makers.follow_up(review, "穿了三天就开线了，找客服没人理")
    makers.verdict(review, "quality", "service", later=later)
    actions.consider([review.pk], actor=None)
    case = Case.objects.get()
    assert (case.primary, case.seen_at, case.published_on) == ("quality", later.seen_at, later.said_on)


def test_an_otto_case_has_no_reply_clock_and_a_taobao_case_has_one_day(people: Cast) -> None:
    otto = makers.case(people.otto, "Paket kam zerdrückt an")
    taobao = makers.case(people.clothes)
    assert otto.reply_due_at is None
    assert taobao.reply_due_at == taobao.seen_at + timedelta(hours=24)


def test_the_case_is_told_once_that_its_customer_changed_the_review(people: Cast) -> None:
    case = makers.case(people.clothes)
    review = queries.reviews_of(case)[0]
    Edit.objects.create(review=review, noticed_at=clock.now(), old_text=review.text, old_stars=1)
    for _ in range(2):
        actions.consider([review.pk], actor=None)
    assert [line.what for line in queries.log_of(case)].count("customer_changed") == 1


def test_a_corrected_verdict_changes_the_cases_cause_and_reasons(people: Cast) -> None:
    case = makers.case(people.clothes)
    review = queries.reviews_of(case)[0]
    triage.correct(
        review.verdicts.get(current=True), actor=people.li, sentiment="negative", causes=["hygiene"], flags=["safety"]
    )
    actions.consider([review.pk], actor=None)
    case.refresh_from_db()
    assert (case.primary, case.severity) == ("hygiene", 1)
    assert "safety" in case.reasons


def test_a_bad_follow_up_after_closing_opens_the_case_again_once(people: Cast) -> None:
    case = makers.case(people.clothes)
    review = queries.reviews_of(case)[0]
    actions.close(case, "satisfied", "换货后顾客满意", actor=people.li)
    actions.consider([review.pk], actor=None)
    case.refresh_from_db()
    assert case.closed_at is not None
    later = makers.follow_up(review, "换来的这条也开线了")
    makers.verdict(review, "quality", later=later)
    for _ in range(2):
        actions.consider([review.pk], actor=None)
    case.refresh_from_db()
    assert (case.closed_at, case.outcome, case.stage) == (None, "", "following")
    told = [line.what for line in queries.log_of(case)]
    assert (told.count("reopened"), told.count("follow_up")) == (1, 1)
    assert next(line.text for line in queries.log_of(case) if line.what == "reopened") == "换货后顾客满意"
    assert Entry.objects.filter(verb="cases.reopen", actor=None).count() == 1
