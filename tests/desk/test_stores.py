"""Stores and their people, through the pages."""

import re

from django.contrib.messages import get_messages
from django.test import Client

from tests import cast
from tests.desk.conftest import signed_in
from wanhui.accounts.models import User
from wanhui.stores.models import Membership, Store


def said(client: Client, address: str, **data: object) -> str:
    """Send a form; what the desk says to it."""
    answer = client.post(address, data)
    assert answer.status_code in (302, 303)
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_the_list_shows_own_stores_with_role_and_people(people: cast.Cast, mei: Client) -> None:
    page = mei.get("/stores/").content.decode()
    assert "一家衣铺" in page
    assert "望山酒店" in page
    assert "NordHeim" not in page
    assert "Demo and practice" in page


def test_a_strangers_store_is_not_there(people: cast.Cast) -> None:
    anna = signed_in(people, "anna")
    for address in ("", "settings/", "people/add/", f"people/{people.li.pk}/role/", f"people/{people.li.pk}/remove/"):
        assert anna.post(f"/stores/{people.clothes.pk}/{address}").status_code in (404, 405)
    assert anna.get(f"/stores/{people.clothes.pk}/").status_code == 404


def test_starting_ones_own_shop_leaves_the_demo(people: cast.Cast) -> None:
    Membership.objects.filter(user=people.wang, store=people.clothes).delete()
    wang = signed_in(people, "wang")
    assert "Start my own shop" in wang.get("/").content.decode()
    assert "is open" in said(wang, "/stores/start/", name="老王鞋铺", platform="pdd")
    store = Store.objects.get(name="老王鞋铺")
    assert (store.kind, store.memberships.get().role) == ("real", "owner")
    assert "They count in no figure" not in wang.get("/").content.decode()


def test_a_taken_name_is_said_in_the_form(people: cast.Cast, mei: Client) -> None:
    answer = mei.post("/stores/start/", {"name": "一家衣铺", "platform": "taobao"})
    assert answer.status_code == 200
    assert "There is already a store with this name" in answer.content.decode()


def test_a_new_person_gets_a_first_password_that_is_shown_once(people: cast.Cast, mei: Client) -> None:
    address = f"/stores/{people.clothes.pk}/"
    said(mei, f"{address}people/add/", username="Xiaoyu", display_name="小雨", role="agent")
    shown = re.search(r'<code id="first-password">([^<]+)</code>', mei.get(address).content.decode())
    assert shown is not None
    assert User.objects.get(username="xiaoyu").check_password(shown[1])
    assert "first-password" not in mei.get(address).content.decode()


def test_somebody_who_signs_in_already_keeps_the_password(people: cast.Cast, mei: Client) -> None:
    said(mei, f"/stores/{people.clothes.pk}/people/add/", username="anna", display_name="", role="viewer")
    assert Membership.objects.get(user=people.anna, store=people.clothes).role == "viewer"
    people.anna.refresh_from_db()
    assert people.anna.check_password(cast.PASSWORD)


def test_roles_change_and_people_leave(people: cast.Cast, mei: Client) -> None:
    address = f"/stores/{people.clothes.pk}/people/{people.li.pk}/"
    said(mei, f"{address}role/", role="quality")
    assert Membership.objects.get(user=people.li, store=people.clothes).role == "quality"
    said(mei, f"{address}remove/")
    assert not Membership.objects.filter(user=people.li, store=people.clothes).exists()


def test_the_last_owner_stays(people: cast.Cast, mei: Client) -> None:
    words = said(mei, f"/stores/{people.clothes.pk}/people/{people.mei.pk}/remove/")
    assert words == "A store needs an owner. Make another person owner first."


def test_only_those_who_may_see_the_forms_and_use_them(people: cast.Cast) -> None:
    li = signed_in(people, "li")
    address = f"/stores/{people.clothes.pk}/"
    page = li.get(address).content.decode()
    assert "people/add/" not in page
    assert f'action="{address}settings/"' not in page
    refused = said(li, f"{address}people/add/", username="x", role="owner")
    assert "Your role in this store does not allow this" in refused
    assert "Your role in this store does not allow this" in said(
        li, f"{address}settings/", name="改名", trade="goods", timezone="Asia/Shanghai", language="zh",
        reply_within_hours=24, max_case_age_days=30,
    )
    people.clothes.refresh_from_db()
    assert people.clothes.name == "一家衣铺"


def test_settings_are_saved_and_nonsense_is_said_beside_the_field(people: cast.Cast, mei: Client) -> None:
    address = f"/stores/{people.clothes.pk}/settings/"
    good = {"name": "一家衣铺", "trade": "goods", "timezone": "Europe/Berlin", "language": "zh",
            "reply_within_hours": 12, "max_case_age_days": 14}
    said(mei, address, **good)
    people.clothes.refresh_from_db()
    assert (people.clothes.timezone, people.clothes.reply_within_hours) == ("Europe/Berlin", 12)
    answer = mei.post(address, good | {"reply_within_hours": 0})
    assert answer.status_code == 200
    assert 'class="field field-wrong"' in answer.content.decode()
