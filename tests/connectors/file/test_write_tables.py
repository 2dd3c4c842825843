"""Tables out: nothing runs, nothing is half-written."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.writers import (
    EXCEL_CELL,
    CsvTable,
    ExcelBook,
    ExcelTable,
    check_target,
    harmless,
    runs,
    whole_file,
)

EVIL = ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\r=1", "＝1+1", "  =HYPERLINK(1)", "＋1＋1"]


@pytest.mark.parametrize("text", EVIL)
def test_a_formula_is_made_harmless_in_csv(text: str, tmp_path: Path) -> None:
    table = CsvTable(tmp_path / "a.csv", ["名"])
    table.add([text])
    table.close()
    cells = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"), newline="")))
    assert cells[1] == [f"'{text}"] or cells[1][0].startswith("'")


@pytest.mark.parametrize("text", ["-5", "+8", "-3.5", "-12%", "很好", "3-2", "", "a=b"])
def test_plain_numbers_and_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(max_size=20))
def test_no_text_begins_with_a_sign_that_runs(text: str) -> None:
    cell = harmless(text)
    assert not runs(cell)


def excel(path: Path, rows: list[list[str | int | float | None]], rows_each: int = 100) -> openpyxl.Workbook:
    with ExcelBook(path) as book:
        table = ExcelTable(book, "评价", ["a", "b"], [10, 10], rows_each)
        for row in rows:
            table.add(row)
        table.finish()
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("text", EVIL)
def test_a_formula_stays_text_in_xlsx(text: str, tmp_path: Path) -> None:
    cell = excel(tmp_path / "a.xlsx", [[text]])["评价"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip() or "_x" in cell.value


def test_links_and_long_numbers_stay_text_in_xlsx(tmp_path: Path) -> None:
    sheet = excel(tmp_path / "a.xlsx", [["4200000012345678907", "https://example.com"]])["评价"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("4200000012345678907", "s")
    assert sheet["B2"].hyperlink is None


def test_a_full_sheet_is_followed_by_another(tmp_path: Path) -> None:
    book = excel(tmp_path / "a.xlsx", [[f"r{n}", n] for n in range(7)], rows_each=4)
    assert book.sheetnames == ["评价", "评价 2", "评价 3"]
    assert [sheet.max_row for sheet in book] == [4, 4, 2]
    assert book["评价 3"]["A1"].value == "a"
    assert book["评价 3"]["A2"].value == "r6"


def test_a_cell_too_long_for_excel_is_cut_and_counted(tmp_path: Path) -> None:
    with ExcelBook(tmp_path / "a.xlsx") as book:
        ExcelTable(book, "x", ["a"], [10]).add(["好" * (EXCEL_CELL + 9)])
        assert book.cut_cells == 1
    value = openpyxl.load_workbook(tmp_path / "a.xlsx")["x"]["A2"].value
    assert len(value) == EXCEL_CELL
    assert value.endswith("…")


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    out.write_text("old")

    def fail() -> None:
        with whole_file(out) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert out.read_text() == "old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    with whole_file(link) as part:
        part.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_targets_that_would_destroy_or_fail_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("x")
    with pytest.raises(FileProblem, match="is the file that is read"):
        check_target(tmp_path / "." / "in.csv", source)
    with pytest.raises(FileProblem, match="There is no folder"):
        check_target(tmp_path / "no" / "out.csv", source)
    with pytest.raises(FileProblem, match="is a folder"):
        check_target(tmp_path, source)


def test_an_xlsx_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    def write() -> None:
        with ExcelBook(tmp_path / "nowhere" / "a.xlsx") as book:
            ExcelTable(book, "x", ["a"], [10]).finish()

    with pytest.raises(OSError, match="nowhere"):
        write()


def test_a_formula_in_a_header_stays_text_too(tmp_path: Path) -> None:
    with ExcelBook(tmp_path / "a.xlsx") as book:
        ExcelTable(book, "x", ["=1+1"], [10]).finish()
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["x"]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.font.bold) == ("=1+1", "s", True, True)
