"""Tables out: csv, JSON Lines and xlsx in which nothing is ever run, and a file that is whole or not there."""

import csv
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from wanhui.connectors.file.problem import FileProblem

Value = str | int | float | None

EXCEL_ROWS = 1_048_576  # of one sheet, with its header
EXCEL_CELL = 32_767  # characters
_RUNS = re.compile(r"^[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")


def runs(text: str) -> bool:
    """Would a spreadsheet take this text for a formula? Plain numbers like -5 are none."""
    return _RUNS.match(text) is not None and _PLAIN_NUMBER.fullmatch(text.strip()) is None


def harmless(text: str) -> str:
    """The text as a csv cell that no spreadsheet runs: an apostrophe goes before what could be a formula."""
    return f"'{text}" if runs(text) else text


def check_target(out: Path, source: Path | None) -> None:
    """Refuse a target that is the source itself, a folder, or in a folder that does not exist."""
    if source is not None and out.exists() and source.exists() and os.path.samefile(out, source):
        raise FileProblem(f"{out} is the file that is read. Please choose another name for the result.")
    if out.is_dir():
        raise FileProblem(f"{out} is a folder. Please add the name of a file.")
    if not out.resolve().parent.is_dir():
        raise FileProblem(f"There is no folder {out.resolve().parent}. Please make it first, or choose another.")


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path beside `out` to write to; `out` is replaced when all went well and left as it was when not."""
    target = out.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        part.touch(exist_ok=False)
        yield part
        os.replace(part, target)
    except PermissionError as error:
        raise FileProblem(
            f"{out} cannot be written. Is it open in another program, or is the folder write-protected?"
        ) from error
    finally:
        part.unlink(missing_ok=True)


class CsvTable:
    """Rows into a UTF-8 csv with a byte order mark, so that Excel opens Chinese rightly."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self._stream: TextIO = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._stream)
        self.add(header)

    def add(self, cells: Sequence[Value]) -> None:
        """Write one row; texts that could run are made harmless."""
        self._rows.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])

    def close(self) -> None:
        """Close the file; needed also when something failed."""
        self._stream.close()


class JsonLines:
    """Objects into JSON Lines, UTF-8, keys in the given order."""

    def __init__(self, path: Path) -> None:
        self._stream: TextIO = path.open("w", encoding="utf-8", newline="\n")

    def add(self, item: Mapping[str, Any]) -> None:
        """Write one object as one line."""
        self._stream.write(json.dumps(item, ensure_ascii=False, separators=(", ", ": ")) + "\n")

    def close(self) -> None:
        """Close the file; needed also when something failed."""
        self._stream.close()


class ExcelBook:
    """An xlsx written row by row with flat memory; texts stay texts whatever they begin with.

    Use as a context manager; leaving it normally writes the file. `book` is XlsxWriter's workbook.
    """

    def __init__(self, path: Path) -> None:
        # Its own folder for the parts, so that an interrupted run leaves nothing behind.
        self._folder = tempfile.TemporaryDirectory(prefix="wanhui-")
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": self._folder.name,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        self.quoted = self.book.add_format({"quote_prefix": True})
        self.bold = self.book.add_format({"bold": True})
        self._quoted_bold = self.book.add_format({"bold": True, "quote_prefix": True})
        self.cut_cells = 0

    def __enter__(self) -> "ExcelBook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._close()
            else:
                # XlsxWriter complains of a workbook that was never closed; this one is given up.
                self.book.fileclosed = True
        finally:
            for sheet in self.book.worksheets():
                if sheet.row_data_fh is not None:
                    sheet.row_data_fh.close()
            self._folder.cleanup()

    def _close(self) -> None:
        try:
            self.book.close()
        except XlsxWriterException as error:
            raise OSError(str(error)) from error

    def put(self, sheet: Any, row: int, column: int, value: Value, style: Any = None) -> None:
        """One cell: numbers as numbers, texts as texts, cut to what Excel holds (counted in `cut_cells`)."""
        if value is None or value == "":
            return
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
            return
        if len(value) > EXCEL_CELL:
            self.cut_cells += 1
            value = value[: EXCEL_CELL - 1] + "…"
        if runs(value):
            style = self._quoted_bold if style is self.bold else self.quoted
        sheet.write_string(row, column, value, style)


class ExcelTable:
    """A long table in an ExcelBook; a new sheet begins where one is full."""

    def __init__(
        self, book: ExcelBook, title: str, header: Sequence[str], widths: Sequence[int], rows_each: int = EXCEL_ROWS
    ) -> None:
        self._book = book
        self._title = title
        self._header = list(header)
        self._widths = list(widths)
        self._rows_each = rows_each
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        for column, text in enumerate(self._header):
            self._book.put(self._sheet, 0, column, text, self._book.bold)
        self._row = 1

    def add(self, cells: Sequence[Value]) -> None:
        """Write one row."""
        if self._row >= self._rows_each:
            self._filter()
            self._begin()
        for column, value in enumerate(cells):
            self._book.put(self._sheet, self._row, column, value)
        self._row += 1

    def finish(self) -> None:
        """Set the filter of the last sheet; call once after the last row."""
        self._filter()

    def _filter(self) -> None:
        self._sheet.autofilter(0, 0, max(1, self._row - 1), max(0, len(self._header) - 1))
