"""The other pages: reviews, one review, the record, figures; and the rules that hold for all of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases.models import Case
from wanhui.kit import clock

PAGES = ["/", "/queue/", "/cases/", "/cases/closed/", "/reviews/", "/record/", "/figures/", "/stores/",
         "/stores/start/", "/password/", "/check/", "/check/?older=1"]


@pytest.mark.parametrize("address", [*PAGES, "/cases/1/", "/reviews/1/", "/reviews/1/screenshot/", "/stores/1/"])
@pytest.mark.django_db
def test_every_page_asks_for_signing_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/login/?next=")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_with_and_without_rows(people: cast.Cast, mei: Client, address: str) -> None:
    assert mei.get(address).status_code == 200
    world.case(people.clothes)
    world.review(people.clothes, "很好", stars=5, causes=[], sentiment="positive")
    answer = mei.get(address)
    assert answer.status_code == 200
    assert "style=" not in answer.content.decode()
    assert not re.search(r"\son[a-z]+=", answer.content.decode())


def test_all_reviews_are_listed_newest_first_with_filters(people: cast.Cast, mei: Client) -> None:
    good = world.review(people.clothes, "很好", stars=5, causes=[], sentiment="positive", hours_ago=30)
    bad = world.review(people.clothes, hours_ago=60)
    world.review(people.otto, "Gut", stars=5, causes=[], sentiment="positive")
    found = re.compile(r'data-row href="/reviews/(\d+)/"')

    def listed(query: str = "") -> list[int]:
        return [int(pk) for pk in found.findall(mei.get(f"/reviews/{query}").content.decode())]

    assert listed() == [good.pk, bad.pk]
    assert listed("?mood=bad") == [bad.pk]
    assert listed("?mood=good") == [good.pk]
    assert listed("?cause=fulfilment") == [bad.pk]
    assert listed("?cause=price") == []


def test_reviews_page_by_day_and_id_and_undated_ones_come_last(people: cast.Cast, mei: Client) -> None:
    for n in range(52):
        made = world.review(people.clothes, "好", stars=5, causes=[], sentiment="positive", hours_ago=24 * (n % 5))
    type(made).objects.filter(pk=made.pk).update(said_on=None, said_at=None)
    seen: list[str] = []
    address = "/reviews/"
    while address:
        text = mei.get(address).content.decode()
        seen += re.findall(r'data-row href="/reviews/(\d+)/"', text)
        more = re.search(r'rel="next" href="([^"]+)"', text)
        address = "/reviews/" + more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 52
    assert seen[-1] == str(made.pk)


def test_a_good_review_has_a_page_and_can_become_a_case(people: cast.Cast, mei: Client) -> None:
    good = world.review(people.clothes, "面料很舒服", stars=5, causes=[], sentiment="positive")
    assert "面料很舒服" in mei.get(f"/reviews/{good.pk}/").content.decode()
    answer = mei.post(reverse("cases:open", args=[good.pk]))
    case = Case.objects.get()
    assert answer.headers["location"] == f"/cases/{case.pk}/"
    assert mei.get(f"/reviews/{good.pk}/").headers["location"] == f"/cases/{case.pk}/"


def test_the_record_tells_who_did_what_and_keeps_to_ones_own_stores(people: cast.Cast, mei: Client) -> None:
    case = world.case(people.clothes, buyer="衣柜里的猫")
    mei.post(reverse("cases:claim", args=[case.pk]), {"version": case.version})
    page = mei.get("/record/").content.decode()
    assert "Case given to somebody" in page
    assert "梅" in page
    assert "衣柜里的猫" not in page
    assert world.TEXT not in page
    assert "Case given to somebody" not in mei.get("/record/?room=stores.").content.decode()
    assert "Case given to somebody" not in mei.get(f"/record/?person={people.li.pk}").content.decode()
    assert "Case given to somebody" not in signed_in(people, "anna").get("/record/").content.decode()


def test_a_missing_page_is_a_designed_state(mei: Client) -> None:
    answer = mei.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_plain_words(people: cast.Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(people.mei)
    answer = client.post("/stores/start/", {"name": "新店", "platform": "taobao"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()


def test_a_crash_shows_the_designed_page(people: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_args: object, **_more: object) -> None:
        raise RuntimeError("invented")

    monkeypatch.setattr("wanhui.analytics.views.queries.dashboard", fall)
    client = signed_in(people, "mei")
    client.raise_request_exception = False
    answer = client.get("/figures/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_closed_cases_page_by_the_moment_of_closing(people: cast.Cast, mei: Client) -> None:
    made = [world.case(people.clothes) for _n in range(53)]
    for minutes, case in enumerate(made):
        Case.objects.filter(pk=case.pk).update(
            closed_at=clock.now() - timedelta(minutes=minutes % 7), outcome="satisfied", stage="closed"
        )
    first = mei.get("/cases/closed/").content.decode()
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more is not None
    second = mei.get("/cases/closed/" + more[1].replace("&amp;", "&")).content.decode()
    seen = re.findall(r'data-row href="/cases/(\d+)/"', first + second)
    assert len(seen) == len(set(seen)) == 53
    assert mei.get("/cases/closed/?before=2026-11-21~3").status_code == 200
