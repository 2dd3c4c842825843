"""Parquet: types kept honest, memory bounded, every broken file told in a sentence."""

import builtins
import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.connectors.file.build import columns_of, reviews_of, table_of
from wanhui.connectors.file import footer
from wanhui.connectors.file.parquet import went_through_float
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table

REVIEWS = {"评价内容": ["拉链坏了", "很好看"], "评分": [1, 5], "评价时间": [datetime(2026, 10, 3, 9, 5), None]}


def parquet_of(data: dict[str, Any] | pl.DataFrame, **options: Any) -> bytes:
    stream = io.BytesIO()
    (data if isinstance(data, pl.DataFrame) else pl.DataFrame(data)).write_parquet(stream, **options)
    return stream.getvalue()


def cells_of(column: pl.Series) -> list[Any]:
    """What the reader makes of one column beside a column of texts."""
    frame = pl.DataFrame([pl.Series("评价内容", ["好"] * len(column)), column.alias("x")])
    return [row[1] for row in table_of(parquet_of(frame), "a.parquet").rows]


def test_reviews_come_out_with_their_types() -> None:
    found = reviews_of(parquet_of(REVIEWS), "a.parquet")
    assert [(one.text, one.stars, one.said_at) for one in found] == [
        ("拉链坏了", 1, datetime(2026, 10, 3, 9, 5)), ("很好看", 5, None),
    ]  # fmt: skip


def test_the_content_decides_and_not_the_ending() -> None:
    assert table_of(parquet_of(REVIEWS), "a.csv").format == "parquet"
    with pytest.raises(FileProblem, match="ending of a Parquet file but is none inside"):
        table_of("评价内容,评分\n好,5\n", "a.parquet")


def test_an_exact_long_number_is_an_id_and_one_that_was_a_float_is_refused() -> None:
    ids = [4200000012345678907, 4200000012345678908, 4200000012345678911]
    whole = reviews_of(parquet_of({"评价内容": ["好"] * 3, "订单号": ids}), "a.parquet")
    assert [one.order_id for one in whole] == list(map(str, ids))
    floats = reviews_of(parquet_of({"评价内容": ["好"] * 3, "订单号": [float(one) for one in ids]}), "a.parquet")
    back = reviews_of(
        parquet_of({"评价内容": ["好"] * 9, "订单号": [int(float(1e18 + n * 512)) for n in range(9)]}), "a.parquet"
    )
    for one in (*floats, *back):
        assert one.order_id == ""
        assert "order id damaged" in one.problems[0]


def test_a_few_round_numbers_are_no_proof_of_damage() -> None:
    assert not went_through_float([2**60, None, 17])
    assert not went_through_float([2**60 + 512 * n for n in range(20)] + [2**60 + 1])
    assert went_through_float([2**60 + 512 * n for n in range(20)])


def test_short_floats_read_as_written_and_lose_no_digits_in_silence() -> None:
    assert cells_of(pl.Series([4.4, float("nan"), 123456789.0], dtype=pl.Float32)) == [4.4, None, "1.2345679E+08"]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (pl.Series([Decimal("4.50"), Decimal("19.00")]), ["4.5", 19]),
        (pl.Series([float("nan"), 2.5]), [None, 2.5]),
        (pl.Series([date(2026, 10, 3), None]), [date(2026, 10, 3), None]),
        (pl.Series([datetime(2026, 10, 3, 1, tzinfo=UTC)]), [datetime(2026, 10, 3, 1, tzinfo=UTC)]),
        (pl.Series([True, False]), [True, False]),
        (pl.Series([["红", "XL"], []]), ['["红", "XL"]', None]),
        (pl.Series(["好", "坏"], dtype=pl.Categorical), ["好", "坏"]),
        (pl.Series(["很好".encode(), b"\xff\xd8\xff"]), ["很好", "(3 bytes)"]),
        (pl.Series([None, None]), [None, None]),
        (pl.Series([10_000_000], dtype=pl.Int32).cast(pl.Date), ["29349-01-26"]),
    ],
    ids=["decimal", "nan", "day", "aware time", "yes and no", "list", "category", "bytes", "nothing", "far day"],
)
def test_every_type_becomes_a_cell(column: pl.Series, cells: list[Any]) -> None:
    assert cells_of(column) == cells


