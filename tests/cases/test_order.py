"""The queue's order in SQL is the order of the rules, forwards and backwards, by key from any row."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from wanhui.cases import ordering, queries
from wanhui.cases.models import Case
from wanhui.cases.queries import QueueFilter
from wanhui.kit import clock

HOURS = st.integers(-8, 30)
SHAPES = st.lists(
    st.tuples(st.integers(1, 4), st.none() | HOURS, st.booleans(), st.integers(0, 3)), min_size=1, max_size=9
)


def shaped(people: Cast, shapes: list[Any], now: Any) -> list[Case]:
    """Open cases of these severities, due hours, answered or not, seen days ago."""
    made = list(Case.objects.order_by("pk")[: len(shapes)])
    made += [makers.case(people.clothes) for _more in shapes[len(made):]]
    Case.objects.exclude(pk__in=[case.pk for case in made]).update(closed_at=now)
    for case, (severity, due, answered, days) in zip(made, shapes, strict=True):
        case.severity, case.closed_at = severity, None
        case.reply_due_at = None if due is None else now + timedelta(hours=due)
        case.first_reply_at = now - timedelta(hours=1) if answered else None
        case.seen_at = now - timedelta(days=days)
        case.save()
    return made


@pytest.mark.parametrize("sort", ["", "newest", "oldest"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes=SHAPES)
def test_sql_and_rules_give_the_same_keys_in_the_same_order(people: Cast, sort: str, shapes: list[Any]) -> None:
    now = clock.now()
    made = shaped(people, shapes, now)
    expected = sorted((ordering.key(case, sort, now) for case in made), reverse=sort == "newest")
    assert ordering.page(queries.open_cases(people.li), sort, now, limit=50) == expected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes=SHAPES, sort=st.sampled_from(["", "newest", "oldest"]))
def test_the_neighbours_of_every_case_are_those_of_the_queue(people: Cast, shapes: list[Any], sort: str) -> None:
    now = clock.now()
    shaped(people, shapes, now)
    wanted = QueueFilter(sort=sort)
    ids = [None, *(row.case.pk for row in queries.queue(people.li, now, wanted)), None]
    for before, here, after in zip(ids, ids[1:-1], ids[2:], strict=False):
        case = Case.objects.get(pk=here)
        assert queries.neighbours(people.li, now, case, wanted) == (before, after)


def test_a_closed_case_leads_on_to_the_first_of_the_queue(people: Cast) -> None:
    now = clock.now()
    first, closed = shaped(people, [(1, 3, False, 0), (2, 3, False, 0)], now)
    closed.closed_at = now
    closed.save()
    assert queries.neighbours(people.li, now, closed) == (None, first.pk)


def test_several_filters_are_counted_in_one_query(people: Cast, django_assert_num_queries: Any) -> None:
    shaped(people, [(1, 3, False, 0), (2, 3, False, 0)], clock.now())
    Case.objects.filter(severity=1).update(assignee=people.li)
    filters = [QueueFilter(), QueueFilter(mine=True), QueueFilter(unassigned=True), QueueFilter(handed=True)]
    with django_assert_num_queries(1):
        assert queries.counts(people.li, filters) == [2, 1, 1, 0]
    assert queries.counts(people.li, []) == []
