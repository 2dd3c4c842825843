"""A table as it was found in a file, before anybody decided what its columns mean."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from wanhui.connectors.file.headers import Headline, find_header
from wanhui.connectors.file.problem import FileProblem

Cell = str | float | int | bool | datetime | date | time | timedelta | None

SAMPLE_ROWS = 500
MAX_COLUMNS = 500
MAX_CELL = 1_000_000  # characters
_SHORT_TAIL = 100  # blank rows
_MAX_SAMPLE = 16_000_000  # characters of the rows that are looked at first, and held
_CJK = re.compile(r"[\u3400-\u9fff]")


def _nothing() -> None:
    """There is nothing to close."""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` can be walked through once; `sample` holds the first rows of the same walk, for looking at.

    `header_row` is the 0-based line of the header in the file, -1 when the file has none;
    `title_rows` are the texts that stood above it. Every row has exactly as many cells as the header.
    `ragged` names the rows (0-based, as far as walked) that had more cells than that, with their number of cells;
    the surplus stands in the last cell. `share_read` tells how much of the file is read, 0 to 1, where that is known.
    A table opened from a path closes its file when the rows are used up; `with table:` closes it in any case.
    """

    name: str
    format: str
    header: list[str]
    rows: Iterable[list[Cell]]
    sample: list[list[Cell]]
    encoding: str | None = None
    sheet: str | None = None
    header_row: int = 0
    title_rows: list[str] | None = None
    notes: tuple[str, ...] = ()
    share_read: Callable[[], float] | None = None
    close: Callable[[], None] = _nothing
    ragged: dict[int, int] = field(default_factory=dict)

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def named(self) -> bool:
        """Did the file itself name its columns?"""
        return self.header_row >= 0 or self.format in ("json", "jsonp", "jsonl", "parquet")


def as_text(cell: Cell) -> str:
    """The cell as a person would read it: whole floats without `.0`, dates in ISO form, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def is_empty(cell: Cell) -> bool:
    """Nothing there, or only blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def make_table(
    name: str,
    kind: str,
    raw_rows: Iterator[list[Cell]],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    plain_lines: bool = False,
    header: list[str] | None = None,
    share_read: Callable[[], float] | None = None,
) -> Table:
    """Find the header among the first rows (unless it is given) and hand out a table whose rows all fit it.

    `plain_lines`: the file is one review a line, so there is no header unless the first line is a known word.
    Raises FileProblem for an empty file, too many columns, or two headers of one name that both carry data.
    """
    raw_rows = _plain(raw_rows)
    head = _head(raw_rows)
    if not any(not is_empty(cell) for row in head for cell in row):
        raise FileProblem(f"{name} is empty: there is no row with anything in it. Please export it again.")
    if header is None:
        found = find_header([[as_text(cell) for cell in row] for row in head], plain_lines=plain_lines)
    else:
        found = Headline(-1, header)
    body = head[found.row + 1 :]
    width = _common_width(body, len(found.header))
    if width > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has {width} columns; at most {MAX_COLUMNS} are read. "
            "Please keep only the columns about the reviews and try again."
        )
    ragged: dict[int, int] = {}
    sample = list(_fitted(iter(body), width, 0, ragged))
    names, notes = _name_columns(name, found, sample, width)
    return Table(
        name=name,
        format=kind,
        header=names,
        rows=chain(sample, _fitted(raw_rows, width, len(sample), ragged)),
        sample=sample,
        encoding=encoding,
        sheet=sheet,
        header_row=found.row,
        title_rows=found.titles,
        notes=notes,
        share_read=share_read,
        ragged=ragged,
    )


def _head(rows: Iterator[list[Cell]]) -> list[list[Cell]]:
    """The first rows; fewer where they are heavy, for they are held in memory."""
    head: list[list[Cell]] = []
    weight = 0
    for row in islice(rows, SAMPLE_ROWS + 30):
        head.append(row)
        weight += sum(len(cell) for cell in row if isinstance(cell, str)) + 8 * len(row)
        if weight > _MAX_SAMPLE:
            break
    return head


def _plain(rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows without NUL, which no database holds, and without a long tail of blank ones.

    Spreadsheets and editors leave up to a million of these behind the last filled row; a few of them, and all that
    stand in between, are rows like others and are accounted for.
    """
    tail = 0
    for row in rows:
        if not any(row) and all(map(is_empty, row)):
            tail += 1
            if tail <= _SHORT_TAIL:
                yield row
            continue
        for _ in range(tail - _SHORT_TAIL):
            yield []
        tail = 0
        yield [cell.replace("\x00", "") if isinstance(cell, str) and "\x00" in cell else cell for cell in row]


def _width(row: list[Cell]) -> int:
    """How many cells up to the last one that holds something."""
    return max((index + 1 for index, cell in enumerate(row) if not is_empty(cell)), default=0)


def _common_width(rows: list[list[Cell]], named: int) -> int:
    """The header's width, or more where at least one row in ten has more: then these are columns without a name."""
    widths = sorted(width for row in rows if (width := _width(row)))
    return max(named, widths[-1 - len(widths) // 10]) if widths else named


def _fitted(rows: Iterator[list[Cell]], width: int, first: int, ragged: dict[int, int]) -> Iterator[list[Cell]]:
    """Rows of exactly `width` cells; of a longer one the surplus goes into the last cell and it is noted."""
    for number, row in enumerate(rows, start=first):
        if len(row) > width and _width(row) > width:
            ragged[number] = _width(row)
            yield [*row[: width - 1], " | ".join(as_text(cell) for cell in row[width - 1 :])]
        else:
            yield row[:width] if len(row) >= width else row + [None] * (width - len(row))


def _name_columns(
    name: str, found: Headline, sample: list[list[Cell]], width: int
) -> tuple[list[str], tuple[str, ...]]:
    """Give unnamed columns a name; refuse two columns of one name that both carry data."""
    known = [text.strip() for text in found.header] + [""] * (width - len(found.header))
    chinese = any(_CJK.search(text) for text in known) or (
        not any(known) and any(isinstance(cell, str) and _CJK.search(cell) for row in sample[:20] for cell in row)
    )
    first_of: dict[str, int] = {}
    names: list[str] = []
    notes: list[str] = []
    for index, text in enumerate(known):
        if not text:
            names.append(_free(f"列{index + 1}" if chinese else f"column {index + 1}", known))
        elif text not in first_of:
            first_of[text] = index
            names.append(text)
        else:
            _refuse_twins(name, text, first_of[text], index, sample)
            names.append(_free(f"{text} ({index + 1})", known))
            notes.append(f'"{text}" is the name of columns {first_of[text] + 1} and {index + 1}; one is empty.')
    return names, tuple(notes)


def _free(wanted: str, taken: list[str]) -> str:
    while wanted in taken:
        wanted += "'"
    return wanted


def _refuse_twins(name: str, text: str, first: int, second: int, sample: list[list[Cell]]) -> None:
    carry = [any(not is_empty(row[index]) for row in sample) for index in (first, second)]
    if all(carry):
        raise FileProblem(
            f'{name} has two columns named "{text}" (columns {first + 1} and {second + 1}) and both hold data. '
            "Please rename or delete one of them and try again."
        )