def test_a_struct_becomes_columns_with_dotted_names() -> None:
    table = table_of(parquet_of({"评价内容": ["好"], "user": [{"name": "梅", "shop": {"id": 7}}]}), "a.parquet")
    assert table.header == ["评价内容", "user.name", "user.shop.id"]
    assert list(table.rows) == [["好", "梅", 7]]


def test_many_pieces_and_row_groups_come_in_order_and_the_share_grows() -> None:
    data = parquet_of({"评价内容": [f"第{n}条评价" for n in range(9_000)]}, row_group_size=3_500)
    table = table_of(data, "a.parquet")
    assert [row[0] for row in table.rows] == [f"第{n}条评价" for n in range(9_000)]
    assert table.share_read is not None
    assert table.share_read() == 1.0


def test_a_file_on_disk_is_closed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet_of(REVIEWS))
    with read_table(path, path.name) as table:
        assert len(list(table.rows)) == 2


def test_without_the_extra_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "polars":
            raise ImportError(name)
        return real(name, *rest)

    data = parquet_of(REVIEWS)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FileProblem, match=re.escape("pip install 'wanhui[bulk]'")):
        table_of(data, "a.parquet")


def test_polars_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, wanhui.connectors.file.readers, wanhui.triage.outputs; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def damaged(change: Callable[[bytes], bytes]) -> bytes:
    return change(parquet_of({"评价内容": [f"第{n}条" for n in range(500)]}))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"PAR1PAR1",
        lambda data: data[:-8] + b"\xff\xff\xff\x7f" + data[-4:],
        lambda data: data[:-60] + b"\xff" * 40 + data[-20:],
        lambda data: data[:4] + b"\x00" * 300 + data[304:],
        lambda data: data[:4] + data[200:],
    ],
    ids=["half", "one byte", "nothing inside", "long footer", "odd footer", "odd pages", "pages gone"],
)
def test_a_damaged_file_is_refused_with_a_plain_sentence(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FileProblem, match="damaged Parquet file"):
        list(table_of(damaged(change), "a.parquet").rows)


def test_an_encrypted_file_asks_for_one_that_is_not() -> None:
    with pytest.raises(FileProblem, match="encrypted"):
        table_of(damaged(lambda data: b"PARE" + data[4:-4] + b"PARE"), "a.parquet")


def test_an_empty_file_and_one_without_rows_are_refused() -> None:
    for data in (parquet_of({"评价内容": []}), parquet_of({"评价内容": [None, None]})):
        with pytest.raises(FileProblem, match="empty"):
            table_of(data, "a.parquet")


def test_too_many_columns_are_refused_before_they_are_read() -> None:
    with pytest.raises(FileProblem, match="has 501 columns"):
        table_of(parquet_of({f"c{n}": [1] for n in range(501)}), "a.parquet")


def test_a_huge_row_group_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footer, "MAX_GROUP", 1024 * 1024)
    data = parquet_of({"评价内容": [f"{n:>200}" for n in range(20_000)]}, compression="zstd")
    with pytest.raises(FileProblem, match="row group of 3 MB"):
        table_of(data, "a.parquet")


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(FileProblem, match="a cell in row 2 is longer"):
        table_of(parquet_of({"评价内容": ["好", "好" * 1_000_001]}), "a.parquet")


def test_a_large_public_file_is_read_in_full(shared_data: Path) -> None:
    path = shared_data / "reviews" / "jd_herbal.parquet"
    with read_table(path, path.name) as table:
        fields = columns_of(table).fields()
        assert sum(1 for _ in table.rows) == 164_026
    assert {"text", "stars", "said_at", "review_id", "buyer", "product_id"} <= set(fields)
