"""When a step is tried again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from wanhui.work.rules import MAX_ATTEMPTS, gives_up, wait_before


def test_the_first_attempt_waits_for_nothing() -> None:
    assert wait_before(1) == timedelta(0)


def test_the_waits_are_ten_seconds_then_five_times_longer_each_then_an_hour() -> None:
    waits = [wait_before(attempt).total_seconds() for attempt in range(2, MAX_ATTEMPTS + 1)]
    assert waits == [10, 50, 250, 1250, 3600]


@given(st.integers(min_value=1, max_value=10_000))
def test_no_wait_is_shorter_than_the_one_before_nor_longer_than_an_hour(attempt: int) -> None:
    assert timedelta(0) <= wait_before(attempt) <= wait_before(attempt + 1) <= timedelta(hours=1)


@given(st.integers(min_value=0, max_value=10_000))
def test_giving_up_is_final(attempts: int) -> None:
    assert gives_up(attempts) == (attempts >= MAX_ATTEMPTS)
