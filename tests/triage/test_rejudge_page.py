"""The page of a rejudging and its API: ask, watch, read what would change, decide."""

import re

import pytest
from django.test import Client

from tests import makers
from tests.api.conftest import Calls, call_as, unhurried
from tests.cast import Cast
from tests.safety.pages import text
from tests.triage.other_engine import NAME, Words, other
from wanhui.audit.models import Entry
from wanhui.language import DEFAULT_ENGINE
from wanhui.pipeline.advance import advance, drain
from wanhui.reviews.models import Review
from wanhui.triage import actions as triage
from wanhui.triage.models import Verdict
from wanhui.triage.rejudging import actions, queries
from wanhui.triage.rejudging.models import Rejudging
from wanhui.work.models import Step

__all__ = ["call_as", "other", "unhurried"]

SAID = "很好，快递不错 <b>真的</b>"


@pytest.fixture
def review(people: Cast) -> Review:
    """A happy review of 梅's shop, without stars."""
    made = makers.review(people.clothes, SAID, stars=None)
    triage.judge_reviews([made.pk], actor=None)
    drain()
    return made


def page(client: Client, people: Cast) -> str:
    return text(client.get(f"/stores/{people.clothes.pk}/rejudging/"))


def asked(client: Client, people: Cast, **more: str) -> Rejudging:
    answer = client.post(f"/stores/{people.clothes.pk}/rejudging/", {"engine": NAME, **more})
    assert answer.status_code == 303
    return Rejudging.objects.latest("pk")


def engine_of(review: Review) -> str:
    return Verdict.objects.get(review=review, current=True).engine


def test_asking_looking_and_applying_on_the_page(as_mei: Client, people: Cast, review: Review, other: Words) -> None:
    as_mei.cookies["django_language"] = "en"
    made = asked(as_mei, people)
    assert 'id="progress"' in page(as_mei, people)
    drain()
    shown = page(as_mei, people)
    assert "<strong>1</strong> of 1 texts would read differently (100.0%)" in re.sub(r"\s+", " ", shown)
    assert "1 would be opened" in shown
    assert "很好，快递不错 &lt;b&gt;真的" in shown
    assert engine_of(review) != NAME
    assert as_mei.post(f"/rejudgings/{made.pk}/decide/", {"action": "apply"}).status_code == 303
    drain()
    assert engine_of(review) == NAME
    assert "Put in place" in page(as_mei, people)


def test_leaving_everything_as_it_is(as_mei: Client, people: Cast, review: Review, other: Words) -> None:
    made = asked(as_mei, people)
    drain()
    as_mei.post(f"/rejudgings/{made.pk}/decide/", {"action": "stop"})
    drain()
    assert engine_of(review) != NAME
    assert 'value="apply"' not in page(as_mei, people)


def test_progress_is_told_until_it_is_done_and_then_leads_to_the_page(
    as_mei: Client, people: Cast, review: Review, other: Words
) -> None:
    made = asked(as_mei, people)
    waiting = as_mei.get(f"/rejudgings/{made.pk}/progress/")
    assert 'max="1"' in text(waiting)
    drain()
    assert as_mei.get(f"/rejudgings/{made.pk}/progress/").headers["HX-Redirect"].endswith("/rejudging/")


def test_a_look_that_failed_again_and_again_says_so_on_its_page(
    as_mei: Client, people: Cast, review: Review, other: Words
) -> None:
    made = asked(as_mei, people)
    assert "wanhui retry" not in page(as_mei, people)
    Step.objects.filter(kind="rejudging.look").update(state=Step.State.FAILED)
    assert "wanhui retry" in page(as_mei, people)
    assert "wanhui retry" in text(as_mei.get(f"/rejudgings/{made.pk}/progress/"))


def test_stopped_on_the_way_the_page_says_how_many_are_in_place(
    as_mei: Client, people: Cast, review: Review, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "_A_STRETCH", 1)
    triage.judge_reviews([makers.review(people.clothes, SAID, stars=None).pk], actor=None)
    as_mei.cookies["django_language"] = "en"
    made = asked(as_mei, people)
    drain()
    as_mei.post(f"/rejudgings/{made.pk}/decide/", {"action": "apply"})
    advance(Step.objects.get(kind="rejudging.apply").pk)
    as_mei.post(f"/rejudgings/{made.pk}/decide/", {"action": "stop"})
    drain()
    assert "1 of 2 verdicts are in place and stay" in page(as_mei, people)
    assert Entry.objects.get(verb="triage.stop_rejudging").counts == {"verdicts": 1, "changed": 1}


