"""People leave: their open cases go on, their doors close, their deeds stay. And whose account is whose."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import makers
from tests.cast import PASSWORD, Cast
from tests.safety.conftest import Snapshot, snapshot
from tests.safety.pages import Page, text
from wanhui.accounts import actions as accounts
from wanhui.accounts import queries as accounts_queries
from wanhui.accounts.models import User
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.doors.models import Visit
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.pipeline.advance import drain
from wanhui.stores import actions, queries
from wanhui.stores.models import Membership

__all__ = ["snapshot"]


def with_cases(people: Cast, count: int = 2) -> list[Case]:
    """Open cases of 小李's, and a closed one first."""
    found = [makers.case(people.clothes, f"袖口脱线 {number}") for number in range(count + 1)]
    for case in found:
        cases.assign(case, people.li, actor=people.mei)
    cases.close(found[0], "satisfied", "面料批次有问题，已换货", actor=people.li)
    return found


def in_charge(found: list[Case]) -> list[User | None]:
    return [Case.objects.get(pk=case.pk).assignee for case in found]


def token(person: User) -> str:
    _token, raw = accounts.make_token(person, "ERP", ["read"], clock.now() + timedelta(days=9), actor=person)
    return raw


def signed_in(name: str) -> Client:
    client = Client()
    assert client.post("/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def leave(client: Client, people: Cast, who: User, heir: User | None = None, how: str = "remove") -> str:
    address = f"/stores/{people.clothes.pk}/people/{who.pk}/{how}/"
    client.post(address, {"heir": str(heir.pk) if heir else ""})
    drain()
    return text(client.get("/stores/"))


def test_open_cases_go_to_whoever_was_named_and_closed_ones_stay(as_mei: Client, people: Cast) -> None:
    found = with_cases(people)
    leave(as_mei, people, people.li, people.wang)
    assert in_charge(found) == [people.li, people.wang, people.wang]
    entry = Entry.objects.get(verb="cases.hand_over_all")
    assert (entry.actor, entry.counts) == (people.mei, {"cases": 2})
    assert queries.role_in(people.li, people.clothes.pk) is None


def test_open_cases_go_to_nobody_where_nobody_was_named(as_mei: Client, people: Cast) -> None:
    found = with_cases(people)
    leave(as_mei, people, people.li)
    assert in_charge(found) == [people.li, None, None]


@pytest.mark.parametrize("heir", ["viewer", "li", "eve"])
def test_an_heir_who_cannot_work_on_them_is_refused_and_nothing_happens(
    as_mei: Client, people: Cast, snapshot: Snapshot, heir: str
) -> None:
    with_cases(people)
    drain()
    before = snapshot()
    leave(as_mei, people, people.li, getattr(people, heir))
    assert snapshot() == before


def test_who_works_nowhere_any_more_is_signed_out_and_their_tokens_end(as_mei: Client, people: Cast) -> None:
    phone, raw = signed_in("li"), token(people.li)
    leave(as_mei, people, people.li)
    assert phone.get("/").status_code == 302
    assert accounts_queries.bearer(raw, clock.now()) is None
    assert not Visit.objects.filter(person=people.li).exists()


def test_who_still_works_elsewhere_stays_signed_in_there(as_mei: Client, people: Cast) -> None:
    phone, raw = signed_in("wang"), token(people.wang)
    leave(as_mei, people, people.wang)
    assert phone.get("/").status_code == 200
    assert accounts_queries.bearer(raw, clock.now()) is not None
    assert phone.get(f"/stores/{people.clothes.pk}/").status_code == 404


def test_what_somebody_did_stays_and_the_records_filter_still_names_them(as_mei: Client, people: Cast) -> None:
    with_cases(people)
    before = Entry.objects.filter(actor=people.li).count()
    assert before
    leave(as_mei, people, people.li)
    assert Entry.objects.filter(actor=people.li).count() == before
    assert f'<option value="{people.li.pk}"' in text(as_mei.get("/record/"))
    client = Client()
    client.force_login(people.anna)
    assert f'<option value="{people.li.pk}"' not in text(client.get("/record/"))


def test_an_owner_can_leave_when_another_one_stays(as_mei: Client, people: Cast) -> None:
    mine = makers.case(people.clothes, "线头")
    cases.claim(mine, actor=people.mei)
    leave(as_mei, people, people.mei)
    assert queries.role_in(people.mei, people.clothes.pk) is Role.OWNER, "the last one stays"
    actions.set_role(people.clothes, people.wang, Role.OWNER, actor=people.mei)
    leave(as_mei, people, people.mei)
    assert queries.role_in(people.mei, people.clothes.pk) is None
    assert in_charge([mine]) == [None]


def test_an_account_that_is_switched_off_opens_nothing_until_it_is_switched_on(as_mei: Client, people: Cast) -> None:
    found, phone, raw = with_cases(people), signed_in("li"), token(people.li)
    leave(as_mei, people, people.li, people.wang, how="switch")
    assert phone.get("/").status_code == 302
    assert Client().post("/login/", {"username": "li", "password": PASSWORD}).status_code == 200
    assert accounts_queries.bearer(raw, clock.now()) is None
    assert in_charge(found) == [people.li, people.wang, people.wang]
    assert people.li not in queries.people_in(people.clothes.pk)
    leave(as_mei, people, people.li, how="switch")
    assert signed_in("li").get("/").status_code == 200
    assert queries.role_in(people.li, people.clothes.pk) is Role.AGENT
    assert accounts_queries.bearer(raw, clock.now()) is None, "a token that ended stays ended"


def made_reset_link(client: Client, people: Cast, who: User) -> bool:
    page = text(client.post(f"/stores/{people.clothes.pk}/people/{who.pk}/"))
    return "/password/new/" in page


def test_an_owner_makes_a_link_for_a_new_password_of_their_own_people(as_mei: Client, people: Cast) -> None:
    page = text(as_mei.post(f"/stores/{people.clothes.pk}/people/{people.li.pk}/"))
    link = Page(page).words.split("http://testserver")[1].split()[0]
    new = "rainy-tuesday-teapot"
    assert Client().post(link, {"new": new, "again": new}).status_code == 303
    people.li.refresh_from_db()
    assert people.li.check_password(new)
    assert "/password/new/" not in text(as_mei.get(f"/stores/{people.clothes.pk}/people/{people.li.pk}/"))
    assert Entry.objects.get(verb="stores.reset_link").actor == people.mei


def refused_both(client: Client, people: Cast, who: User) -> None:
    """Neither a link nor switching off."""
    assert not made_reset_link(client, people, who)
    leave(client, people, who, how="switch")
    who.refresh_from_db()
    assert who.is_active


def test_somebody_who_also_works_for_another_owner_is_out_of_reach(as_mei: Client, people: Cast) -> None:
    actions.set_role(people.otto, people.li, Role.VIEWER, actor=people.anna)
    refused_both(as_mei, people, people.li)


def test_somebody_who_used_to_work_for_another_owner_is_out_of_reach(as_mei: Client, people: Cast) -> None:
    """Anna takes them back some day: whoever holds the account then would be in her shop."""
    actions.set_role(people.otto, people.li, Role.VIEWER, actor=people.anna)
    actions.remove_person(people.otto, people.li, actor=people.anna)
    refused_both(as_mei, people, people.li)


def test_a_co_owner_and_somebody_with_a_shop_of_their_own_are_out_of_reach(as_mei: Client, people: Cast) -> None:
    actions.set_role(people.clothes, people.wang, Role.OWNER, actor=people.mei)
    refused_both(as_mei, people, people.wang)
    actions.open_store("小李的店", "pdd", actor=people.li)
    refused_both(as_mei, people, people.li)


def test_pulling_a_stranger_into_ones_shop_gives_no_power_over_their_account(people: Cast, client: Client) -> None:
    """Anna adds 小李, who works for 梅: her own shop only, and nothing of the account."""
    client.force_login(people.anna)
    client.post(f"/stores/{people.otto.pk}/people/add/", {"username": "li", "role": "viewer"})
    assert Membership.objects.filter(user=people.li, store=people.otto).exists()
    assert "/password/new/" not in text(client.post(f"/stores/{people.otto.pk}/people/{people.li.pk}/"))
    with pytest.raises(Refused):
        actions.switch_off(people.otto, people.li, actor=people.anna)


@pytest.mark.parametrize("who", ["wang", "li", "viewer", "anna", "eve"])
def test_nobody_but_the_owner_opens_the_page_of_a_person_or_uses_its_buttons(
    people: Cast, client: Client, snapshot: Snapshot, who: str
) -> None:
    client.force_login(getattr(people, who))
    before = snapshot()
    address = f"/stores/{people.clothes.pk}/people/{people.scout.pk}/"
    assert client.get(address).status_code in (302, 404)
    for more in ("", "remove/", "switch/", "role/"):
        client.post(address + more, {"role": "owner"})
    assert snapshot() == before
