"""Small invented files for these tests."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from wanhui.connectors.file.columns import ColumnMap, recognise
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import ReviewRow, read_reviews
from wanhui.connectors.file.table import Table


def table_of(data: bytes | str, name: str = "reviews.csv") -> Table:
    """The table of a file with this content and name."""
    return read_table(io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def columns_of(table: Table, text_column: str | None = None) -> ColumnMap:
    """The recognised columns of a table."""
    return recognise(table.header, table.sample, text_column=text_column, named=table.named)


def reviews_of(data: bytes | str, name: str = "reviews.csv", year: int | None = None) -> list[ReviewRow]:
    """All rows of a file as reviews."""
    table = table_of(data, name)
    return list(read_reviews(table, columns_of(table), year=year))


def one_review(**cells: str) -> ReviewRow:
    """The review of a one-row csv with these columns."""
    header = ",".join(cells)
    values = ",".join('"' + value.replace('"', '""') + '"' for value in cells.values())
    return reviews_of(f"{header}\n{values}\n")[0]


def xlsx_of(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """An Excel file with these rows on its sheets."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[number] if names else None)
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(index, column, value, dates)
                else:
                    sheet.write(index, column, value)
    book.close()
    return stream.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same archive with some parts replaced (`sheet1` stands for xl/worksheets/sheet1.xml) or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            key = part.filename.rsplit("/", 1)[-1].removesuffix(".xml")
            new.writestr(part.filename, parts.pop(key, None) or old.read(part.filename))
        for key, content in parts.items():
            new.writestr(f"xl/media/{key}.bin", content)
    return stream.getvalue()
