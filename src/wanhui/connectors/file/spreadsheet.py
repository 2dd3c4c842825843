"""Excel files, old and new, through calamine; what could exhaust the machine is refused before it is opened."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from wanhui.connectors.file.aliases import known_name, text_names
from wanhui.connectors.file.archive import LOCKED, broken, check_archive
from wanhui.connectors.file.content import fits
from wanhui.connectors.file.headers import find_header
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_CELL, MAX_COLUMNS, Cell, Table, as_text, is_empty, make_table
from wanhui.connectors.file.totals import told_by

_MAX_FILE = 256 * 1024 * 1024
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_SHEETS = 50
_WORD = "WordDocument".encode("utf-16-le")
_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def read_spreadsheet(source: BinaryIO, name: str) -> Table:
    """Read the sheet with the reviews: the one whose first rows hold most known column names.

    Raises FileProblem for an encrypted, broken, empty, or dangerously large file.
    """
    data = _load(source, name)
    packed = data[:2] == b"PK"
    if packed:
        check_archive(data, name)
    elif _ENCRYPTED in data:
        raise FileProblem(LOCKED.format(name=name))
    elif _WORD in data and not any(mark in data for mark in _WORKBOOKS):
        raise FileProblem(f"{name} is a Word document inside, not a table. Please export the reviews as xlsx or csv.")
    book = _open(data, name)
    chosen = _choose(book, name)
    table = make_table(name, "xlsx" if packed else "xls", _rows(chosen.sheet, name), sheet=chosen.title)
    return replace(table, notes=(*table.notes, *chosen.notes()))


def _load(source: BinaryIO, name: str) -> bytes:
    source.seek(0)
    data = source.read(_MAX_FILE + 1)
    if len(data) > _MAX_FILE:
        raise FileProblem(
            f"{name} is larger than {_MAX_FILE // 1024 // 1024} MB. Please save the sheet as CSV, "
            "which can be of any size."
        )
    return data


def _open(data: bytes, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise FileProblem(LOCKED.format(name=name)) from error
    except CalamineError as error:
        raise FileProblem(broken(name, error)) from error


@dataclass(frozen=True, slots=True)
class _Choice:
    """The chosen sheet, the names of other ones with data, and of those that hold totals."""

    sheet: CalamineSheet
    title: str
    others: list[str]
    totals: list[str]

    def notes(self) -> tuple[str, ...]:
        said = []
        if self.others:
            said.append(f'The sheet "{self.title}" was read; not read: ' + _quoted(self.others) + ".")
        if self.totals:
            said.append(f"Left out because they hold totals and not single reviews: {_quoted(self.totals)}.")
        return tuple(said)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _choose(book: CalamineWorkbook, name: str) -> _Choice:
    """The visible sheet that looks most like reviews: one with their texts, else one that is no totals, else any;
    among these the one with most known names in its first rows, else the first filled one."""
    scored: list[tuple[int, int, int, str]] = []
    # A sheet takes memory for as long as it is held: only what it is like is kept, and the best is opened again.
    visible = [meta for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    for index, meta in enumerate(visible[:_MOST_SHEETS]):
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except CalamineError:
            continue
        if sheet.total_height == 0:
            continue
        top = sheet.to_python(skip_empty_area=False, nrows=_TOP_ROWS)
        hits = max((sum(1 for cell in row if isinstance(cell, str) and known_name(cell)) for row in top), default=0)
        scored.append((_likeness(top), -hits, index, meta.name))
    if not scored:
        raise FileProblem(f"{name} has no visible sheet with data that can be read. Please export it again.")
    likeness, _, _, title = min(scored)
    totals = [entry[3] for entry in scored if entry[0] == _TOTALS and entry[3] != title]
    names = {entry[3] for entry in scored}
    others = [
        meta.name
        for meta in visible
        if meta.name not in (title, *totals) and (meta.name in names or len(visible) > _MOST_SHEETS)
    ]
    return _Choice(book.get_sheet_by_name(title), title, others, totals if likeness != _TOTALS else [])


_TOP_ROWS = 30
_TEXTS, _OTHER, _TOTALS = 0, 1, 2


def _likeness(top: Sequence[Sequence[Cell]]) -> int:
    """What the first rows of a sheet look like: reviews with texts, totals, or something else."""
    header = find_header([[as_text(cell) for cell in row] for row in top])
    if header.row < 0:
        return _OTHER
    width = len(header.header)
    body = [[*row, *[None] * (width - len(row))][:width] for row in top[header.row + 1 :]]
    text = next((i for i, name in enumerate(header.header) if text_names(name) and _wordy(body, i)), None)
    if told_by(header.header, body, text):
        return _TOTALS
    return _OTHER if text is None else _TEXTS


def _wordy(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    return fits("text", [row[index] for row in rows])[0] > 0


def _rows(sheet: CalamineSheet, name: str) -> Iterator[list[Cell]]:
    if sheet.total_width > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has {sheet.total_width} columns; at most {MAX_COLUMNS} are read. "
            "Please keep only the columns about the reviews and try again."
        )
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                raise FileProblem(f"{name}: a cell in row {number} is longer than {MAX_CELL:,} characters.")
        yield [_cell(cell) for cell in row]


def _cell(cell: Cell) -> Cell:
    """Excel keeps every number as a float: a whole number beyond 10¹⁵ has lost digits and must look like it."""
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= 10**15:
        return float(cell)
    return None if is_empty(cell) else cell
