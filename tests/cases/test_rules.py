"""Stages, clocks and outcomes, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.cases.rules import (
    ORDER,
    Clock,
    Outcome,
    Stage,
    may_close,
    next_stages,
    opens_case,
    reply_clock,
    reply_due,
    urgency,
    won_back,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
hours = st.integers(min_value=-500, max_value=500).map(lambda h: timedelta(hours=h))


@pytest.mark.parametrize("stage", list(Stage))
def test_no_stage_leads_to_closed_because_closing_needs_outcome_and_conclusion(stage: Stage) -> None:
    assert Stage.CLOSED not in next_stages(stage)


def test_a_case_goes_forward_to_any_later_stage_and_one_step_back() -> None:
    assert next_stages(Stage.PLANNED) == (Stage.DOING, Stage.FOLLOWING, Stage.SUMMED_UP, Stage.VERIFIED)
    assert next_stages(Stage.DISCOVERED) == ORDER[1:-1]
    assert next_stages(Stage.CLOSED) == ()


def test_nothing_closes_without_outcome_and_conclusion() -> None:
    assert may_close("", "we resent it") == "outcome"
    assert may_close("hope", "we resent it") == "outcome"
    assert may_close(Outcome.SATISFIED, "  ok ") == "conclusion"
    assert may_close(Outcome.SATISFIED, "补发了围巾，顾客满意") == ""


def test_a_bad_review_of_the_thirtieth_day_opens_a_case_and_of_the_next_day_is_archive() -> None:
    today = date(2026, 11, 21)
    asked = {"bad": True, "store_is_open": True, "today": today, "max_age_days": 30}
    assert opens_case(said_on=today - timedelta(days=30), **asked)
    assert not opens_case(said_on=today - timedelta(days=31), **asked)
    assert opens_case(said_on=None, **asked)
    assert not opens_case(said_on=today, **(asked | {"bad": False}))
    assert not opens_case(said_on=today, **(asked | {"store_is_open": False}))


def test_a_platform_without_replies_has_no_reply_clock() -> None:
    assert reply_due(NOON, 24, can_reply=False, window_closes=None) is None
    assert reply_clock(None, None, NOON) == Clock("none", None)


@given(hours)
def test_the_due_time_is_never_after_a_window_that_closes_later_than_now(closing: timedelta) -> None:
    due = reply_due(NOON, 24, can_reply=True, window_closes=NOON + closing)
    assert due is not None
    assert due > NOON
    if closing > timedelta(0):
        assert due <= NOON + closing


@given(hours, hours)
def test_a_late_answer_stays_late_whenever_one_looks(answered: timedelta, looked: timedelta) -> None:
    clock = reply_clock(NOON, NOON + answered, NOON + looked)
    assert clock.state == ("met" if answered <= timedelta(0) else "met_late")
    assert clock.left == -answered


@given(hours)
def test_an_open_clock_is_late_exactly_after_its_due_time_and_soon_in_the_last_four_hours(looked: timedelta) -> None:
    clock = reply_clock(NOON, None, NOON + looked)
    assert clock.left == -looked
    assert (clock.state == "late") == (looked > timedelta(0))
    assert (clock.state == "soon") == (timedelta(hours=-4) <= looked <= timedelta(0))


def test_safety_and_lateness_come_now_and_a_quiet_case_later() -> None:
    calm = Clock("ok", timedelta(hours=20))
    assert urgency(1, calm) == "now"
    assert urgency(3, Clock("late", -timedelta(hours=1))) == "now"
    assert urgency(3, Clock("soon", timedelta(hours=1))) == "today"
    assert urgency(2, calm) == "today"
    assert urgency(3, calm) == "later"


def test_void_and_removed_cases_count_neither_as_won_nor_as_lost() -> None:
    assert won_back(Outcome.VOID) is None
    assert won_back(Outcome.REMOVED) is None
    assert won_back("") is None
    assert won_back(Outcome.NOT_WON) is False
    assert all(won_back(o) for o in (Outcome.CHANGED, Outcome.GOOD_FOLLOW_UP, Outcome.SATISFIED))
