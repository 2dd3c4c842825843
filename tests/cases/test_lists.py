"""The list of all cases: its numbers are the dashboard's numbers, its days are the store's days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from wanhui.cases import lists
from wanhui.cases.lists import ListFilter
from wanhui.cases.models import Case
from wanhui.cases.rules import UNCOUNTED, WON_BACK, Outcome
from wanhui.kit import clock

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def put(people: Cast, **fields: object) -> Case:
    case = makers.case(people.clothes)
    Case.objects.filter(pk=case.pk).update(**fields)
    return case


def found(people: Cast, **wanted: object) -> set[int]:
    return {case.pk for case in lists.listed(people.mei, NOON, ListFilter(**wanted))}  # type: ignore[arg-type]


def test_answered_within_a_day_later_not_at_all_and_still_waiting(people: Cast) -> None:
    long_ago, day = NOON - timedelta(days=3), timedelta(hours=24)
    in_time = put(people, seen_at=long_ago, first_reply_at=long_ago + day)
    late = put(people, seen_at=long_ago, first_reply_at=long_ago + day + timedelta(seconds=1))
    silent = put(people, seen_at=NOON - day, first_reply_at=None)
    waiting = put(people, seen_at=NOON - day + timedelta(seconds=1), first_reply_at=None)
    put(people, seen_at=long_ago, reply_due_at=None)
    assert found(people, answered="in_time") == {in_time.pk}
    assert found(people, answered="late") == {late.pk}
    assert found(people, answered="none") == {silent.pk}
    assert found(people, answered="waiting") == {waiting.pk}
    assert found(people, answered="decided") == {in_time.pk, late.pk, silent.pk}


def test_won_counted_and_not_counted_are_the_rules_own_words(people: Cast) -> None:
    cases = {o: put(people, outcome=o.value, closed_at=NOON, stage="closed") for o in Outcome}
    still_open = put(people, outcome="")
    assert found(people, outcome="won") == {cases[o].pk for o in WON_BACK}
    assert found(people, outcome="uncounted") == {cases[o].pk for o in UNCOUNTED}
    assert found(people, outcome="counted") == {cases[o].pk for o in set(Outcome) - UNCOUNTED}
    assert found(people, outcome="not_won") == {cases[Outcome.NOT_WON].pk}
    assert found(people, state="open") == {still_open.pk}
    assert len(found(people, state="closed")) == len(Outcome)


def test_days_are_whole_days_of_the_stores_own_clock(people: Cast) -> None:
    # Shanghai is eight hours ahead: its 20 November begins at 16:00 of the 19th in UTC.
    last = put(people, seen_at=datetime(2026, 11, 19, 15, 59, tzinfo=UTC))
    first = put(people, seen_at=datetime(2026, 11, 19, 16, 0, tzinfo=UTC))
    end = put(people, seen_at=datetime(2026, 11, 20, 15, 59, tzinfo=UTC))
    after = put(people, seen_at=datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    day = date(2026, 11, 20)
    assert found(people, seen_from=day, seen_to=day) == {first.pk, end.pk}
    assert found(people, seen_to=date(2026, 11, 19)) == {last.pk}
    assert found(people, seen_from=date(2026, 11, 21)) == {after.pk}


def test_stores_in_two_time_zones_have_two_days(people: Cast) -> None:
    people.otto.memberships.create(user=people.mei, role="owner")
    here, there = put(people), makers.case(people.otto, "kaputt")
    moment = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)  # the 20th in Shanghai, still the 19th in Berlin
    Case.objects.filter(pk__in=[here.pk, there.pk]).update(seen_at=moment)
    assert found(people, seen_from=date(2026, 11, 20)) == {here.pk}
    assert found(people, seen_to=date(2026, 11, 19)) == {there.pk}


def test_store_cause_and_person_narrow(people: Cast) -> None:
    mine = put(people, assignee=people.mei, primary="damage")
    hotel = makers.case(people.hotel, "太吵", causes=("noise",))
    assert found(people, assignee=people.mei.pk) == {mine.pk}
    assert found(people, cause="damage") == {mine.pk}
    assert found(people, store=people.hotel.pk) == {hotel.pk}
    assert found(people, platform="ctrip") == {hotel.pk}


def test_a_strangers_store_narrows_to_nothing(people: Cast) -> None:
    makers.case(people.otto, "kaputt")
    assert found(people, store=people.otto.pk) == set()
    assert lists.count(people.mei, NOON, ListFilter(store=people.otto.pk)) == 0


@pytest.mark.parametrize("state", ["", "closed"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(st.integers(0, 4), min_size=1, max_size=9), size=st.integers(1, 4))
def test_pages_by_key_show_every_case_once_even_at_equal_moments(
    people: Cast, state: str, hours: list[int], size: int
) -> None:
    Case.objects.all().update(closed_at=None, outcome="", seen_at=NOON - timedelta(days=900))
    made = list(Case.objects.order_by("pk")[: len(hours)])
    made += [makers.case(people.clothes) for _more in hours[len(made):]]
    for case, hour in zip(made, hours, strict=True):
        moment = NOON - timedelta(hours=hour)
        Case.objects.filter(pk=case.pk).update(seen_at=moment, closed_at=moment if state else None)
    wanted = ListFilter(state=state)
    whole = [case.pk for case in lists.listed(people.mei, NOON, wanted)]
    paged: list[int] = []
    key = None
    while rows := lists.listed(people.mei, NOON, wanted, before=key, limit=size):
        paged += [case.pk for case in rows]
        key = lists.key_of(rows[-1], wanted)
    assert paged == whole
    assert len(whole) == lists.count(people.mei, NOON, wanted)


def test_counting_ends_where_nobody_would_read_on(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED_TO", 2)
    for _n in range(5):
        makers.case(people.clothes)
    assert lists.count(people.mei, clock.now(), ListFilter()) == 3
