"""Please check first: the page that asks one verdict after the other; kinds of follow-ups on pages and in filters."""

import re

import pytest
from django.test import Client

from tests import makers
from tests.cast import Cast
from tests.desk.conftest import signed_in
from wanhui.triage.models import Verdict

pytestmark = pytest.mark.django_db


def doubted(people: Cast, text: str, **more: object) -> Verdict:
    return makers.verdict(makers.review(people.clothes, text), "quality", unsure=True, to_check=True, **more)


def test_the_most_urgent_is_shown_whole_and_the_others_in_lines(people: Cast, mei: Client) -> None:
    later, first = doubted(people, "裤脚好像开线"), doubted(people, "穿了起疹子", severity=1)
    page = mei.get("/check/").content.decode()
    assert page.index("穿了起疹子") < page.index("裤脚好像开线")
    assert f"/verdicts/{first.pk}/confirm/" in page
    assert f"/verdicts/{later.pk}/confirm/" not in page
    assert 'data-key="y"' in page
    assert 'data-key="e"' in page


def test_a_yes_brings_the_next_one(people: Cast, mei: Client) -> None:
    first, later = doubted(people, "穿了起疹子", severity=1), doubted(people, "裤脚好像开线")
    answer = mei.post(f"/verdicts/{first.pk}/confirm/", headers={"referer": "http://testserver/check/"}, follow=True)
    page = answer.content.decode()
    assert "穿了起疹子" not in page
    assert f"/verdicts/{later.pk}/confirm/" in page


def test_what_is_left_for_later_stays_and_the_next_one_is_shown(people: Cast, mei: Client) -> None:
    doubted(people, "穿了起疹子", severity=1)
    later = doubted(people, "裤脚好像开线")
    page = mei.get("/check/").content.decode()
    [address] = re.findall(r'href="(\?after=[^"]+)" data-key="j"', page)
    assert f"/verdicts/{later.pk}/confirm/" in mei.get(f"/check/{address}").content.decode()
    assert Verdict.objects.filter(to_check=True).count() == 2


def test_nonsense_for_a_place_begins_at_the_top(people: Cast, mei: Client) -> None:
    found = doubted(people, "穿了起疹子")
    for after in ("x", "1~", "~", "1~x", "99~1", "-1~-1", f"1~{2**70}"):
        page = mei.get("/check/", {"after": after})
        assert f"/verdicts/{found.pk}/confirm/" in page.content.decode()


def test_an_empty_page_says_what_it_is_for(mei: Client) -> None:
    assert "Nothing waits to be checked" in mei.get("/check/").content.decode()


def test_the_queue_leads_there_only_while_something_waits(people: Cast, mei: Client) -> None:
    assert 'class="to-check"' not in mei.get("/").content.decode()
    doubted(people, "穿了起疹子")
    assert 'class="to-check"' in mei.get("/").content.decode()


def test_a_viewer_reads_and_has_no_button(people: Cast) -> None:
    doubted(people, "穿了起疹子")
    page = signed_in(people, "viewer").get("/check/").content.decode()
    assert "穿了起疹子" in page
    assert "/confirm/" not in page


def test_the_page_says_how_often_such_verdicts_are_right(people: Cast, mei: Client) -> None:
    doubted(people, "穿了起疹子", engine="linear-2026-11")
    assert re.search(r"Not sure: of verdicts like this one \d+% are right", mei.get("/check/").content.decode())


def test_an_engine_nobody_measured_is_told_as_such(people: Cast, mei: Client) -> None:
    doubted(people, "穿了起疹子", engine="never-measured")
    assert "was not measured" in mei.get("/check/").content.decode()


def test_the_cost_of_the_page_does_not_grow_with_what_waits(
    people: Cast, mei: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        doubted(people, f"第{number}条")
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        mei.get("/check/")


def advert(people: Cast, **more: object) -> Verdict:
    review = makers.review(people.clothes, "很好", stars=5)
    makers.verdict(review)
    later = makers.follow_up(review, "同款加我微信 abc12345")
    return makers.verdict(review, later=later, kind="advert", kind_evidence=[[0, 17]], **more)


def test_an_advert_asks_to_be_reported_and_nothing_is_drafted(people: Cast, mei: Client) -> None:
    found = advert(people)
    page = mei.get(f"/reviews/{found.review_id}/?reply={found.review_id}-{found.follow_up_id}").content.decode()
    assert "Report it to the platform instead of answering" in page
    assert "nothing is drafted" in page


def test_a_kind_that_is_not_sure_accuses_nobody(people: Cast, mei: Client) -> None:
    page = mei.get(f"/reviews/{advert(people, kind_sure=False).review_id}/").content.decode()
    assert "probably advertising" in page
    assert "Report it" not in page


def test_the_list_narrows_to_reviews_with_a_kind_of_follow_up_each_once(people: Cast, mei: Client) -> None:
    found = advert(people)
    again = makers.follow_up(found.review, "想要的私我", position=2)
    makers.verdict(found.review, later=again, kind="advert")
    makers.verdict(makers.review(people.clothes, "别的一条"), "quality")
    page = mei.get("/reviews/?later=advert").content.decode()
    assert page.count(f'href="/reviews/{found.review_id}/"') == 1
    assert "别的一条" not in page
    assert f'href="/reviews/{found.review_id}/"' not in mei.get("/reviews/?later=offtopic").content.decode()
    assert f'href="/reviews/{found.review_id}/"' in mei.get("/reviews/?later=advert&mood=good").content.decode()
    assert f'href="/reviews/{found.review_id}/"' not in mei.get("/reviews/?later=advert&mood=bad").content.decode()
