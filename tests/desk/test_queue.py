"""The queue: order, reasons, filters, pages, cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases.models import Case
from wanhui.kit import clock

ROW = re.compile(r'data-row href="/cases/(\d+)/"')
QUERIES_OF_THE_QUEUE = 25


def rows(client: Client, address: str = "/") -> list[int]:
    """The cases on a page, in its order."""
    return [int(pk) for pk in ROW.findall(client.get(address).content.decode())]


def test_danger_stands_above_lateness_and_lateness_above_today_and_later(people: cast.Cast, mei: Client) -> None:
    calm = world.case(people.clothes, stars=2, hours_ago=1)
    today = world.case(people.clothes, stars=1, hours_ago=1)
    late = world.case(people.clothes, stars=2, hours_ago=30)
    danger = world.case(people.clothes, stars=1, flags=["safety"], hours_ago=1)
    assert rows(mei) == [danger.pk, late.pk, today.pk, calm.pk]


def test_each_row_says_why_it_is_there(people: cast.Cast, mei: Client) -> None:
    world.case(people.clothes, flags=["safety"], hours_ago=1)
    page = mei.get("/").content.decode()
    assert '<span class="sev-now">Now</span><span class="muted small">safety</span>' in page
    assert "22:59 left" in page or "23:00 left" in page


def test_a_late_row_says_so_before_its_own_reason(people: cast.Cast, mei: Client) -> None:
    world.case(people.clothes, stars=2, hours_ago=30)
    assert "late · two stars" in mei.get("/").content.decode()


def test_a_shop_whose_platform_takes_no_reply_shows_no_deadline(people: cast.Cast) -> None:
    world.case(people.otto, "Das Paket kam zerdrückt an.", causes=[("damage", (10, 22))])
    page = signed_in(people, "anna").get("/").content.decode()
    assert "no reply deadline" in page


def test_evidence_is_marked_in_the_first_words(people: cast.Cast, mei: Client) -> None:
    world.case(people.clothes)
    assert '<mark class="mark-bad" title="Order handling">赠品没有</mark>' in mei.get("/").content.decode()


def test_a_stranger_sees_nothing_of_it(people: cast.Cast) -> None:
    world.case(people.clothes)
    assert rows(signed_in(people, "anna")) == []


def test_demo_cases_are_shown_only_to_people_without_a_real_store(people: cast.Cast, mei: Client) -> None:
    practice = world.case(people.demo)
    assert rows(mei) == []
    people.clothes.memberships.filter(user=people.wang).delete()
    wang = signed_in(people, "wang")
    assert rows(wang) == [practice.pk]
    assert "They count in no figure" in wang.get("/").content.decode()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/?cause=damage", ["damage"]),
        ("/?whose=mine", ["mine"]),
        ("/?whose=nobody", ["damage", "other"]),
        ("/?platform=ctrip", ["other"]),
        ("/?stage=doing", []),
        ("/?cause=nonsense&store=99999&whose=x", ["damage", "mine", "other"]),
    ],
)
def test_filters_narrow_and_unknown_words_narrow_nothing(
    people: cast.Cast, mei: Client, address: str, expected: list[str]
) -> None:
    made = {
        "damage": world.case(people.clothes, causes=[("damage", (0, 2))]).pk,
        "mine": world.case(people.clothes, causes=[("price", (0, 2))]).pk,
        "other": world.case(people.hotel, causes=[("noise", (0, 2))]).pk,
    }
    Case.objects.filter(pk=made["mine"]).update(assignee=people.mei)
    assert sorted(rows(mei, address)) == sorted(made[name] for name in expected)


def test_pages_follow_by_key_and_show_every_case_once(people: cast.Cast, mei: Client) -> None:
    made = [world.case(people.clothes, hours_ago=1 + n / 10).pk for n in range(57)]
    first = mei.get("/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    seen = [int(pk) for pk in ROW.findall(first)] + rows(mei, "/" + following[1].replace("&amp;", "&"))
    assert len(seen) == 57
    assert set(seen) == set(made)


@pytest.mark.parametrize(
    "key", ["x", "0~~", "1~2026-11-21T10:00:00+00:00", "0~2026-11-21T10:00:00~3", "0~yesterday~3", "~~~"]
)
def test_a_key_nobody_gave_out_shows_the_first_page(people: cast.Cast, mei: Client, key: str) -> None:
    made = world.case(people.clothes)
    assert rows(mei, f"/?after={key}") == [made.pk]


def test_the_cost_of_the_queue_does_not_grow_with_its_rows(people: cast.Cast, mei: Client) -> None:
    world.case(people.clothes)
    mei.get("/")
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            mei.get("/")
        counts.append(len(asked))
        for _n in range(15):
            world.case(people.hotel)
    assert counts == [QUERIES_OF_THE_QUEUE, QUERIES_OF_THE_QUEUE]


def test_an_empty_queue_says_what_to_do_next(mei: Client) -> None:
    page = mei.get("/").content.decode()
    assert "No bad review is waiting" in page
    assert "Import reviews" in page


def test_somebody_without_a_store_is_shown_how_to_open_one(people: cast.Cast) -> None:
    page = signed_in(people, "eve").get("/").content.decode()
    assert "You do not work in a store yet" in page
    assert 'href="/stores/start/"' in page


def test_an_answered_case_is_not_late_any_more(people: cast.Cast, mei: Client) -> None:
    answered = world.case(people.clothes, stars=2, hours_ago=40)
    Case.objects.filter(pk=answered.pk).update(first_reply_at=clock.now() - timedelta(hours=39))
    page = mei.get("/").content.decode()
    assert "answered in time" in page
    assert '<span class="sev-rest">Later</span>' in page
