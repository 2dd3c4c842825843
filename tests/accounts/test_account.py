"""One's own account on the pages: name, mail address, tokens, the menu."""

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.safety.conftest import Snapshot, snapshot
from tests.safety.pages import Page, text
from wanhui.accounts import actions, queries
from wanhui.accounts.models import Token
from wanhui.accounts.rules import Scope
from wanhui.kit import clock
from wanhui.kit.errors import Refused

__all__ = ["snapshot"]
PAGES = ("/account/", "/password/", "/account/second-factor/", "/account/devices/", "/account/tokens/")


@pytest.fixture
def as_li(people: Cast, client: Client) -> Client:
    people.li.language = "en"
    people.li.save()
    client.post("/login/", {"username": "li", "password": PASSWORD})
    return client


def secret_in(page: str) -> str:
    return page.split('id="secret">')[1].split("<")[0]


def test_every_page_of_the_account_leads_to_every_other(as_li: Client) -> None:
    for page in PAGES:
        assert set(PAGES) <= set(Page(text(as_li.get(page))).links), page
    menu = Page(text(as_li.get("/"))).links
    assert "/account/" in menu
    assert "/account/tokens/" in menu


def test_a_new_name_is_what_colleagues_see(as_li: Client, people: Cast) -> None:
    as_li.post("/account/", {"display_name": "  李  大  力 "})
    people.li.refresh_from_db()
    assert str(people.li) == "李 大 力"
    assert as_li.post("/account/", {"display_name": " "}).status_code == 200
    with pytest.raises(Refused):
        actions.rename(people.li, "x", actor=people.mei)


def test_a_new_token_shows_its_secret_once_and_it_opens_what_was_ticked(as_li: Client, people: Cast) -> None:
    made = as_li.post("/account/tokens/", {"name": "ERP", "scopes": ["read", "import"], "days": "30"})
    assert "no-store" in made.headers["Cache-Control"]
    raw = secret_in(text(made))
    found = queries.bearer(raw, clock.now())
    assert found is not None
    assert (found.person, found.scopes) == (people.li, [Scope.READ, Scope.IMPORT])
    again = text(as_li.get("/account/tokens/"))
    assert raw not in again
    assert "ERP" in again
    assert "Never used" in Page(again).words


def test_sending_the_form_again_makes_no_second_token(as_li: Client) -> None:
    for _ in range(2):
        as_li.post("/account/tokens/", {"name": "ERP", "scopes": ["read"], "days": "30"})
    assert Token.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"days": "9999"}, {"days": ""}])
def test_an_incomplete_form_makes_no_token_and_says_why(as_li: Client, wrong: dict[str, object]) -> None:
    answer = as_li.post("/account/tokens/", {"name": "ERP", "scopes": ["read"], "days": "30"} | wrong)
    assert 'class="error' in text(answer)
    assert not Token.objects.exists()


def test_a_token_is_revoked_on_its_page(as_li: Client) -> None:
    raw = secret_in(text(as_li.post("/account/tokens/", {"name": "ERP", "scopes": ["read"], "days": "30"})))
    as_li.post(f"/account/tokens/{Token.objects.get().pk}/revoke/")
    assert queries.bearer(raw, clock.now()) is None
    assert "You have no token." in Page(text(as_li.get("/account/tokens/"))).words


@pytest.mark.parametrize("address", ["li", "li@", "li@example.com\nBcc: all@example.com", "a b@example.com"])
def test_what_is_no_address_is_refused_and_changes_nothing(people: Cast, snapshot: Snapshot, address: str) -> None:
    before = snapshot()
    with pytest.raises(Refused):
        actions.choose_address(people.li, address, PASSWORD, actor=people.li)
    assert snapshot() == before


def test_an_address_can_be_taken_away(people: Cast) -> None:
    people.li.email = "li@example.com"
    people.li.save()
    actions.choose_address(people.li, "", PASSWORD, actor=people.li)
    people.li.refresh_from_db()
    assert (people.li.email, people.li.email_wanted) == ("", "")
