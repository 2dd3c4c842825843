"""Moments, lengths of time, shares and stars in three languages; the language and the password of a person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from tests import cast
from wanhui.kit import clock
from wanhui.web.templatetags import desk_text as text

MOMENT = datetime(2026, 11, 21, 6, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MOMENT)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "11月21日 14:05"), ("de", "21.11.2026 14:05"), ("en", "21 Nov 2026, 14:05")],
)
def test_a_moment_is_told_in_the_manner_of_the_language(language: str, words: str) -> None:
    with translation.override(language):
        assert f">{words}</time>" in text.moment(MOMENT, "Asia/Shanghai")


def test_a_moment_is_told_in_the_stores_own_zone() -> None:
    with translation.override("de"):
        assert "07:05" in text.moment(MOMENT, "Europe/Berlin")


def test_chinese_days_of_another_year_say_the_year() -> None:
    with translation.override("zh-hans"):
        assert "2025年12月31日" in text.day(date(2025, 12, 31))


def test_what_is_missing_stays_missing() -> None:
    with translation.override("en"):
        assert [text.day(None), text.moment(None), text.duration(None)] == ["", "", ""]
        assert text.percent(None) == "–"
        assert "no star" in text.stars(None)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=42), "0:42"),
        (-timedelta(hours=5, minutes=10), "5:10"),
        (timedelta(hours=23, minutes=59, seconds=59), "23:59"),
        (timedelta(hours=29), "1 d 5 h"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=9, hours=3), "9 days"),
    ],
)
def test_lengths_of_time_are_short(length: timedelta, words: str) -> None:
    with translation.override("en"):
        assert text.duration(length) == words


def test_a_share_has_one_decimal() -> None:
    with translation.override("en"):
        assert text.percent(0.0183) == "1.8%"


def test_stars_have_words_for_those_who_cannot_see_them() -> None:
    with translation.override("en"):
        assert 'aria-label="2 of 5 stars"' in text.stars(2)


def test_the_switch_changes_the_language_and_it_stays_with_the_person(people: cast.Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    assert 'lang="en"' in client.get("/login/").content.decode()
    client.post("/language/", {"language": "de", "next": "/login/"})
    assert 'lang="de"' in client.get("/login/").content.decode()
    client.force_login(people.mei)
    client.post("/language/", {"language": "en", "next": "/"})
    people.mei.refresh_from_db()
    assert people.mei.language == "en"


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(db: None, client: Client, back: str) -> None:
    answer = client.post("/language/", {"language": "de", "next": back})
    assert answer.headers["location"] == "/"


def test_an_unknown_language_changes_nothing(people: cast.Cast, client: Client) -> None:
    client.force_login(people.mei)
    client.post("/language/", {"language": "xx", "next": "/"})
    people.mei.refresh_from_db()
    assert people.mei.language == "zh-hans"


def test_signing_in_brings_the_persons_own_language(people: cast.Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/login/", {"username": "anna", "password": cast.PASSWORD})
    assert client.session["language"] == "de"


def test_ones_own_password_is_changed_and_one_stays_signed_in(people: cast.Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.mei)
    new = "drei blaue hosen"
    answer = client.post("/password/", {"present": cast.PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    people.mei.refresh_from_db()
    assert people.mei.check_password(new)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("present", "new", "again", "words"),
    [
        ("wrong", "drei blaue hosen", "drei blaue hosen", "The old password is not right"),
        (cast.PASSWORD, "drei blaue hosen", "drei rote hosen", "The two new passwords differ"),
        (cast.PASSWORD, "kurz", "kurz", "too short"),
    ],
)
def test_a_refused_password_says_why(people: cast.Cast, present: str, new: str, again: str, words: str) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.mei)
    answer = client.post("/password/", {"present": present, "new": new, "again": again})
    assert words in answer.content.decode()
    people.mei.refresh_from_db()
    assert people.mei.check_password(cast.PASSWORD)
