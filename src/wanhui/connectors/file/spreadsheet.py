"""Excel files, old and new, through calamine; what could exhaust the machine is refused before it is opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from wanhui.connectors.file.aliases import known_name, text_names
from wanhui.connectors.file.content import fits
from wanhui.connectors.file.headers import find_header
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_CELL, MAX_COLUMNS, Cell, Table, as_text, is_empty, make_table
from wanhui.connectors.file.totals import told_by

MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
_RATIO_FROM = 16 * 1024 * 1024  # below this size no ratio does harm
_MAX_FILE = 256 * 1024 * 1024
_MAX_CELLS = 30_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_SHEETS = 50
# Where cells and rows say that they stand; rows below 10,000 do no harm and are not looked at.
_COLUMN = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})[0-9]+[\"']")
_ROW = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]{0,3}([0-9]{5,9})[\"']")
_HARMLESS_ROWS = 9_999


def read_spreadsheet(source: BinaryIO, name: str) -> Table:
    """Read the sheet with the reviews: the one whose first rows hold most known column names.

    Raises FileProblem for an encrypted, broken, empty, or dangerously large file.
    """
    data = _load(source, name)
    packed = data[:2] == b"PK"
    if packed:
        check_archive(data, name)
    elif _ENCRYPTED in data:
        raise FileProblem(_LOCKED.format(name=name))
    book = _open(data, name)
    chosen = _choose(book, name)
    table = make_table(name, "xlsx" if packed else "xls", _rows(chosen.sheet, name), sheet=chosen.title)
    return replace(table, notes=(*table.notes, *chosen.notes()))


_LOCKED = "{name} is protected with a password. Please open it in Excel, remove the password, save, and try again."


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
        raise FileProblem(_LOCKED.format(name=name)) from error
    except CalamineError as error:
        raise FileProblem(_broken(name, error)) from error


def _broken(name: str, error: Exception) -> str:
    return (
        f"{name} is damaged and cannot be read ({str(error).rstrip('.')}). It may have been cut off while "
        "downloading; please export or download it again."
    )


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


def check_archive(data: bytes, name: str) -> None:
    """Refuse an xlsx that would unpack to too much, by its directory and then by its content.

    The directory can lie, so every part is unpacked piece by piece (nothing is kept) until it exceeds what it
    declared. All are scanned for far-away cells, because any part can be named as a sheet: a reader makes room
    for every cell in between.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            _check_directory(parts, len(data), name)
            if any(part.flag_bits & 1 for part in parts):
                raise FileProblem(_LOCKED.format(name=name))
            for part in parts:
                _check_part(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise FileProblem(_broken(name, error)) from error
    if "xl/workbook.xml" not in names:
        raise FileProblem(f"{name} is an archive but not an Excel file. Please unpack it and choose the file inside.")


def _check_directory(parts: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED:
        raise FileProblem(_too_much(name, total))
    if total > _RATIO_FROM and total > MAX_RATIO * packed:
        raise FileProblem(_too_much(name, total))


def _too_much(name: str, size: int) -> str:
    return (
        f"{name} would unpack to {size // 1024 // 1024:,} MB, far more than a review export needs; "
        "it was not opened. Please save the sheet as CSV and try again."
    )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Walk through one part and find the furthest column and row that stand in it."""
    columns: set[bytes] = set()
    height, done = _HARMLESS_ROWS, 0
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            done += len(piece)
            window = tail + piece
            columns.update(_COLUMN.findall(window))
            height = max([height, *map(int, _ROW.findall(window))])
            tail = window[-64:]
    if done != part.file_size:
        raise FileProblem(_broken(name, ValueError("its directory does not fit its content")))
    width = max((_column_number(letters) for letters in columns), default=0)
    if width > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has something in column {width:,}; at most {MAX_COLUMNS} columns are read. "
            "Please delete what is far to the right and try again."
        )
    if width * height > _MAX_CELLS:
        raise FileProblem(
            f"{name} has a sheet of {height:,} rows and {width} columns, more than can be opened at once. "
            "Please save it as CSV, which can be of any size."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