def test_who_only_looks_on_sees_the_finding_and_no_button(
    as_mei: Client, people: Cast, review: Review, other: Words
) -> None:
    asked(as_mei, people)
    drain()
    viewer = Client()
    viewer.force_login(people.viewer)
    shown = page(viewer, people)
    assert NAME in shown
    assert "<form class=\"panel" not in shown
    viewer.post(f"/stores/{people.clothes.pk}/rejudging/", {"engine": NAME})
    assert Rejudging.objects.count() == 1


def test_days_the_wrong_way_round_are_told_at_the_form(as_mei: Client, people: Cast, other: Words) -> None:
    answer = as_mei.post(
        f"/stores/{people.clothes.pk}/rejudging/", {"engine": NAME, "since": "2026-02-01", "until": "2026-01-01"}
    )
    assert 'class="errors"' in text(answer)
    assert not Rejudging.objects.exists()


@pytest.mark.parametrize("wrong", [{"engine": "nobody-1"}, {"since": "yesterday"}, {"until": "2026-13-01"}])
def test_what_the_form_does_not_offer_is_refused(
    as_mei: Client, people: Cast, other: Words, wrong: dict[str, str]
) -> None:
    answer = as_mei.post(f"/stores/{people.clothes.pk}/rejudging/", {"engine": NAME, **wrong})
    assert answer.status_code == 200
    assert not Rejudging.objects.exists()


def test_the_page_asks_as_little_for_many_reviews_as_for_one(
    as_mei: Client, people: Cast, review: Review, other: Words, django_assert_max_num_queries: object
) -> None:
    asked(as_mei, people)
    drain()
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        page(as_mei, people)


def test_through_the_api(call_as: Calls, people: Cast, review: Review, other: Words) -> None:
    mei = call_as("mei")
    assert NAME in mei.get("/engines")["names"]
    made = mei("post", f"/stores/{people.clothes.pk}/rejudgings", {"engine": NAME}).json()
    assert made["state"] == "looking"
    drain()
    found = mei.get(f"/rejudgings/{made['id']}")
    assert (found["state"], found["found"]["changed"], found["found"]["cases"]) == ("looked", 1, {"open": 1})
    assert found["found"]["examples"][0]["new"]["causes"] == ["delivery"]
    assert mei("post", f"/rejudgings/{made['id']}/apply").json()["state"] == "applying"
    drain()
    done = mei.get(f"/rejudgings/{made['id']}")
    assert (done["state"], done["applied"]["changed"], engine_of(review)) == ("applied", 1, NAME)
    again = mei("post", f"/rejudgings/{made['id']}/stop")
    assert (again.status_code, again.json()["code"]) == (409, "refused")


def test_what_was_said_before_is_shown_with_who_said_it(
    as_mei: Client, call_as: Calls, people: Cast, review: Review, other: Words
) -> None:
    made = asked(as_mei, people)
    drain()
    as_mei.post(f"/rejudgings/{made.pk}/decide/", {"action": "apply"})
    drain()
    shown = text(as_mei.get(f"/reviews/{review.pk}/verdicts/"))
    assert shown.index(NAME) < shown.index(DEFAULT_ENGINE)
    assert f"/reviews/{review.pk}/verdicts/" in text(as_mei.get(f"/reviews/{review.pk}/", follow=True))
    told = call_as("mei").get(f"/reviews/{review.pk}/verdicts")
    assert [(each["engine"], each["current"]) for each in told] == [(NAME, True), (DEFAULT_ENGINE, False)]
    assert call_as("anna")("get", f"/reviews/{review.pk}/verdicts").status_code == 404


def test_the_way_there_is_shown_to_those_who_may(as_mei: Client, people: Cast) -> None:
    address = f'href="/stores/{people.clothes.pk}/rejudging/"'
    assert address in text(as_mei.get(f"/stores/{people.clothes.pk}/"))
    li = Client()
    li.force_login(people.li)
    assert address not in text(li.get(f"/stores/{people.clothes.pk}/"))
