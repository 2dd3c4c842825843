"""The files that come out."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import polars
import pytest
from typer.testing import CliRunner, Result

from wanhui.cli import app
from wanhui.triage import columnar, outputs

EVIL = '"=HYPERLINK(""http://x"",""点我"")"'
ROWS = (
    "订单号,买家昵称,评价内容,评分,评价时间\n"
    "4200000012345678907,=cmd|' /C calc'!A0,快递太慢了，等了十天，再也不买了,1,2026-10-03 21:14:05\n"
    f"4200000012345678908,梅**子,{EVIL},2,2026-10-04\n"
    "4200000012345678909,@SUM(A1),<script>alert(1)</script>客服态度很差，不理人,1,2026-10-05\n"
    "4200000012345678910,w**g,很喜欢，面料舒服，物流快,5,2026-10-06\n"
    "4200000012345678911,+1+1,此用户没有填写评价。,4,2026-10-07\n"
    ",,,,\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small csv with everything that could run in it."""
    path = tmp_path / "reviews.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def triage(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["triage", *map(str, arguments)])


def test_json_lines_hold_the_contract_in_order(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert triage(source, "-o", out).exit_code == 0
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [one["row"] for one in found] == list(range(6))
    for one in found:
        assert list(one) == [
            "row",
            "text",
            "language",
            "no_text",
            "unsure",
            "sentiment",
            "causes",
            "praises",
            "primary",
            "flags",
            "severity",
            "engine",
            "source",
        ]
        assert list(one["source"]) == ["订单号", "买家昵称", "评价内容", "评分", "评价时间"]
        for cause in one["causes"]:
            assert list(cause) == ["code", "sub", "score", "evidence"]
    assert found[0]["source"]["订单号"] == "4200000012345678907"
    assert (found[0]["sentiment"], found[4]["no_text"], found[4]["sentiment"]) == ("negative", True, None)


def test_parquet_holds_the_same_contract_with_the_stated_types(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "PIECE", 4)
    assert triage(source, "-o", tmp_path / "out.parquet").exit_code == 0
    assert triage(source, "-o", tmp_path / "out.jsonl").exit_code == 0
    frame = polars.read_parquet(tmp_path / "out.parquet")
    assert dict(frame.schema) == columnar.schema(["订单号", "买家昵称", "评价内容", "评分", "评价时间"])
    assert frame.to_dicts() == [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".jsonl", ".parquet"}


def test_parquet_in_and_parquet_out_keeps_every_row(tmp_path: Path) -> None:
    source = tmp_path / "in.parquet"
    polars.DataFrame({"评价内容": ["拉链坏了", None, "很好看"], "评分": [1, 5, 5]}).write_parquet(source)
    assert triage(source, "-o", tmp_path / "out.parquet").exit_code == 0
    found = polars.read_parquet(tmp_path / "out.parquet")
    assert found["text"].to_list() == ["拉链坏了", "", "很好看"]
    assert found["source"].struct.field("评分").to_list() == ["1", "5", "5"]


def test_csv_keeps_every_row_and_runs_nothing(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert triage(source, "-o", out).exit_code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert len(rows) == 7
    assert len({len(row) for row in rows}) == 1
    assert rows[0][:7] == ["订单号", "买家昵称", "评价内容", "评分", "评价时间", "紧急程度", "紧急理由"]
    assert rows[1][1] == "'=cmd|' /C calc'!A0"
    assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t" and cell]


def test_xlsx_has_columns_summary_charts_and_no_formula(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert triage(source, "-o", out).exit_code == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["汇总", "评价"]
    sheet = book["评价"]
    assert sheet.max_row == 7
    assert [cell.value for cell in sheet[1]][:6] == ["订单号", "买家昵称", "评价内容", "评分", "评价时间", "紧急程度"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("4200000012345678907", "s")
    assert (sheet["D2"].value, sheet["D2"].data_type) == (1, "n")
    assert sheet["B2"].value == "=cmd|' /C calc'!A0"
    assert sheet["B2"].quotePrefix
    assert not [cell for page in book for row in page for cell in row if cell.data_type == "f" or cell.hyperlink]
    charts = [name for name in zipfile.ZipFile(out).namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 3


def test_the_charts_point_at_the_figures_of_the_summary(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    triage(source, "-o", out)
    front = openpyxl.load_workbook(out)["汇总"]
    chart = next(c for c in front._charts if c.title.tx.rich.p[0].r[0].t == "好中差")
    first, last = re.findall(r"\$B\$(\d+)", chart.series[0].val.numRef.f)
    values = [front[f"B{row}"].value for row in range(int(first), int(last) + 1)]
    names = [front[f"A{row}"].value for row in range(int(first), int(last) + 1)]
    assert dict(zip(names, values, strict=True)) == {"差评": 3, "中评": 0, "好评": 2}


def test_the_page_is_self_contained_and_escaped(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    assert triage(source, "-o", out).exit_code == 0
    page = out.read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in re.sub(r"<mark title=\"[^\"]+\">|</mark>", "", page)
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=|url\(|@import", page)
    assert '<html lang="zh-CN">' in page
    assert "<mark title=" in page


def test_titles_follow_the_language_of_the_texts(tmp_path: Path) -> None:
    path = tmp_path / "de.csv"
    path.write_text(
        "Bewertungstext;Sterne\nDas Paket kam zerdrückt an und der Kundendienst antwortet nicht;1\n", "utf-8"
    )
    assert triage(path, "-o", tmp_path / "out.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["Übersicht", "Bewertungen"]


def test_a_title_that_the_input_has_already_gets_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("评价内容,情感\n快递太慢了,x\n", "utf-8")
    triage(path, "-o", tmp_path / "out.csv")
    header = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    assert header.count("情感") == 1
    assert "情感 (Wanhui)" in header


def test_every_verdict_column_is_filled_for_every_language(source: Path) -> None:
    for language in ("zh", "en", "de"):
        titles = [outputs.say("columns", column, language) for column in outputs._COLUMNS]
        assert len(set(titles)) == len(titles)
