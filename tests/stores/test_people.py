"""Who works in a store, and what a stranger sees of it: nothing."""

import pytest
from django.http import Http404

from tests.cast import Cast
from wanhui.accounts.rules import Role, Verb
from wanhui.audit.models import Entry
from wanhui.kit.errors import Refused
from wanhui.stores import actions, queries
from wanhui.stores.models import Membership


def test_a_person_sees_real_stores_only_unless_practice_is_asked_for(people: Cast) -> None:
    assert {s.name for s in queries.visible(people.mei)} == {"一家衣铺", "望山酒店"}
    assert [s.name for s in queries.visible(people.mei, "demo")] == ["演示衣铺"]
    assert not queries.visible(people.eve).exists()
    assert queries.shown_kind(people.mei) == "real"


def test_the_demo_is_shown_only_to_whoever_has_nothing_else(people: Cast) -> None:
    assert queries.shown_kind(people.eve) == "real"
    Membership.objects.filter(user=people.mei, store__kind="real").delete()
    assert queries.shown_kind(people.mei) == "demo"


def test_a_store_of_strangers_is_not_found_and_a_weak_role_is_told_who_may(people: Cast) -> None:
    with pytest.raises(Http404):
        queries.store_for(people.anna, people.clothes.pk)
    with pytest.raises(Http404):
        queries.require(people.anna, Verb.SEE, people.clothes.pk)
    with pytest.raises(Refused):
        queries.require(people.viewer, Verb.IMPORT, people.clothes.pk)
    queries.require(people.li, Verb.IMPORT, people.clothes.pk)


def test_a_person_who_left_may_do_nothing_any_more(people: Cast) -> None:
    people.li.is_active = False
    people.li.save()
    assert not queries.may(people.li, Verb.SEE, people.clothes.pk)
    with pytest.raises(Refused):
        queries.require(people.li, Verb.SEE, people.clothes.pk)


def test_only_an_owner_adds_changes_and_removes_people(people: Cast) -> None:
    actions.set_role(people.clothes, people.eve, Role.SCOUT, actor=people.mei)
    actions.set_role(people.clothes, people.eve, Role.AGENT, actor=people.mei)
    assert queries.role_in(people.eve, people.clothes.pk) is Role.AGENT
    actions.remove_person(people.clothes, people.eve, actor=people.mei)
    assert queries.role_in(people.eve, people.clothes.pk) is None
    entries = Entry.objects.filter(kind="user", ref=str(people.eve.pk), verb__startswith="stores.").order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == [
        "stores.add_person", "stores.change_role", "stores.remove_person"
    ]
    for role_holder in (people.wang, people.li, people.viewer):
        with pytest.raises(Refused):
            actions.set_role(people.clothes, people.eve, Role.OWNER, actor=role_holder)


def test_a_store_is_never_left_without_an_owner(people: Cast) -> None:
    with pytest.raises(Refused):
        actions.remove_person(people.clothes, people.mei, actor=people.mei)
    with pytest.raises(Refused):
        actions.set_role(people.clothes, people.mei, Role.VIEWER, actor=people.mei)
    actions.set_role(people.clothes, people.wang, Role.OWNER, actor=people.mei)
    actions.remove_person(people.clothes, people.mei, actor=people.wang)
    assert queries.role_in(people.mei, people.clothes.pk) is None
