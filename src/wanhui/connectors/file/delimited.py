"""Tables in text files: csv, tsv, and txt with one review a line."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO

from wanhui.connectors.file.aliases import known_name
from wanhui.connectors.file.encoding import decide_encoding
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_CELL, MAX_COLUMNS, Cell, Table, make_table

_LOOK_AT = 65_536  # characters
CHANGED = "{name} was changed while it was read. Please wait until it is saved, and try again."
_DELIMITERS = ",\t;|"
MAX_LINE = 8 * MAX_CELL  # characters
_MAX_WIDTH = 40 * MAX_COLUMNS  # cells of one line, empty ones included (Excel writes up to 16,384)


def read_delimited(source: BinaryIO, name: str, kind: str) -> Table:
    """Read a text table lazily: `kind` is csv, tsv or txt; memory does not grow with the file.

    Raises FileProblem for an encoding that fits nothing, a quotation mark that never closes, or a huge cell.
    """
    encoding = decide_encoding(source, name)
    source.seek(0)
    share_read = share_of(source)
    stream = io.TextIOWrapper(source, encoding=encoding, newline="")
    start = stream.read(_LOOK_AT)
    stream.seek(0)
    delimiter = choose_delimiter(start, kind, whole=len(start) < _LOOK_AT)
    lines = _lines(stream, source, name)
    rows = _held(stream, _single(lines) if delimiter is None else _records(lines, delimiter, name))
    return make_table(name, kind, rows, encoding=encoding, plain_lines=delimiter is None, share_read=share_read)


def share_of(source: BinaryIO) -> Callable[[], float]:
    """A function that tells how much of the file has been read, 0 to 1; leaves the position as it is."""
    here = source.tell()
    size = source.seek(0, io.SEEK_END)
    source.seek(here)
    return lambda: 1.0 if source.closed or not size else min(1.0, source.tell() / size)


def choose_delimiter(start: str, kind: str, *, whole: bool = True) -> str | None:
    """The delimiter by content: the one that cuts most lines into the same number (two or more) of cells.

    None means there is none: one review a line. A comma in a .txt counts only under a header we know,
    because people write commas in sentences.
    """
    best: tuple[float, int, str] | None = None
    for delimiter in _DELIMITERS:
        counts, first = _cut(start, delimiter, whole=whole)
        if not counts:
            continue
        width, times = Counter(counts).most_common(1)[0]
        share = times / len(counts)
        if width < 2 or (share < 0.6 and not _is_header(first)):
            continue
        if kind == "txt" and delimiter != "\t" and not _is_header(first):
            continue
        score = (share + (1.0 if _is_header(first) else 0.0), width, delimiter)
        if best is None or score[:2] > best[:2]:
            best = score
    if best is not None:
        return best[2]
    if kind == "txt":
        return None
    return "\t" if kind == "tsv" else ","


def _cut(start: str, delimiter: str, *, whole: bool) -> tuple[list[int], list[str]]:
    """How many cells each record has; the last one is left out when the text was cut in the middle."""
    csv.field_size_limit(MAX_CELL)
    try:
        rows = [row for row in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return [], []
    if not whole and len(rows) > 1:
        rows.pop()
    header = next((row for row in rows[:20] if _is_header(row)), rows[0] if rows else [])
    return [len(row) for row in rows], header


def _is_header(row: list[str]) -> bool:
    return sum(1 for cell in row if known_name(cell)) >= 2


def _held(stream: io.TextIOWrapper, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows; afterwards the file below is left open, for whoever opened it closes it."""
    try:
        yield from rows
    finally:
        if not stream.closed:
            stream.detach()  # a forgotten TextIOWrapper would close it


def _lines(stream: io.TextIOWrapper, source: BinaryIO, name: str) -> Iterator[str]:
    """Line after line, never more than MAX_LINE characters at a time. FileProblem when the file changes meanwhile."""
    here = stream.tell()
    size = source.seek(0, io.SEEK_END)
    stream.seek(here)
    number = 0
    try:
        while line := stream.readline(MAX_LINE):
            number += 1
            if len(line) >= MAX_LINE:
                raise FileProblem(
                    f"{name}: line {number:,} is longer than {MAX_LINE:,} characters. "
                    "Is this a table of reviews? Please export it again, one review a line."
                )
            yield line
    except UnicodeDecodeError as error:  # all bytes were looked at before: somebody wrote to the file since
        raise FileProblem(CHANGED.format(name=name)) from error
    if source.seek(0, io.SEEK_END) != size:
        raise FileProblem(CHANGED.format(name=name))


def _single(lines: Iterator[str]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [line.rstrip("\r\n")]


class _Watch:
    """Hands lines to the csv reader and remembers what an unclosed quotation mark needs to be noticed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.quotes = 0
        self.lines = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.lines += 1
            self.quotes += line.count('"')
            yield line


def _records(lines: Iterator[str], delimiter: str, name: str) -> Iterator[list[Cell]]:
    csv.field_size_limit(MAX_CELL)
    watch = _Watch(lines)
    reader = csv.reader(iter(watch), delimiter=delimiter)
    while (row := _next_record(reader, watch, name)) is not None:
        if len(row) > _MAX_WIDTH:
            raise FileProblem(
                f"{name} has {len(row)} columns; at most {MAX_COLUMNS} are read. "
                "Please keep only the columns about the reviews and try again."
            )
        yield row


def _next_record(reader: Iterator[list[str]], watch: _Watch, name: str) -> list[Cell] | None:
    begun, quotes = watch.lines + 1, watch.quotes
    try:
        row = next(reader, None)
    except csv.Error as error:
        raise FileProblem(
            f"{name}: the row that begins in line {begun:,} cannot be read ({_plain(error)}). "
            "Often a quotation mark there is never closed; please correct that line and try again."
        ) from error
    if watch.lines > begun and (watch.quotes - quotes) % 2:
        raise FileProblem(
            f"{name}: a quotation mark opened in line {begun:,} is never closed, so the rest of the file would "
            "become one cell. Please correct that line and try again."
        )
    return None if row is None else [*row]


def _plain(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell is longer than {MAX_CELL:,} characters"
    return str(error)
