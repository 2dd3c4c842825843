"""Pure decisions on the playbook: may we reply, until when, what to do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.playbook.loader import book
from wanhui.playbook.rules import can_reply, may_ask_for_change, pack_of, plays_for, reply_window_closes

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("platform", "channel", "answer"),
    [
        ("taobao", "public", "yes"),
        ("otto", "public", "no"),
        ("otto", "private", "no"),
        ("google", "private", "no"),
        ("ctrip", "public", "unverified"),
        ("a platform nobody knows", "public", "unverified"),
    ],
)
def test_whether_a_platform_takes_our_words(platform: str, channel: str, answer: str) -> None:
    assert can_reply(platform, channel) == answer  # type: ignore[arg-type]


def test_taobao_closes_after_thirty_days_and_pinduoduo_after_three() -> None:
    assert reply_window_closes("taobao", NOON) == NOON + timedelta(days=30)
    assert reply_window_closes("pdd", NOON) == NOON + timedelta(hours=72)


def test_google_never_closes_and_jd_is_unverified() -> None:
    assert reply_window_closes("google", NOON) is None
    assert reply_window_closes("jd", NOON) == "unverified"


def test_on_taobao_a_follow_up_closes_the_window_at_once() -> None:
    day = NOON + timedelta(days=4)
    assert reply_window_closes("taobao", NOON, True, follow_up_at=day) == day
    assert reply_window_closes("taobao", NOON, has_follow_up=True) == NOON
    assert reply_window_closes("google", NOON, has_follow_up=True) is None


@given(
    st.sampled_from(sorted(book().platforms)), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.booleans()
)
def test_a_window_never_closes_before_the_review_was_published(platform: str, when: datetime, followed: bool) -> None:
    published = when.replace(tzinfo=UTC)
    closes = reply_window_closes(platform, published, followed)
    assert closes in (None, "unverified") or (isinstance(closes, datetime) and closes >= published)


def test_asking_for_a_change_is_allowed_on_ebay_only_and_only_once_solved() -> None:
    allowed = {platform for platform in book().platforms if may_ask_for_change(platform, resolved=True)}
    assert allowed == {"ebay"}
    assert not may_ask_for_change("ebay", resolved=False)


def test_an_unknown_platform_gets_the_pack_where_nothing_is_verified() -> None:
    assert pack_of("nowhere").id == "other"
    assert not pack_of("nowhere").reply_path.known


def test_the_plays_come_most_urgent_first_and_each_once() -> None:
    plays = plays_for(["delivery.slow", "delivery", "preference", "no such cause"], ["safety"])
    assert [play.code for play in plays] == ["safety", "delivery", "preference"]


def test_no_play_is_an_empty_list() -> None:
    assert plays_for([], []) == []


def test_a_sub_cause_brings_the_play_that_cures_it_beside_that_of_its_cause() -> None:
    assert {play.code for play in plays_for(["delivery.rude_courier"])} == {"delivery", "service"}
