"""The standing people of every test: 梅 owns the clothing shop, 老王 leads, 小李 answers, Anna works for OTTO …"""

from dataclasses import dataclass
from datetime import UTC, datetime

from wanhui.accounts.models import User
from wanhui.accounts.rules import Role
from wanhui.stores.models import Membership, Store

PASSWORD = "a-long-test-password"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """mei owns `clothes`; wang leads, li answers, scout files, viewer looks on there; anna owns `otto` alone; eve is
    a stranger without any store; `demo` is a practice store of mei's."""

    mei: User
    wang: User
    li: User
    scout: User
    viewer: User
    anna: User
    eve: User
    clothes: Store
    otto: Store
    hotel: Store
    demo: Store


def person(username: str, name: str, language: str = "zh-hans") -> User:
    """A person who can sign in with PASSWORD."""
    return User.objects.create_user(username, password=PASSWORD, display_name=name, language=language)


def store(name: str, platform: str = "taobao", **more: object) -> Store:
    """A store; real unless said otherwise."""
    return Store.objects.create(name=name, platform=platform, created_at=OPENED, **more)


def gather() -> Cast:
    """Make them all. Passwords are real, so make them once a test."""
    names = {
        "mei": "梅", "wang": "老王", "li": "小李", "scout": "小陈", "viewer": "阿宁", "anna": "Anna Vogt", "eve": "Eve",
    }
    people = {key: person(key, name, "de" if key == "anna" else "zh-hans") for key, name in names.items()}
    stores = {
        "clothes": store("一家衣铺"),
        "otto": store("NordHeim", "otto", timezone="Europe/Berlin", language="de"),
        "hotel": store("望山酒店", "ctrip", trade="hotel"),
        "demo": store("演示衣铺", kind="demo"),
    }
    roles = [
        ("clothes", "mei", Role.OWNER), ("clothes", "wang", Role.LEAD), ("clothes", "li", Role.AGENT),
        ("clothes", "scout", Role.SCOUT), ("clothes", "viewer", Role.VIEWER), ("otto", "anna", Role.OWNER),
        ("hotel", "mei", Role.OWNER), ("demo", "mei", Role.OWNER), ("demo", "wang", Role.LEAD),
    ]
    for where, who, role in roles:
        Membership.objects.create(store=stores[where], user=people[who], role=role)
    return Cast(**people, **stores)
