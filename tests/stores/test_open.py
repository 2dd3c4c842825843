"""Opening a store, its settings and its products."""

import pytest

from tests.cast import Cast
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.kit.errors import Refused
from wanhui.stores import actions, queries
from wanhui.stores.models import Product


def test_whoever_opens_a_store_owns_it_and_it_is_real_with_the_platforms_usual_zone(people: Cast) -> None:
    shop = actions.open_store("  小小  书店 ", "pdd", actor=people.eve)
    assert (shop.name, shop.kind, shop.timezone, shop.language) == ("小小 书店", "real", "Asia/Shanghai", "zh")
    assert queries.role_in(people.eve, shop.pk) is Role.OWNER
    lamp = actions.open_store("Lampenladen", "otto", actor=people.eve)
    assert (lamp.timezone, lamp.language) == ("Europe/Berlin", "de")
    inn = actions.open_store("云边客栈", "ctrip", actor=people.eve)
    assert inn.trade == "hotel"


@pytest.mark.parametrize(
    ("name", "platform"), [("", "taobao"), ("   ", "taobao"), ("一家衣铺", "taobao"), ("新店", "nowhere")]
)
def test_a_nameless_a_taken_or_an_unknown_one_is_refused_and_nothing_is_left(
    people: Cast, name: str, platform: str
) -> None:
    before = queries.visible(people.mei).count()
    with pytest.raises(Refused):
        actions.open_store(name, platform, actor=people.mei)
    assert queries.visible(people.mei).count() == before


def test_settings_change_what_they_name_and_the_entry_names_the_fields(people: Cast) -> None:
    actions.change_settings(people.clothes, {"reply_within_hours": 12, "name": "一家衣铺"}, actor=people.mei)
    people.clothes.refresh_from_db()
    assert people.clothes.reply_within_hours == 12
    assert Entry.objects.get(verb="stores.settings").fields == ["reply_within_hours"]
    with pytest.raises(Refused):
        actions.change_settings(people.clothes, {"timezone": "Mars/Base"}, actor=people.mei)
    with pytest.raises(Refused):
        actions.change_settings(people.clothes, {"name": "新名字"}, actor=people.li)


def test_products_are_known_by_the_platforms_id_else_by_name_and_made_once(people: Cast) -> None:
    wanted = [("77", "羊毛衫"), ("", "围巾"), ("", ""), ("", "  围巾 ")]
    first = actions.know_products(people.clothes.pk, wanted, actor=people.mei)
    again = actions.know_products(people.clothes.pk, [("77", "羊毛衫 新标题"), ("", "围巾")], actor=people.mei)
    assert first[("", "围巾")] == first[("", "  围巾 ")] == again[("", "围巾")]
    assert first[("77", "羊毛衫")] == again[("77", "羊毛衫 新标题")]
    assert ("", "") not in first
    assert Product.objects.filter(store=people.clothes).count() == 2
