"""Searching: a stranger finds nothing of another shop, and what was found never runs."""

import re

import pytest
from django.test import Client

from tests import makers
from tests.safety.conftest import Shop
from tests.safety.pages import Page, text
from wanhui.pipeline.advance import drain

WORDS = ("起球", "裤子", "alert", "onerror", "77001122334455", "7700", "色差", "script")
KINDS = ("review", "reply", "case", "product", "customer")
ROW = re.compile(r'data-row href="[^"]+"')


@pytest.fixture
def searched(shop: Shop) -> Shop:
    """The shop with everything of it in the search."""
    makers.bring_into_search()
    drain()
    return shop


def answers(client: Client, store: int | str = "") -> list[str]:
    """Every word among everything, and the words that stand everywhere among each kind."""
    asked = [{"q": word} for word in WORDS] + [{"q": "alert", "kind": kind} for kind in KINDS]
    return [text(client.get("/search/", one | {"store": store})) for one in asked]


@pytest.mark.parametrize("stranger", ["anna", "eve"])
def test_a_stranger_finds_nothing_with_any_word_kind_or_store(
    searched: Shop, client: Client, stranger: str
) -> None:
    client.force_login(getattr(searched.people, stranger))
    for page in answers(client) + answers(client, searched.case.store_id):
        assert not ROW.search(page)
    for asked in ({"product": searched.review.product_id}, {"customer": searched.case.customer_id}):
        page = text(client.get("/reviews/", asked))
        assert not ROW.search(page)
        assert "alert" not in page


def test_those_who_work_there_find_it_and_nothing_they_find_runs(searched: Shop, as_mei: Client) -> None:
    found = answers(as_mei)
    assert sum(bool(ROW.search(page)) for page in found) > 6, "else this would prove nothing"
    for page in found:
        assert Page(page).wrong == []
        assert "<script>alert" not in page
