"""Judgements as Parquet: the objects of the jsonl contract with fixed types, for archives and data frames."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wanhui.connectors.file.parquet import need_polars

if TYPE_CHECKING:
    import polars as pl

PIECE = 20_000  # rows held in memory at a time


def schema(header: Sequence[str]) -> dict[str, Any]:
    """Column → type of what is written; `header` are the input's columns, kept as texts in the struct `source`.

    row int64 · text, language str · no_text, unsure bool · sentiment str or null · causes list of {code, sub, score
    float64, evidence list of [begin, end] in code points} · praises the same without sub · primary str or null ·
    flags list of str · severity int8 · engine str · source struct of str.
    """
    import polars as pl

    spans = pl.List(pl.List(pl.Int64))
    cause = pl.Struct({"code": pl.String, "sub": pl.String, "score": pl.Float64, "evidence": spans})
    praise = pl.Struct({"code": pl.String, "score": pl.Float64, "evidence": spans})
    return {
        "row": pl.Int64,
        "text": pl.String,
        "language": pl.String,
        "no_text": pl.Boolean,
        "unsure": pl.Boolean,
        "sentiment": pl.String,
        "causes": pl.List(cause),
        "praises": pl.List(praise),
        "primary": pl.String,
        "flags": pl.List(pl.String),
        "severity": pl.Int8,
        "engine": pl.String,
        "source": pl.Struct(dict.fromkeys(header, pl.String)),
    }


def write_parquet(path: Path, rows: Iterable[dict[str, Any]], header: Sequence[str]) -> None:
    """Write the rows (as `outputs.as_json` makes them) to `path`; memory stays flat however many there are.

    They go into pieces first, because a Parquet file has to be written in one go. FileProblem without the extra.
    """
    polars = need_polars(path.name)
    types = schema(header)
    try:
        with tempfile.TemporaryDirectory(prefix="wanhui-") as folder:
            parts = [_part(frame, Path(folder) / f"{number:06}.parquet") for number, frame in _frames(rows, types)]
            whole = polars.scan_parquet(parts) if parts else polars.LazyFrame(schema=types)
            whole.sink_parquet(path, row_group_size=PIECE, compression="zstd", maintain_order=True)
    except polars.exceptions.PolarsError as error:
        raise OSError(str(error)) from error


def _frames(rows: Iterable[dict[str, Any]], types: dict[str, Any]) -> Iterator[tuple[int, "pl.DataFrame"]]:
    import polars as pl

    walk, number = iter(rows), 0
    while piece := list(islice(walk, PIECE)):
        yield number, pl.DataFrame(piece, schema=types)
        number += 1


def _part(frame: "pl.DataFrame", path: Path) -> Path:
    frame.write_parquet(path, compression="lz4")
    return path
