"""One review typed or pasted, for places without an export."""

import io
import struct
import zlib
from datetime import UTC, date, datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.kit.errors import Refused
from wanhui.reviews import actions
from wanhui.reviews.models import Review
from wanhui.reviews.typed import Typed, image_ending
from wanhui.work.models import Step

COMPLAINT = Typed(
    text="房间有霉味&hellip;\r\n前台不理人", stars=2, said_on=date(2026, 11, 1), said_time=time(9, 30), buyer="林**"
)


def png(width: int = 1, height: int = 1) -> bytes:
    """The smallest picture of its kind."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", pixels) + part(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x11\x11\x00" + b"\x00" * 9 + b"\xff\xd9"


def test_a_typed_review_is_stored_cleanly_judged_next_and_in_the_record(people: Cast) -> None:
    review = actions.type_in(people.hotel, COMPLAINT, actor=people.mei)
    review.refresh_from_db()
    assert (review.text, review.stars, review.typed) == ("房间有霉味…\n前台不理人", 2, True)
    assert (review.said_at, review.precision) == (datetime(2026, 11, 1, 1, 30, tzinfo=UTC), "minute")
    assert Step.objects.get(kind="reviews.received").ids == [review.pk]
    assert Entry.objects.get().verb == "reviews.type_in"


def test_stars_alone_are_a_review_and_what_is_unknown_stays_empty(people: Cast) -> None:
    review = actions.type_in(people.hotel, Typed(stars=1), actor=people.mei)
    assert (review.no_text, review.said_on, review.said_at, review.precision) == (True, None, None, "")


def test_a_follow_up_below_the_text_becomes_one(people: Cast) -> None:
    review = actions.type_in(people.clothes, Typed(text="还行\n3天后追评：掉色了"), actor=people.li)
    assert [(later.text, later.days_after) for later in review.follow_ups.all()] == [("掉色了", 3)]


@pytest.mark.parametrize(
    "typed",
    [
        Typed(), Typed(text="此用户没有填写评价。"), Typed(text="好" * 10_001),
        Typed(text="好", said_on=date(2099, 1, 1)),
    ],
    ids=["nothing", "placeholder", "too long", "future"],
)  # fmt: skip
def test_what_cannot_be_a_review_is_refused(people: Cast, typed: Typed) -> None:
    with pytest.raises(Refused):
        actions.type_in(people.hotel, typed, actor=people.mei)
    assert (Review.objects.count(), Entry.objects.count()) == (0, 0)


def test_the_same_review_is_not_taken_twice(people: Cast) -> None:
    actions.type_in(people.hotel, COMPLAINT, actor=people.mei)
    with pytest.raises(Refused):
        actions.type_in(people.hotel, COMPLAINT, actor=people.mei)
    assert Review.objects.count() == 1


def test_a_viewer_may_not_type_a_review(people: Cast) -> None:
    with pytest.raises(Refused):
        actions.type_in(people.clothes, COMPLAINT, actor=people.viewer)


@pytest.mark.parametrize(("data", "ending"), [(png(), "png"), (JPEG, "jpg")])
def test_a_picture_is_known_by_what_is_in_it(data: bytes, ending: str) -> None:
    assert image_ending(data) == ending


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a" + b"0" * 90, png()[:40],
        png(0, 5), png(70_000, 1), JPEG[:20], b"<html>" + png(), b"\xff\xd8\xff\xd9",
    ],
    ids=["empty", "svg", "gif", "cut png", "no width", "too wide", "cut jpeg", "html first", "bare jpeg"],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(people: Cast, data: bytes) -> None:
    assert image_ending(data) == ""
    with pytest.raises(Refused):
        actions.type_in(people.hotel, COMPLAINT, actor=people.mei, screenshot=io.BytesIO(data))
    assert Review.objects.count() == 0


def test_a_picture_beyond_the_limit_is_refused(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_SCREENSHOT", 40)
    with pytest.raises(Refused):
        actions.type_in(people.hotel, COMPLAINT, actor=people.mei, screenshot=io.BytesIO(png()))


def test_a_screenshot_is_shown_to_the_stores_people_only(as_mei: Client, people: Cast) -> None:
    review = actions.type_in(people.hotel, COMPLAINT, actor=people.mei, screenshot=io.BytesIO(png()))
    assert review.screenshot.name is not None
    assert len(review.screenshot.name) > len("screenshots/.png") + 30
    address = reverse("desk:screenshot", args=[review.pk])
    shown = as_mei.get(address)
    assert b"".join(shown.streaming_content) == png()  # type: ignore[attr-defined]
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    as_mei.force_login(people.anna)
    assert as_mei.get(address).status_code == 404


def test_from_the_form_to_the_review(as_mei: Client, people: Cast) -> None:
    answer = as_mei.post(
        reverse("reviews:type_in"),
        {
            "store": people.hotel.pk, "text": "隔音太差", "stars": "1", "said_on": "2026-11-02",
            "link": "https://example.org/r/1", "screenshot": SimpleUploadedFile("a.png", png()),
        },
    )  # fmt: skip
    review = Review.objects.get()
    assert answer.headers["Location"] == reverse("desk:review", args=[review.pk])
    assert (review.text, review.link, review.typed) == ("隔音太差", "https://example.org/r/1", True)


def test_what_was_typed_stays_in_the_form_when_it_is_refused(as_mei: Client, people: Cast) -> None:
    sent = {"store": people.hotel.pk, "text": "隔音太差", "said_on": "2099-01-01"}
    answer = as_mei.post(reverse("reviews:type_in"), sent)
    assert (answer.status_code, Review.objects.count()) == (200, 0)
    assert "隔音太差" in answer.content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x"])
def test_a_link_that_could_run_something_is_refused(as_mei: Client, people: Cast, link: str) -> None:
    as_mei.post(reverse("reviews:type_in"), {"store": people.hotel.pk, "text": "隔音太差", "link": link})
    assert Review.objects.count() == 0


def test_a_foreign_store_cannot_be_chosen(people: Cast, client: Client) -> None:
    client.force_login(people.eve)
    client.post(reverse("reviews:type_in"), {"store": people.clothes.pk, "text": "隔音太差"})
    assert Review.objects.count() == 0
