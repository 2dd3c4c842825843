"""xlsx and xls: sheets, types, and everything that must not be opened."""

import io
import itertools
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.connectors.file.build import columns_of, repacked, reviews_of, table_of, xlsx_of
from wanhui.connectors.file.problem import FileProblem

ROWS = [["订单编号", "评价内容", "星级", "评价时间"], ["A1", "拉链坏了", 1, datetime(2026, 10, 3, 14, 5, 9)]]


def test_an_xlsx_keeps_its_types() -> None:
    table = table_of(xlsx_of(ROWS), "a.xlsx")
    assert list(table.rows) == [["A1", "拉链坏了", 1.0, datetime(2026, 10, 3, 14, 5, 9)]]
    assert (table.format, table.sheet) == ("xlsx", "Sheet1")


def test_the_sheet_with_the_reviews_is_found_and_the_others_are_named() -> None:
    data = xlsx_of([["说明"], ["请看下一页"]], ROWS, names=["说明", "明细"])
    table = table_of(data, "a.xlsx")
    assert table.sheet == "明细"
    assert 'not read: "说明"' in table.notes[0]


def test_title_rows_above_the_header_of_a_sheet_are_kept_aside() -> None:
    table = table_of(xlsx_of([["十月评价明细"], [], *ROWS]), "a.xlsx")
    assert table.header == ROWS[0]
    assert table.title_rows == ["十月评价明细"]


def test_an_excel_file_named_csv_is_still_an_excel_file() -> None:
    assert table_of(xlsx_of(ROWS), "a.csv").format == "xlsx"


def test_a_serial_number_in_a_time_column_is_a_date() -> None:
    found = reviews_of(xlsx_of([["评价内容", "评价时间"], ["好", 45321], ["坏", 45321.5]]), "a.xlsx")
    assert str(found[0].said_on) == "2024-01-30"
    assert found[0].precision == "day"
    assert found[1].said_at == datetime(2024, 1, 30, 12, 0)


def test_an_order_number_that_excel_made_a_float_is_refused() -> None:
    found = reviews_of(
        xlsx_of([["评价内容", "订单号"], ["好", 1234567890123456789], ["坏", "4200000012345678901"]]), "a.xlsx"
    )
    assert found[0].order_id == ""
    assert "order id damaged by a spreadsheet" in found[0].problems[0]
    assert found[1].order_id == "4200000012345678901"


def test_a_truncated_file_is_refused_with_a_plain_sentence() -> None:
    data = xlsx_of(ROWS)
    with pytest.raises(FileProblem, match=r"a\.xlsx is damaged and cannot be read"):
        table_of(data[: len(data) // 2], "a.xlsx")


def test_a_file_that_is_excel_by_name_only_is_refused() -> None:
    with pytest.raises(FileProblem, match="ending of an Excel file but is none"):
        table_of(bytes(range(128, 256)) * 40, "a.xls")


def test_an_old_file_cut_after_its_beginning_is_refused() -> None:
    with pytest.raises(FileProblem, match="damaged"):
        table_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls")


def test_an_encrypted_file_asks_for_the_password_to_be_removed() -> None:
    container = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
    )
    with pytest.raises(FileProblem, match="protected with a password"):
        table_of(container, "a.xlsx")


def test_any_other_archive_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("reviews.csv", "评价内容\n好")
    with pytest.raises(FileProblem, match="an archive but not an Excel file"):
        table_of(stream.getvalue(), "a.xlsx")


def test_an_archive_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = repacked(xlsx_of(ROWS), bomb=b"\x00" * (64 * 1024 * 1024))
    assert len(bomb) < 200_000
    with pytest.raises(FileProblem, match="would unpack to 64 MB"):
        table_of(bomb, "a.xlsx")


def test_a_directory_that_lies_about_sizes_is_noticed() -> None:
    bomb = repacked(xlsx_of(ROWS), bomb=b"\x00" * (64 * 1024 * 1024))
    lie = bomb.replace(struct.pack("<L", 64 * 1024 * 1024), struct.pack("<L", 1000))
    assert lie != bomb
    with pytest.raises(FileProblem, match=r"damaged|unpack"):
        table_of(lie, "a.xlsx")


def test_a_cell_at_the_far_corner_is_refused_before_room_is_made_for_it() -> None:
    cells = ('<c r="{at}"><v>1</v></c>', "<x:c s='0' r = '{at}'><v>1</v></x:c>")
    corners = (("XFD1048576", "column 16,384"), ("CV1048576", "1,048,57[67] rows"))
    for (at, word), cell in itertools.product(corners, cells):
        sheet = (
            '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'<sheetData><row r="1">{cell.format(at="A1")}</row><row>{cell.format(at=at)}</row></sheetData>'
            "</worksheet>"
        )
        with pytest.raises(FileProblem, match=word):
            table_of(repacked(xlsx_of(ROWS), sheet1=sheet.encode()), "a.xlsx")


def test_a_workbook_without_data_is_refused() -> None:
    with pytest.raises(FileProblem, match="no visible sheet with data"):
        table_of(xlsx_of([]), "a.xlsx")


def test_every_row_of_an_old_excel_file_is_counted(shared_data: Path) -> None:
    path = shared_data / "imports" / "jd_100002280591-中评.xls"
    table = table_of(path.read_bytes(), path.name)
    assert columns_of(table).index("text") == 2
    assert len(list(table.rows)) == 299
