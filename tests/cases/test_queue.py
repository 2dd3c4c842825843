"""The queue: most urgent first, page by key, only what one may see."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import makers
from tests.cast import Cast
from wanhui.cases import actions, lists, queries
from wanhui.cases.lists import ListFilter
from wanhui.cases.models import Case
from wanhui.cases.queries import QueueFilter
from wanhui.kit import clock


def many(people: Cast) -> None:
    now = clock.now()
    for n, (severity, left) in enumerate([(3, 20), (1, 23), (2, 10), (3, -2), (4, 3), (3, 21), (2, 9), (1, 2)]):
        case = makers.case(people.clothes, f"第{n}条")
        Case.objects.filter(pk=case.pk).update(severity=severity, reply_due_at=now + timedelta(hours=left))


def test_the_order_in_the_database_is_the_order_of_the_rules(people: Cast) -> None:
    many(people)
    rows = queries.queue(people.li, clock.now())
    ranks = [{"now": 0, "today": 1, "later": 2}[row.urgency] for row in rows]
    assert ranks == sorted(ranks)
    assert [row.key for row in rows] == sorted(row.key for row in rows)
    assert [row.case.severity for row in rows if row.urgency == "now"] == [1, 1, 3], "danger stands above lateness"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_by_key_show_every_case_once_in_the_same_order(people: Cast, size: int) -> None:
    many(people)
    otto = makers.case(people.otto, "zu spät")
    assert otto.reply_due_at is None
    now = clock.now()
    whole = [row.case.pk for row in queries.queue(people.li, now)]
    paged: list[int] = []
    key = None
    while rows := queries.queue(people.li, now, after=key, limit=size):
        paged += [row.case.pk for row in rows]
        key = queries.key_of(rows[-1])
    assert paged == whole
    assert len(whole) == 8


def test_a_person_sees_the_cases_of_their_own_stores_only(people: Cast) -> None:
    makers.case(people.otto, "kaputt")
    makers.case(people.clothes)
    makers.case(people.demo)
    now = clock.now()
    assert [row.case.store for row in queries.queue(people.anna, now)] == [people.otto]
    assert [row.case.store for row in queries.queue(people.li, now)] == [people.clothes]
    assert [row.case.store for row in queries.queue(people.mei, now, kind="demo")] == [people.demo]
    assert queries.queue(people.eve, now) == []


def test_filters_narrow_the_queue(people: Cast) -> None:
    first = makers.case(people.clothes)
    makers.case(people.clothes, "发错颜色", causes=("fulfilment",))
    makers.case(people.hotel, "太吵", causes=("noise",))
    actions.claim(first, actor=people.mei)
    now = clock.now()

    def found(**wanted: object) -> list[int]:
        return [row.case.pk for row in queries.queue(people.mei, now, QueueFilter(**wanted))]

    assert found(mine=True) == [first.pk]
    assert len(found(unassigned=True)) == 2
    assert len(found(store=people.hotel.pk)) == 1
    assert len(found(cause="fulfilment")) == 1
    assert len(found(platform="taobao")) == 2
    assert found(stage="doing") == []


def test_a_closed_case_leaves_the_queue(people: Cast) -> None:
    case = makers.case(people.clothes)
    actions.close(case, "satisfied", "已经解决，顾客满意", actor=people.li)
    assert queries.queue(people.li, clock.now()) == []
    assert [c.pk for c in lists.listed(people.li, clock.now(), ListFilter(state="closed"))] == [case.pk]


def test_the_number_of_queries_does_not_grow_with_the_cases(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(people)
    with django_assert_num_queries(3):
        rows = queries.queue(people.li, clock.now())
        assert [row.review.text for row in rows]
