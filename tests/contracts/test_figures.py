"""Practice counts nowhere: rows of drill and demo stores change no figure of a person who also works in real ones."""

import inspect
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from tests import cast, makers
from tests.cast import Cast
from wanhui.accounts.models import User
from wanhui.accounts.rules import Role
from wanhui.analytics import queries as analytics
from wanhui.cases import actions as cases
from wanhui.cases import lists as case_lists
from wanhui.cases import queries as case_queries
from wanhui.cases.lists import ListFilter
from wanhui.kit import clock
from wanhui.reviews import queries as review_queries
from wanhui.stores.models import Membership, Store

Count = Callable[[User, datetime], Any]

# What the pages count outside `analytics`: the number on the queue, its rows, the lists.
COUNTED: dict[str, Count] = {
    "cases.open_count": lambda user, now: case_queries.open_count(user),
    "cases.queue": lambda user, now: [row.case.pk for row in case_queries.queue(user, now)],
    "cases.listed": lambda user, now: [case.pk for case in case_lists.listed(user, now, ListFilter(state="closed"))],
    "cases.count": lambda user, now: case_lists.count(user, now, ListFilter()),
    "cases.visible": lambda user, now: sorted(case_queries.visible(user).values_list("pk", flat=True)),
    "reviews.reviews": lambda user, now: sorted(review_queries.reviews(user).values_list("pk", flat=True)),
}


def _figures_of(module: ModuleType) -> dict[str, Count]:
    """Every public function that a room of figures has; each must be callable with a person and a moment."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = {name: f for name, f in found if f.__module__ == module.__name__ and not name.startswith("_")}
    return {f"{module.__name__}.{name}": function for name, function in own.items()}


def everything_counted(user: User, now: datetime) -> dict[str, Any]:
    """Every figure this person sees, by name, after everything was counted."""
    makers.count()
    figures = COUNTED | _figures_of(analytics)
    return {name: count(user, now) for name, count in figures.items()}


def _practise(store: Store, who: User) -> None:
    """One row of everything that is counted, and then some."""
    makers.case(store, "演练：包裹一直没到", causes=("delivery",))
    closed = makers.case(store, "演练：尺码不对", causes=("mismatch",))
    cases.close(closed, "satisfied", "已经换货", actor=who)
    praised = makers.review(store, "演练：很好", stars=5)
    makers.verdict(praised)
    makers.follow_up(praised, "演练：用了一周还是很好")


@pytest.fixture
def drill(people: Cast) -> Store:
    """A drill store where the owner of the clothing shop practises."""
    store = cast.store("练习场", kind=Store.Kind.DRILL)
    Membership.objects.create(store=store, user=people.mei, role=Role.OWNER)
    return store


def test_rows_of_practice_stores_change_no_figure(people: Cast, drill: Store) -> None:
    makers.case(people.clothes, "真的一条差评")
    now = clock.now()
    before = everything_counted(people.mei, now)
    _practise(drill, people.mei)
    _practise(people.demo, people.mei)
    assert everything_counted(people.mei, now) == before


def test_the_same_rows_in_a_real_store_change_every_figure(people: Cast) -> None:
    """Else the test above would prove nothing."""
    now = clock.now()
    before = everything_counted(people.mei, now)
    _practise(people.clothes, people.mei)
    after = everything_counted(people.mei, clock.now())
    assert [name for name in before if before[name] == after[name]] == []


def test_no_page_of_figures_or_lists_shows_practice_to_who_works_in_a_real_store(
    people: Cast, drill: Store, as_mei: Client
) -> None:
    _practise(drill, people.mei)
    _practise(people.demo, people.mei)
    for address in ("/", "/reviews/", "/cases/closed/", "/figures/"):
        page = as_mei.get(address)
        assert page.status_code == 200
        assert "演练" not in page.content.decode()
