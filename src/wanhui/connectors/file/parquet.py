"""Parquet, in pieces, with the extra "bulk" (Polars). Nothing of it is imported until such a file comes."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from wanhui.connectors.file.footer import broken, check_footer
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_CELL, Cell, Table, make_table

if TYPE_CHECKING:
    import polars as pl

_PIECE = 2_048  # rows
_DEEP = 3  # structs within structs that become columns of their own
_SURE = 20  # bits: one chance in a million
_EXACT_FLOAT32 = 1 << 24
_EXACT_FLOAT = 1 << 53


def read_parquet(source: BinaryIO, name: str) -> Table:
    """Read a Parquet file lazily; `source` must stay open until the rows are used up and is never closed here.

    Structs become columns with dotted names, lists JSON text, NaN nothing. Raises FileProblem when the extra "bulk"
    is not there, or the file is damaged, encrypted, or holds a row group too large to be opened.
    """
    polars = need_polars(name)
    footer = check_footer(source, name)
    done = _Done(footer.rows)
    pieces = _pieces(polars, source, name, done)
    first = next(pieces, None)
    header = [] if first is None else first.columns
    rows = _rows(first, pieces, name) if first is not None else iter(())
    return make_table(name, "parquet", rows, header=list(header), share_read=done.share)


def need_polars(name: str) -> Any:
    """The module `polars`; FileProblem that says how to get it when it is not installed."""
    try:
        import polars
    except ImportError as error:
        raise FileProblem(
            f"{name}: Parquet needs the extra \"bulk\". Install it with: pip install 'wanhui[bulk]'; "
            "or use csv or xlsx instead."
        ) from error
    return polars


@dataclass(slots=True)
class _Done:
    all: int
    read: int = 0

    def share(self) -> float:
        return self.read / self.all if self.all else 1.0


def _pieces(polars: Any, source: BinaryIO, name: str, done: _Done) -> Iterator["pl.DataFrame"]:
    """The file in data frames of a few thousand rows, structs taken apart. All rows come, or FileProblem."""
    source.seek(0)
    # Rust's own panics come as an exception beside Exception's family; a damaged file can cause them.
    wrong = (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError, ValueError, OverflowError)
    try:
        frames = polars.scan_parquet(source, glob=False).collect_batches(chunk_size=_PIECE, maintain_order=True)
        for frame in frames:
            done.read += frame.height
            yield _flat(frame)
    except wrong as error:
        raise FileProblem(broken(name)) from error
    if done.read != done.all:
        raise FileProblem(broken(name))


def _flat(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Structs as columns `outer.inner`, three levels deep; deeper ones stay and become JSON text."""
    import polars

    for _ in range(_DEEP):
        if not any(isinstance(kind, polars.Struct) for kind in frame.dtypes):
            break
        columns: list[pl.Series] = []
        for column in frame.get_columns():
            if isinstance(column.dtype, polars.Struct) and column.dtype.fields:
                columns += [part.alias(f"{column.name}.{part.name}") for part in column.struct.unnest().get_columns()]
            else:
                columns.append(column)
        names = [column.name for column in columns]
        if len(set(names)) < len(names):
            break
        frame = polars.DataFrame(columns)
    return frame


def _rows(first: "pl.DataFrame", rest: Iterator["pl.DataFrame"], name: str) -> Iterator[list[Cell]]:
    readers = [_Column(column, name) for column in first.get_columns()]
    begin = 1
    for frame in chain((first,), rest):
        columns = zip(readers, frame.get_columns(), strict=True)
        yield from map(list, zip(*(reader.cells(column, begin) for reader, column in columns), strict=True))
        begin += frame.height


class _Column:
    """Turns one column into cells, piece after piece, in the way that its type and its first piece tell."""

    def __init__(self, first: "pl.Series", name: str) -> None:
        self._file = name
        self._cell = _converter(first)

    def cells(self, column: "pl.Series", begin: int) -> list[Cell]:
        """The cells of one piece, whose first row is the `begin`-th of the file."""
        values = _in_reach(column)
        convert = self._cell
        cells: list[Cell] = values if convert is None else [None if v is None else convert(v) for v in values]
        for number, cell in enumerate(cells, start=begin):
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                raise FileProblem(f"{self._file}: a cell in row {number} is longer than {MAX_CELL:,} characters.")
        return cells


def _converter(first: "pl.Series") -> Callable[[Any], Cell] | None:
    """How a value that is there becomes a cell; None where it is one already."""
    import polars

    kind = first.dtype
    if kind == polars.Float32:
        return _short_float
    if kind == polars.Float64:
        return _float
    if kind.is_integer():
        return float if went_through_float(first.to_list()) else None
    if isinstance(kind, polars.Decimal):
        return _decimal
    if kind == polars.Binary:
        return _bytes
    if kind.is_nested():
        return _json
    return None


def _float(value: float) -> Cell:
    return None if math.isnan(value) else value


def _short_float(value: float) -> Cell:
    """Beyond 2²⁴ a short float has lost digits: it is written so that nobody takes it for an id."""
    if abs(value) > _EXACT_FLOAT32:
        return f"{value:.7E}"
    return None if math.isnan(value) else float(f"{value:.7g}")


def _decimal(value: Decimal) -> Cell:
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _bytes(value: bytes) -> Cell:
    """Old writers store text as bytes; what is no UTF-8 is no text and told in words."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"({len(value):,} bytes)"


def _json(value: Any) -> Cell:
    return json.dumps(value, ensure_ascii=False, default=str) if value else None


def went_through_float(values: Sequence[int | None]) -> bool:
    """Were these whole numbers floats once, so that their last digits are lost?

    Beyond 2⁵³ a float holds only every second, fourth, … number. If all numbers there are such ones, and that many
    of them would hardly be by chance (less than one in a million), they were floats.
    """
    bits = 0
    for value in {value for value in values if value is not None and abs(value) > _EXACT_FLOAT}:
        if int(float(value)) != value:
            return False
        bits += abs(value).bit_length() - 53
    return bits >= _SURE


def _in_reach(column: "pl.Series") -> list[Any]:
    """The values as Python's; a date beyond the year 9999, which Python cannot hold, in digits."""
    import polars

    if not (column.dtype == polars.Date or isinstance(column.dtype, polars.Datetime)):
        return column.to_list()
    years = column.dt.year()
    odd = (years < 2) | (years > 9998)
    if not odd.any():
        return column.to_list()
    values = column.set(odd, None).to_list()
    for index in odd.arg_true():
        values[index] = f"{years[index]}-{column.dt.month()[index]:02}-{column.dt.day()[index]:02}"
    return values
