"""Windows, bars and the order of the worst: pure decisions."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.analytics.rules import Window, bars, last_days, stretches, surely_bad

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(1, 400))
def test_a_window_ends_today_and_the_one_before_it_is_as_long_and_touches_it(today: date, days: int) -> None:
    window = last_days(today, days)
    assert (window.last, window.days) == (today, days)
    assert window.before().days == days
    assert window.before().last + timedelta(days=1) == window.first


def test_a_window_has_a_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        last_days(date(2026, 11, 22), 0)


@given(DAYS, st.integers(1, 400))
def test_bars_cover_the_window_without_gap_or_overlap(today: date, days: int) -> None:
    window = last_days(today, days)
    found = bars(window)
    assert (found[0].first, found[-1].last) == (window.first, window.last)
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(found))
    assert all(bar.days == 1 for bar in found) or all(bar.first.weekday() == 0 for bar in found[1:])
    assert len(found) <= 92


@given(st.sets(DAYS, max_size=30), st.integers(1, 60))
def test_stretches_hold_every_day_and_no_long_gap(days: set[date], gap: int) -> None:
    found = list(stretches(sorted(days), timedelta(days=gap)))
    assert all(any(first <= day <= last for first, last in found) for day in days)
    assert all(two[0] - one[1] > timedelta(days=gap) for one, two in pairwise(found))
    assert {end for stretch in found for end in stretch} <= days


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_what_is_surely_bad_is_at_most_what_was_seen(counts: tuple[int, int]) -> None:
    bad, judged = counts
    assert 0 <= surely_bad(bad, judged) <= bad / judged + 1e-9
    assert surely_bad(bad * 4, judged * 4) >= surely_bad(bad, judged) - 1e-9


def test_wilsons_lower_end_is_the_published_one() -> None:
    """Ten of a hundred: 5.52 % (Agresti & Coull, The American Statistician 52, 1998, give the interval's form)."""
    assert surely_bad(10, 100) == pytest.approx(0.0552, abs=5e-5)
    assert surely_bad(1, 1) == pytest.approx(0.2065, abs=5e-5)


@pytest.mark.parametrize(("bad", "judged"), [(0, 0), (2, 1), (-1, 3)])
def test_a_share_that_is_none_is_refused(bad: int, judged: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        surely_bad(bad, judged)


def test_a_window_knows_its_days() -> None:
    assert Window(date(2026, 2, 27), date(2026, 3, 1)).days == 3
