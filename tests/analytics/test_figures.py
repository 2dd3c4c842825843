"""The figures, against numbers counted by hand."""

from datetime import timedelta

from tests import makers
from tests.cast import Cast
from wanhui.analytics.queries import figures
from wanhui.cases import actions
from wanhui.cases.models import Case
from wanhui.kit import clock


def test_no_reviews_give_no_share_instead_of_zero_per_cent(people: Cast) -> None:
    found = figures(people.mei, clock.now())
    assert (found.bad_rate.share, found.answered_24h.share, found.won_back.share) == (None, None, None)


def test_the_bad_rate_is_bad_first_texts_of_those_judged_in_the_window(people: Cast) -> None:
    for stars in (1, 2, 3, 5, 5):
        makers.verdict(makers.review(people.clothes, f"{stars}星", stars=stars), *(["quality"] if stars < 4 else []))
    old = makers.review(people.clothes, "旧的", said_on=makers.today() - timedelta(days=60))
    makers.verdict(old, "quality")
    makers.count()
    found = figures(people.mei, clock.now())
    assert (found.bad_rate.numerator, found.bad_rate.denominator) == (2, 5)
    assert found.causes == (("quality", 2),)
    assert figures(people.mei, clock.now(), days=90).bad_rate.denominator == 6


def test_won_back_leaves_out_void_and_removed_cases(people: Cast) -> None:
    for outcome in ("satisfied", "changed_by_customer", "not_won", "void", "removed_by_platform"):
        actions.close(makers.case(people.clothes, outcome), outcome, "结论写在这里", actor=people.li)
    makers.case(people.clothes, "还没关")
    makers.count()
    found = figures(people.mei, clock.now())
    assert (found.won_back.numerator, found.won_back.denominator) == (2, 3)
    assert (found.open_cases, found.closed_cases) == (1, 5)


def test_answered_within_a_day_counts_only_cases_that_are_decided_and_have_a_reply_clock(people: Cast) -> None:
    now = clock.now()
    seen_and_replied = [(30, 2), (30, 25), (30, None), (2, None), (3, 1)]
    for n, (seen, replied) in enumerate(seen_and_replied):
        case = makers.case(people.clothes, f"第{n}条")
        seen_at = now - timedelta(hours=seen)
        reply = seen_at + timedelta(hours=replied) if replied else None
        Case.objects.filter(pk=case.pk).update(
            seen_at=seen_at, reply_due_at=seen_at + timedelta(hours=24), first_reply_at=reply
        )
    makers.count()
    found = figures(people.mei, now)
    assert (found.answered_24h.numerator, found.answered_24h.denominator) == (2, 4)
    assert found.late_cases == 1
    makers.case(people.otto, "kaputt")
    makers.count()
    assert figures(people.anna, now).answered_24h.denominator == 0


def test_each_person_gets_the_figures_of_their_own_real_stores(people: Cast) -> None:
    for store in (people.clothes, people.demo, people.otto):
        makers.case(store, "差")
    now = clock.now()
    assert figures(people.li, now).open_cases == 1
    assert figures(people.mei, now, kind="demo").open_cases == 1
    assert figures(people.eve, now).open_cases == 0
    assert figures(people.mei, now, store_id=people.otto.pk).open_cases == 0
