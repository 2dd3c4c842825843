"""Rows that belong to no database, and digests that prove two databases equal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from wanhui.config.keeping import tables
from wanhui.config.keeping.tables import Tally
from wanhui.config.keeping.trouble import Trouble
from wanhui.stores.models import Store

cells = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values = st.recursive(cells, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
rows = st.lists(st.lists(values, min_size=1, max_size=4), max_size=6)


def _tally(of: list[list[Any]], *, without_nul: bool = False) -> Tally:
    tally = Tally()
    list(tables.tallied(of, tally, without_nul=without_nul))
    return tally


@given(rows, st.randoms())
def test_the_order_of_rows_changes_no_digest(of: list[list[Any]], random: Any) -> None:
    mixed = list(of)
    random.shuffle(mixed)
    assert _tally(of) == _tally(mixed)


@given(rows)
def test_rows_written_as_lines_and_read_again_have_the_same_digest(of: list[list[Any]]) -> None:
    again = [json.loads(tables.as_line(row)) for row in of]
    assert _tally(again) == _tally(of)


@given(rows.filter(bool))
def test_a_row_more_or_less_or_changed_changes_the_digest(of: list[list[Any]]) -> None:
    assert _tally(of[1:]).digest != _tally(of).digest
    assert _tally([*of[1:], [*of[0], "x"]]).digest != _tally(of).digest


def test_a_nul_becomes_the_sign_for_unknown_and_is_counted_by_cell() -> None:
    row = ["a\x00b\x00", 1, {"k\x00": ["\x00"]}, None]
    tally = Tally()
    assert list(tables.tallied([row], tally, without_nul=True)) == [["a�b�", 1, {"k�": ["�"]}, None]]
    assert tally.replaced == 2
    assert _tally([row]).replaced == 0


def test_one_and_one_point_nought_are_the_same_number() -> None:
    """jsonb gives back 1 for 1.0."""
    assert _tally([[{"score": 1.0}]]).digest == _tally([[{"score": 1}]]).digest
    assert _tally([[{"score": 1.5}]]).digest != _tally([[{"score": 1}]]).digest


def test_migrations_of_another_version_are_known_as_such() -> None:
    assert tables.unknown([("cases", "0001_first")]) == []
    assert tables.unknown([("cases", "0001_first"), ("cases", "0999_future"), ("moods", "0001_first")]) == [
        ("cases", "0999_future"), ("moods", "0001_first"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_tables_are_those_of_the_database(people: Cast) -> None:
    found = {table.name for table in tables.tables(tables.applied("default"))}
    there = set(connection.introspection.table_names())
    assert found <= there
    assert {name for name in there - found if not name.startswith(("search_words", "sqlite_"))} == {"django_migrations"}


@pytest.mark.django_db
def test_rows_read_and_written_again_are_exactly_the_same(people: Cast) -> None:
    moment = datetime(2026, 3, 29, 1, 59, 59, 999_999, tzinfo=UTC)
    makers.verdict(makers.review(people.clothes, "「好」\n\t\\ \" 😀 ä\u2028", stars=None, said_at=moment), "quality")
    found = {table.name: table for table in tables.tables(tables.applied("default"))}
    for name in ("triage_verdict", "reviews_review", "stores_membership"):
        table, before = found[name], Tally()
        lines = [tables.as_line(row) for row in tables.tallied(tables.read("default", table), before)]
        with transaction.atomic(), connection.constraint_checks_disabled():
            tables.empty("default", [table])
            tables.write("default", table, table.columns, (json.loads(line) for line in lines))
        assert before.rows > 0
        assert _tally(list(tables.read("default", table))) == before
        if name != "stores_membership":
            tables.empty("default", [table])


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_names_its_table(people: Cast) -> None:
    table = next(t for t in tables.tables(tables.applied("default")) if t.name == "stores_store")
    row = next(iter(tables.read("default", table)))
    with pytest.raises(Trouble, match="stores_store"), transaction.atomic():
        tables.write("default", table, table.columns, [row])
    assert Store.objects.count() == 4


@pytest.mark.django_db
def test_a_column_of_another_version_is_refused(people: Cast) -> None:
    table = next(t for t in tables.tables(tables.applied("default")) if t.name == "stores_store")
    with pytest.raises(Trouble, match="has no column mood"):
        tables.write("default", table, ["id", "mood"], [[1, "good"]])
