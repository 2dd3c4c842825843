"""An xlsx looked through before it is opened: what could exhaust the machine, or lies about itself, is refused."""

import io
import re
import zipfile
import zlib

from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_COLUMNS

MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 10_000
_RATIO_FROM = 16 * 1024 * 1024  # below this size no ratio does harm
_MAX_CELLS = 30_000_000
_PIECE = 1 << 20
_LONGEST_TAG = 4 * _PIECE
_HARMLESS_ROWS = 9_999  # rows below 10,000 do no harm and are not looked at
# Where cells and rows say that they stand, and how many there are that do not say so at once.
_COLUMN = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,7})[0-9]+[\"']")
_ROW = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{0,7}([0-9]{5,20})[\"']")
_CELLS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_PLACED_CELLS = re.compile(rb"<(?:\w+:)?c\s+r\s*=\s*[\"'][A-Za-z]{1,7}[0-9]+[\"']")
_ROWS = re.compile(rb"<(?:\w+:)?row[\s/>]")
_PLACED_ROWS = re.compile(rb"<(?:\w+:)?row\s+r\s*=\s*[\"'][0-9]+[\"']")
_BOTH = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # XML in UTF-16, which Excel never writes

LOCKED = "{name} is protected with a password. Please open it in Excel, remove the password, save, and try again."


def broken(name: str, error: Exception) -> str:
    """The sentence for a spreadsheet that cannot be read, with the reason."""
    return (
        f"{name} is damaged and cannot be read ({str(error).rstrip('.')}). It may have been cut off while "
        "downloading; please export or download it again."
    )


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
                raise FileProblem(LOCKED.format(name=name))
            for part in parts:
                _check_part(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise FileProblem(broken(name, error)) from error
    if "xl/workbook.xml" not in names:
        raise FileProblem(f"{name} is an archive but not an Excel file. Please unpack it and choose the file inside.")


def _check_directory(parts: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED or (total > _RATIO_FROM and total > MAX_RATIO * packed):
        raise FileProblem(
            f"{name} would unpack to {total // 1024 // 1024:,} MB, far more than a review export needs; "
            "it was not opened. Please save the sheet as CSV and try again."
        )
    if len(parts) > MAX_PARTS:
        raise FileProblem(
            f"{name} holds {len(parts):,} parts, far more than an Excel file needs; it was not opened. "
            "Please save the sheet as CSV and try again."
        )


class _Extent:
    """How far the cells of one part reach, gathered piece by piece."""

    def __init__(self) -> None:
        self.width = 0
        self._row = _HARMLESS_ROWS
        self._rows = 0
        self._run = 0

    @property
    def height(self) -> int:
        """Rows in all: up to the furthest that says where it is, and every one that does not."""
        return self._row + self._rows

    def add(self, window: bytes) -> None:
        """Look at a piece that ends before a tag begins."""
        for letters in set(_COLUMN.findall(window)):
            self.width = max(self.width, _column_number(letters))
        self._row = max([self._row, *map(int, _ROW.findall(window))])
        self._rows += len(_ROWS.findall(window)) - len(_PLACED_ROWS.findall(window))
        if len(_CELLS.findall(window)) > len(_PLACED_CELLS.findall(window)):
            self._count(window)

    def _count(self, window: bytes) -> None:
        """Cells that do not begin with their place are counted row by row."""
        for found in _BOTH.finditer(window):
            self._run = 0 if found[1] == b"row" else self._run + 1
            self.width = max(self.width, self._run)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Walk through one part: no other size than declared, no document type, nothing too far away."""
    extent, done, rest = _Extent(), 0, b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            if not done and piece.startswith(_WIDE):
                raise FileProblem(broken(name, ValueError("a part of it is not UTF-8")))
            done += len(piece)
            window = rest + piece
            cut = window.rfind(b"<")
            window, rest = (window, b"") if cut < 0 else (window[:cut], window[cut:])
            if len(rest) > _LONGEST_TAG:
                raise FileProblem(broken(name, ValueError("a tag in it has no end")))
            _check_window(window, extent, name)
    _check_window(rest, extent, name)
    if done != part.file_size:
        raise FileProblem(broken(name, ValueError("its directory does not fit its content")))
    if extent.width * extent.height > _MAX_CELLS:
        raise FileProblem(
            f"{name} has a sheet of {extent.height:,} rows and {extent.width} columns, more than can be opened at "
            "once. Please save it as CSV, which can be of any size."
        )


def _check_window(window: bytes, extent: _Extent, name: str) -> None:
    if _DOCTYPE.search(window):
        raise FileProblem(
            f"{name} carries a document type definition, which no Excel file needs; it was not opened. "
            "Please save it again in Excel or WPS."
        )
    extent.add(window)
    if extent.width > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has something in column {extent.width:,}; at most {MAX_COLUMNS} columns are read. "
            "Please delete what is far to the right and try again."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
