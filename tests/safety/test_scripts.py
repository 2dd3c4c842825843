"""What customers, files and colleagues write is shown, never run; and no page holds anything that runs inline."""

import html
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from tests import cast
from tests.safety.conftest import Shop, attack, furnished
from tests.safety.pages import Page, plain_addresses, text, walk

pytestmark = pytest.mark.xdist_group("scripts")  # one worker walks for all of them


@dataclass(frozen=True)
class Seen:
    """A shop as it was, and every page 梅 could reach in it, by its address."""

    shop: Shop
    pages: dict[str, str]


@pytest.fixture(scope="module")
def seen(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    """Walked once: the tests only read what was answered. Nothing of it stays in the database."""
    with (
        django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")),
        pytest.MonkeyPatch.context() as patch, transaction.atomic(),
    ):  # fmt: skip
        patch.setattr("wanhui.work.queue.nudge", lambda step_id: None)
        shop = furnished(cast.gather())
        client = Client()
        client.force_login(shop.people.mei)
        found = walk(client, plain_addresses())
        transaction.set_rollback(True)
    assert {answer.status for answer in found.values()} <= {200, 302, 405}
    return Seen(shop, {address: answer.text for address, answer in found.items() if answer.is_page})


@pytest.fixture
def pages(seen: Seen) -> dict[str, str]:
    """These pages."""
    return seen.pages


def test_the_walk_reaches_the_pages_that_show_foreign_words(seen: Seen) -> None:
    shop, pages = seen.shop, seen.pages
    store = shop.case.store_id
    for address in ("/", "/reviews/", "/cases/closed/", "/record/", "/figures/", "/stores/", f"/stores/{store}/",
                    f"/cases/{shop.case.pk}/", f"/cases/{shop.closed.pk}/"):
        assert address in pages


def test_no_page_holds_an_inline_script_style_handler_or_foreign_source(pages: dict[str, str]) -> None:
    assert {address: wrong for address, page in pages.items() if (wrong := Page(page).wrong)} == {}


def test_whatever_was_typed_is_shown_as_words_and_makes_no_element(pages: dict[str, str]) -> None:
    for address, page in pages.items():
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


@pytest.mark.parametrize("where", ["text", "later", "product", "sku", "note", "contact", "measure", "reply"])
def test_the_case_page_shows_the_words_as_they_were_written(seen: Seen, where: str) -> None:
    assert _holds(seen.pages[f"/cases/{seen.shop.case.pk}/"], attack(where))


def test_the_queue_shows_a_nasty_review_as_words(pages: dict[str, str]) -> None:
    assert _holds(pages["/"], attack("text")[:30])


def test_a_nickname_is_masked_and_still_escaped(seen: Seen) -> None:
    page = seen.pages[f"/cases/{seen.shop.case.pk}/"]
    assert attack("buyer") not in html.unescape(page)
    assert _holds(page, '"**')


def test_the_verdicts_marks_do_not_open_a_way_in(shop: Shop, as_mei: Client) -> None:
    """Evidence in the middle of a tag cuts it into pieces; each piece is escaped for itself."""
    whole = shop.review.text
    spans = [[2, 6], [4, 12], [9, len(whole)]]
    shop.verdict.causes = [{"code": "quality", "sub": None, "score": 0.9, "evidence": spans}]
    shop.verdict.save()
    page = text(as_mei.get(f"/cases/{shop.case.pk}/"))
    assert "<script>alert" not in page
    assert page.count("<mark") >= 3
    assert Page(page).wrong == []


def test_the_record_never_holds_what_customers_or_colleagues_wrote(pages: dict[str, str], shop: Shop) -> None:
    """It says who acted in which store, by their names, and nothing else that anybody typed."""
    own = set(shop.attacks) - {attack("store")[:80], attack("name")[:60]}
    assert not [words for words in own if words in html.unescape(pages["/record/"])]


def _holds(page: str, words: str) -> bool:
    """Whether a reader sees these words; marks inside them do not matter."""
    return " ".join(words.split()) in " ".join(Page(page).words.split())
