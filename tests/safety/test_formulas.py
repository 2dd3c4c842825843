"""A spreadsheet program runs cells that begin like a formula; none of ours does, wherever a table leaves the desk."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from typer.testing import CliRunner

from tests.safety.conftest import FORMULA, Shop
from tests.safety.pages import plain_addresses, walk
from wanhui.cli import app
from wanhui.connectors.models import ImportLine

RUNS = ("=", "+", "-", "@", "\t", "\r")
NICKNAMES = (FORMULA, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "\t=1+1", "＝1+1", " =1+1")


def running(rows: list[list[str]]) -> list[str]:
    """The cells a spreadsheet program would run; a plain number may begin with its sign."""
    return [cell for row in rows for cell in row if cell.lstrip(" ").startswith(RUNS) and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export in which every nickname is a formula, and one text and one product too."""
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["评价内容", "买家昵称", "星级", "商品名称"])
        writer.writerows(["快递太慢，等了九天", name, "1", FORMULA] for name in NICKNAMES)
        writer.writerow([FORMULA, "衣*柜", "1", "围巾"])
    return path


def test_every_table_that_can_be_downloaded_from_the_desk_holds_no_cell_that_runs(shop: Shop, as_mei: Client) -> None:
    for reason in NICKNAMES:
        ImportLine.objects.create(source=shop.brought, row=9, outcome="noted", reason=reason)
    found = walk(as_mei, plain_addresses())
    tables = {address: answer for address, answer in found.items() if "csv" in answer.headers.get("Content-Type", "")}
    assert f"/imports/{shop.brought.pk}/lines.csv" in tables
    for address, answer in tables.items():
        assert "attachment" in answer.headers["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
        assert len(rows) > 3
        assert running(rows) == [], address


def test_a_judged_csv_holds_no_cell_that_runs(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "judged.csv"
    assert CliRunner().invoke(app, ["triage", str(export), "-o", str(out)]).exit_code == 0
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    assert len(rows) == len(NICKNAMES) + 2
    assert running(rows) == []


def test_a_judged_workbook_holds_these_cells_as_plain_text(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "judged.xlsx"
    assert CliRunner().invoke(app, ["triage", str(export), "-o", str(out)]).exit_code == 0
    book = openpyxl.load_workbook(out)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.coordinate for cell in cells if cell.hyperlink]
    texts = [cell for cell in cells if cell.value == FORMULA]
    assert texts
    assert all(cell.quotePrefix for cell in texts), "Excel runs such a cell again once it is edited"
