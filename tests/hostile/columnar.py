"""Hostile Parquet files."""

import io
from collections.abc import Iterator

import polars

from tests.hostile.case import Case, read, refused

_DAMAGED = "a damaged Parquet file"


def _parquet(rows: int = 50, **options: str) -> bytes:
    stream = io.BytesIO()
    frame = polars.DataFrame({"评价内容": [f"第{n}件就坏了" for n in range(rows)], "星级": [1] * rows})
    frame.write_parquet(stream, compression="zstd", **options)  # type: ignore[arg-type]
    return stream.getvalue()


def _same_again() -> bytes:
    """Three million rows in a few kilobytes."""
    stream = io.BytesIO()
    frame = polars.select(polars.repeat("坏" * 100, 3_000_000).alias("评价内容"))
    frame.write_parquet(stream, row_group_size=3_000_000)
    return stream.getvalue()


def cases() -> Iterator[Case]:
    """All of them."""
    data = _parquet()
    yield read("good.parquet", data, 50)
    yield read("parquet-inside.csv", data, 50)
    yield refused("csv-inside.parquet", "评价内容\n坏了\n".encode(), "ending of a Parquet file")
    yield refused("cut.parquet", data[: len(data) // 2], _DAMAGED)
    yield refused("marks.parquet", b"PAR1PAR1", _DAMAGED)
    yield refused("long-footer.parquet", data[:-8] + b"\xff\xff\xff\x7fPAR1", _DAMAGED)
    yield refused("odd-footer.parquet", data[:-80] + b"\x9c" * 60 + data[-20:], _DAMAGED)
    yield refused("odd-pages.parquet", data[:4] + b"\xff" * 200 + data[204:], _DAMAGED)
    yield refused("locked.parquet", b"PARE" + data[4:-4] + b"PARE", "encrypted")
