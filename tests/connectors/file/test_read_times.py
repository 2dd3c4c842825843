"""Times as exports write them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors.file.table import Cell
from wanhui.connectors.file.times import read_time

NINE = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "cell",
    [
        "2026/1/7",
        "2026-01-07",
        "2026.1.7",
        "2026年1月7日",
        "20260107",
        "7. Januar 2026",
        "07.01.2026",
        "Jan 7, 2026",
        "7 January 2026",
        "January 7th, 2026",
        46029,
        46029.0,
        "46029",
        date(2026, 1, 7),
        datetime(2026, 1, 7),
        "2026-01-07 00:00:00",
        "13/1/2026"[1:].replace("3/1", "1/13").replace("1/13/2026", "2026/1/7"),
    ],
)
def test_a_day_is_understood(cell: Cell) -> None:
    found = read_time(cell)
    assert (found.on, found.at, found.precision) == (date(2026, 1, 7), None, "day")


@pytest.mark.parametrize(
    ("cell", "at", "precision"),
    [
        ("2026-01-07 21:05:09", datetime(2026, 1, 7, 21, 5, 9), "second"),
        ("2026-01-07T21:05:09.123", datetime(2026, 1, 7, 21, 5, 9), "second"),
        ("2026年1月7日 21:05", datetime(2026, 1, 7, 21, 5), "minute"),
        ("2026年1月7日 下午9:05", datetime(2026, 1, 7, 21, 5), "minute"),
        ("2026/1/7 9:05 PM", datetime(2026, 1, 7, 21, 5), "minute"),
        ("7. Januar 2026 um 21:05 Uhr", datetime(2026, 1, 7, 21, 5), "minute"),
        ("Jan 7, 2026 at 12:05 am", datetime(2026, 1, 7, 0, 5), "minute"),
        ("2026-01-07T21:05:09Z", datetime(2026, 1, 7, 21, 5, 9, tzinfo=UTC), "second"),
        ("2026-01-07T21:05:09+08:00", datetime(2026, 1, 7, 21, 5, 9, tzinfo=NINE), "second"),
        ("20260107210509", datetime(2026, 1, 7, 21, 5, 9), "second"),
        (46029.5, datetime(2026, 1, 7, 12, 0), "second"),
        (1767819909, datetime(2026, 1, 7, 21, 5, 9, tzinfo=UTC), "second"),
        ("1767819909000", datetime(2026, 1, 7, 21, 5, 9, tzinfo=UTC), "second"),
    ],
)
def test_a_time_of_day_is_understood_with_its_zone(cell: Cell, at: datetime, precision: str) -> None:
    found = read_time(cell)
    assert (found.at, found.precision, found.on) == (at, precision, at.date())
    assert found.at is not None
    assert (found.at.tzinfo is None) == (at.tzinfo is None)


def test_what_stands_after_the_date_is_the_sku() -> None:
    found = read_time("2025年2月5日 · 10支/盒 x 2盒 · 红色")
    assert (found.on, found.sku) == (date(2025, 2, 5), "10支/盒 x 2盒 · 红色")


@pytest.mark.parametrize("cell", ["01.18", "1月18日", "01-18", "1/18", 1.18, "01.18 10:30"])
def test_a_date_without_a_year_needs_a_persons_word(cell: Cell) -> None:
    found = read_time(cell)
    assert found.on is None
    assert found.problem.startswith("time without a year")
    assert read_time(cell, year=2024).on == date(2024, 1, 18)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("03/04/2026", "day and month cannot be told apart"),
        ("收货后5天", "time relative to another day"),
        ("3天前", "time relative to another day"),
        ("2026-02-30", "time that does not exist"),
        ("1926-02-03", "year out of reach"),
        ("很快", "time not understood"),
        (17, "time not understood"),
        (time(9, 30), "time without a date"),
    ],
)
def test_a_time_that_is_not_clear_is_a_problem_and_not_a_guess(cell: Cell, problem: str) -> None:
    found = read_time(cell)
    assert found.on is None
    assert found.problem.startswith(problem)


def test_slashes_with_a_day_above_twelve_are_clear() -> None:
    assert read_time("13/04/2026").on == read_time("04/13/2026").on == date(2026, 4, 13)


def test_an_empty_time_is_no_problem() -> None:
    assert read_time("").problem == read_time(None).problem == ""


@given(st.datetimes(datetime(1996, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0)))
def test_every_time_in_common_forms_comes_back(at: datetime) -> None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%d.%m.%Y %H:%M:%S"):
        found = read_time(at.strftime(form))
        assert found.on == at.date()
        assert found.at == at or (at.time() == time(0) and found.at is None)


@given(st.datetimes(datetime(1996, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0)))
def test_an_excel_serial_is_exact_to_the_second(at: datetime) -> None:
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    found = read_time(serial)
    assert (found.at or datetime.combine(found.on or date.min, time(0))) == at


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers()))
def test_any_cell_gives_a_day_or_a_problem_or_nothing(cell: Cell) -> None:
    found = read_time(cell)
    assert found.on is None or 1995 <= found.on.year <= 2100
    assert found.at is None or found.at.date() == found.on
    assert not (found.on and found.problem)
