"""Saved views: tabs with counts, one's own or a store's, and the one the queue begins with."""

import re

import pytest
from django.test import Client

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.audit.models import Entry
from wanhui.cases.models import Case
from wanhui.desk.models import SavedView


def tabs(client: Client, address: str = "/queue/") -> dict[str, int]:
    """The tabs of the page and their counts."""
    page = client.get(address).content.decode()
    nav = page.partition('class="views"')[2].partition("</nav>")[0]
    return {name.strip(): int(n) for name, n in re.findall(r'">([^<>]+)<(?:span class="sr-only">[^<]*</span> <)?'
                                                           r'span class="count" id="[^"]+">(\d+)<', nav)}


def keep(client: Client, query: str, name: str, **more: object) -> str:
    answer = client.post("/views/save/", {"query": query, "name": name, **more})
    return str(answer.headers["Location"])


@pytest.fixture
def filled(people: cast.Cast) -> None:
    for cause in ("damage", "damage", "price"):
        world.case(people.clothes, causes=[(cause, (0, 2))])
    Case.objects.filter(primary="price").update(assignee=people.mei)


def test_a_view_is_a_tab_with_its_live_count(filled: None, mei: Client) -> None:
    assert tabs(mei) == {"All": 3, "My cases": 1}
    assert keep(mei, "sort=oldest&cause=damage&nonsense=1", "破损") == "/?cause=damage&sort=oldest"
    assert tabs(mei) == {"All": 3, "My cases": 1, "破损": 2}
    page = mei.get("/?sort=oldest&cause=damage").content.decode()
    assert re.search(r'href="/\?cause=damage&amp;sort=oldest" aria-current="page">破损', page)


def test_a_shared_view_is_seen_by_the_people_of_its_store_only(
    people: cast.Cast, filled: None, mei: Client
) -> None:
    keep(mei, "cause=damage", "破损", store=people.clothes.pk)
    keep(mei, "whose=mine", "我的")
    assert "破损" in tabs(signed_in(people, "li"))
    assert "我的" not in tabs(signed_in(people, "li"))
    assert "破损" not in tabs(signed_in(people, "anna"))


def test_an_agent_may_keep_views_but_not_share_them(people: cast.Cast, filled: None) -> None:
    li = signed_in(people, "li")
    li.post("/views/save/", {"query": "cause=damage", "name": "破损", "store": people.clothes.pk})
    assert not SavedView.objects.exists()
    keep(li, "cause=damage", "破损")
    assert SavedView.objects.get().store is None


def test_a_colleagues_shared_view_is_changed_only_by_who_may_share(
    people: cast.Cast, filled: None, mei: Client
) -> None:
    keep(mei, "cause=damage", "破损", store=people.clothes.pk)
    view = SavedView.objects.get()
    signed_in(people, "li").post(f"/views/{view.pk}/rename/", {"name": "x"})
    signed_in(people, "li").post(f"/views/{view.pk}/delete/")
    view.refresh_from_db()
    assert view.name == "破损"
    signed_in(people, "wang").post(f"/views/{view.pk}/rename/", {"name": "运输破损"})
    view.refresh_from_db()
    assert view.name == "运输破损"


def test_the_queue_begins_with_the_chosen_view_and_everything_stays_one_click_away(
    filled: None, mei: Client
) -> None:
    keep(mei, "cause=damage", "破损")
    view = SavedView.objects.get()
    mei.post(f"/views/{view.pk}/begin/", {"begin": "1"})
    assert mei.get("/").headers["Location"] == "/?cause=damage"
    assert mei.get("/queue/").status_code == 200
    mei.post(f"/views/{view.pk}/delete/")
    assert mei.get("/").status_code == 200


@pytest.mark.parametrize(("query", "name"), [("", "空"), ("nonsense=1", "空"), ("cause=damage", "   ")])
def test_a_view_of_nothing_or_without_a_name_is_refused(filled: None, mei: Client, query: str, name: str) -> None:
    mei.post("/views/save/", {"query": query, "name": name})
    assert not SavedView.objects.exists()


def test_a_name_is_kept_once_and_at_most_twelve_views(filled: None, mei: Client) -> None:
    for _twice in range(2):
        mei.post("/views/save/", {"query": "cause=damage", "name": "破损"})
    assert SavedView.objects.count() == 1
    for n in range(20):
        mei.post("/views/save/", {"query": "cause=damage", "name": f"{n}"})
    assert SavedView.objects.count() == 12
    assert Entry.objects.filter(verb="desk.save_view").count() == 12
