"""What changed since one looked, who else is there, and the pulse that says so without a reload."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases import actions
from wanhui.cases.models import Case
from wanhui.desk.models import Look, Seat
from wanhui.kit import clock

QUERIES_OF_A_CASE = 32
QUERIES_OF_A_PULSE = 10


@pytest.fixture
def case(people: cast.Cast) -> Case:
    return world.case(people.clothes)


def ago(**time: float) -> None:
    """Let everything that was remembered have happened earlier."""
    gap = timedelta(**time)
    for look in Look.objects.all():
        Look.objects.filter(pk=look.pk).update(at=look.at - gap, since=look.since - gap, here_at=look.here_at - gap)
    for seat in Seat.objects.all():
        Seat.objects.filter(pk=seat.pk).update(here_at=seat.here_at - gap, since=seat.since - gap)


def test_a_row_that_a_colleague_changed_carries_a_dot_until_one_looks(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    mei.get(f"/cases/{case.pk}/")
    assert "Changed since you looked" not in mei.get("/").content.decode()
    actions.add_note(case, "仓库今天补发", actor=people.wang)
    page = mei.get("/").content.decode()
    assert "Changed since you looked" in page
    assert 'id="tab-news">1<' in page
    mei.get(f"/cases/{case.pk}/")
    assert "Changed since you looked" not in mei.get("/").content.decode()


def test_ones_own_deeds_are_no_news(people: cast.Cast, mei: Client, case: Case) -> None:
    mei.get(f"/cases/{case.pk}/")
    actions.add_note(case, "我写的", actor=people.mei)
    assert "Changed since you looked" not in mei.get("/").content.decode()


def test_the_case_page_marks_the_lines_that_are_new_and_says_since_when(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    case.log.update(at=clock.now() - timedelta(hours=2))
    mei.get(f"/cases/{case.pk}/")
    ago(hours=1)
    actions.add_note(case, "仓库今天补发", actor=people.wang)
    actions.add_note(case, "顾客同意", actor=people.li)
    page = mei.get(f"/cases/{case.pk}/").content.decode()
    assert re.search(r"Since you looked, <time.*</time>: 2 new", page)
    assert page.count("log-fresh") == 2
    assert mei.get(f"/cases/{case.pk}/").content.decode().count("log-fresh") == 2, "a reload is the same visit"
    ago(minutes=11)
    case.log.update(at=clock.now() - timedelta(minutes=30))
    assert mei.get(f"/cases/{case.pk}/").content.decode().count("log-fresh") == 0


def test_cases_that_came_since_the_last_visit_are_new_and_can_be_asked_for(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    mei.get("/")
    ago(hours=2)
    Case.objects.filter(pk=case.pk).update(opened_at=clock.now() - timedelta(hours=3))
    fresh = world.case(people.clothes, hours_ago=1)
    page = mei.get("/?news=1").content.decode()
    assert re.findall(r'data-row href="/cases/(\d+)/"', page) == [str(fresh.pk)]
    assert "New since your last visit" in page


def test_the_pulse_counts_only_in_tabs_that_the_page_has(people: cast.Cast, mei: Client, case: Case) -> None:
    """The tab of news comes with the first news; a page made before has no place for its count."""
    mei.get(f"/cases/{case.pk}/")
    page = mei.get("/").content.decode()
    there = re.search(r'name="tabs" value="([^"]*)"', page)
    assert there is not None
    assert "news" not in there[1].split()
    born = quote(clock.now().isoformat())
    actions.add_note(case, "仓库今天补发", actor=people.wang)
    told = mei.get("/pulse/", {"born": clock.now().isoformat(), "tabs": there[1]}).content.decode()
    assert 'id="tab-all"' in told
    assert 'id="tab-news"' not in told
    assert 'id="tab-news"' in mei.get(f"/pulse/?born={born}&tabs=all news").content.decode()


def test_the_pulse_says_nothing_when_nothing_changed(mei: Client, case: Case) -> None:
    asked = f"/pulse/?born={quote(clock.now().isoformat())}"
    first = mei.get(asked)
    known = re.search(r'id="pulse-known" value="(\w+)"', first.content.decode())
    assert known is not None
    again = mei.get(f"{asked}&known={known[1]}")
    assert (again.status_code, again.content) == (204, b"")


def test_the_pulse_tells_of_new_and_changed_cases_under_the_filter_only(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(opened_at=clock.now() - timedelta(hours=1))
    case.log.update(at=clock.now() - timedelta(hours=1))
    born = quote(clock.now().isoformat())
    world.case(people.clothes, causes=[("price", (0, 2))])
    actions.claim(case, actor=people.wang)
    told = mei.get(f"/pulse/?born={born}").content.decode()
    assert "1 new case" in told
    assert "1 case changed" in told
    assert 'id="count-queue" hx-swap-oob="true">2<' in told
    narrowed = mei.get(f"/pulse/?born={born}&cause=price").content.decode()
    assert "1 new case" in narrowed
    assert "changed" not in narrowed
    assert "new case" not in mei.get(f"/pulse/?born={born}&cause=noise").content.decode()


def test_who_else_is_on_the_case_is_shown_and_forgotten_after_a_minute(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    wang = signed_in(people, "wang")
    wang.get(f"/cases/{case.pk}/")
    mei.get(f"/cases/{case.pk}/")
    asked = f"/pulse/?case={case.pk}&line=1"
    assert "老王 is looking at this case" in mei.get(asked).content.decode()
    wang.get(f"{asked}&writing=1")
    assert "老王 is writing on this case" in mei.get(asked).content.decode()
    ago(minutes=1)
    assert "老王" not in mei.get(asked).content.decode()


def test_what_a_colleague_did_meanwhile_is_said_before_one_sends(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    last = case.log.latest("pk").pk
    actions.assign(case, people.li, actor=people.wang)
    told = mei.get(f"/pulse/?case={case.pk}&line={last}").content.decode()
    assert "小李 is in charge (老王)" in told
    assert "Meanwhile" not in signed_in(people, "wang").get(f"/pulse/?case={case.pk}&line={last}").content.decode()


def test_what_somebody_typed_is_kept_when_the_case_was_changed_before_they_closed_it(
    people: cast.Cast, mei: Client, case: Case
) -> None:
    seen = case.version
    actions.claim(case, actor=people.wang)
    mei.post(f"/cases/{case.pk}/close/", {"version": seen, "outcome": "satisfied", "conclusion": "已经补发赠品"})
    page = mei.get(f"/cases/{case.pk}/").content.decode()
    assert "老王 is in charge" in page
    assert "已经补发赠品" in page
    case.refresh_from_db()
    assert case.closed_at is None


@pytest.mark.parametrize("asked", ["born=x", "case=99999999", "case=x&line=y", "born=2026-11-21T10:00:00", "line=9"])
def test_a_pulse_of_nonsense_is_no_crash(mei: Client, case: Case, asked: str) -> None:
    assert mei.get(f"/pulse/?{asked}").status_code in (200, 404)


def test_the_cost_of_a_case_and_of_a_pulse_stays_what_it_is(people: cast.Cast, mei: Client, case: Case) -> None:
    def cost(address: str) -> int:
        mei.get(address)
        with CaptureQueriesContext(connection) as asked:
            mei.get(address)
        return len(asked)

    born = quote(clock.now().isoformat())
    page, pulse = cost(f"/cases/{case.pk}/"), cost(f"/pulse/?born={born}")
    for _n in range(5):
        world.case(people.clothes)
        actions.add_note(case, "又一条", actor=people.wang)
    assert (page, cost(f"/cases/{case.pk}/")) == (QUERIES_OF_A_CASE, QUERIES_OF_A_CASE)
    assert (pulse, cost(f"/pulse/?born={born}")) == (QUERIES_OF_A_PULSE, QUERIES_OF_A_PULSE)
