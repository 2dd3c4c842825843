"""Rows that are kept for the second walk come back as they were, from memory and from disk."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.file.build import reviews_of
from wanhui.connectors.file.rows import FollowUpRow, ReviewRow
from wanhui.reviews import walked
from wanhui.reviews.walked import Walked

TEXTS = st.text(max_size=30)
DAYS = st.none() | st.dates()
MOMENTS = st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC))
LATER = st.builds(
    FollowUpRow, text=TEXTS, raw=TEXTS, days_after=st.none() | st.integers(0, 999), said_on=DAYS, said_at=MOMENTS,
    reply=TEXTS,
)  # fmt: skip
ROWS = st.builds(
    ReviewRow, row=st.integers(0, 10**6), text=TEXTS, raw=TEXTS, no_text=st.booleans(),
    stars=st.none() | st.integers(1, 5),
    platform_verdict=TEXTS, said_on=DAYS, said_at=MOMENTS, precision=TEXTS, platform_id=TEXTS, order_id=TEXTS,
    buyer=TEXTS, anonymous=st.none() | st.booleans(), product_name=TEXTS, product_id=TEXTS, sku=TEXTS, shop=TEXTS,
    reply=TEXTS, reply_at=DAYS | MOMENTS, follow_ups=st.lists(LATER, max_size=3).map(tuple),
    tags=st.lists(TEXTS, max_size=2).map(tuple), media=st.just(()), problems=st.lists(TEXTS, max_size=2).map(tuple),
    refused=TEXTS, source=st.just({}),
)  # fmt: skip


@given(st.lists(ROWS, max_size=6), st.integers(0, 6))
def test_rows_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, rows: list[ReviewRow], kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walked, "IN_MEMORY", kept)
        keeper = Walked(tmp_path_factory.getbasetemp())
        for row in rows:
            keeper.add(row)
        assert list(keeper) == rows
        keeper.close()


def test_half_a_surrogate_pair_and_odd_line_ends_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walked, "IN_MEMORY", 0)
    [row] = [replace(one, source={}) for one in reviews_of("评价内容\n碎了\n".encode(), "a.csv")]
    odd = replace(row, raw="\ud83d\u2028\x85\r\n末", said_on=date(2026, 1, 2), reply_at=datetime(2026, 1, 3, 4, 5))
    keeper = Walked(tmp_path)
    keeper.add(odd)
    assert list(keeper) == [odd]
    keeper.close()


def test_nothing_is_left_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walked, "IN_MEMORY", 0)
    keeper = Walked(tmp_path)
    for row in reviews_of("评价内容\n碎了\n".encode(), "a.csv"):
        keeper.add(row)
    assert list(tmp_path.iterdir()) == []
    keeper.close()
