"""`wanhui triage` as people call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.connectors.file.build import xlsx_of
from wanhui.cli import app
from wanhui.connectors.file.readers import read_table
from wanhui.triage import terminal

ROWS = "评价内容,评分,评论时间\n快递太慢了，等了十天，再也不买了,1,01.18\n很喜欢，面料舒服,5,2026-10-06\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def triage(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["triage", *map(str, arguments)], input=stdin)


def test_without_out_a_summary_is_printed(source: Path) -> None:
    result = triage(source)
    assert result.exit_code == 0
    for word in (
        "reviews.csv",
        "UTF-8",
        "行数",
        "差评",
        "不满的原因",
        "紧急程度",
        "简体中文",
        "评价内容",
        "日期没有年份",
    ):
        assert word in result.stdout
    assert "50.0%" in result.stdout


def test_a_severity_table_says_how_urgent(source: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "severity.toml", tmp_path / "out.jsonl"
    table.write_text("[levels]\ndelivery = 1\n", encoding="utf-8")
    assert triage(source, "-o", out, "--severity", table).exit_code == 0
    found = [json.loads(line)["severity"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert found == [1, 4]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("[levels]\nsafety = 3\n", "are 1 always. (safety)"), ("[levels]\nweather = 3\n", "is not known. (weather)"),
     ("levels", "not a toml file"), (None, "cannot be read")],
)  # fmt: skip
def test_a_severity_table_that_cannot_be_used_is_refused_with_why(
    source: Path, tmp_path: Path, text: str | None, sentence: str
) -> None:
    table = tmp_path / "severity.toml"
    if text is not None:
        table.write_text(text, encoding="utf-8")
    result = triage(source, "--severity", table)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_standard_input_is_read(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = triage("-", "-o", out, stdin=ROWS.encode("gb18030"))
    assert result.exit_code == 0
    assert len(out.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty (0 bytes)"),
        ("a.docx", b"x", 'the ending ".docx", which is not known'),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "is damaged and cannot be read"),
        ("a.csv", "商品编码,库存\nA1,3\nA2,9\n".encode(), "No column holds the text of reviews"),
        ("a.csv", "评价内容,评价内容\n好,坏\n".encode(), 'two columns named "评价内容"'),
        ("a.csv", "门店ID,统计周期,好评率,差评回复率\n1,2,3,4\n".encode(), "holds totals"),
        ("a.parquet", b"PAR1", "damaged Parquet file"),
        ("a.csv", b"a,b\n\xff\xfe\xff,1\n", "neither UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    name: str, content: bytes, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    result = triage(tmp_path / name, "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-o", "OUT/out.docx"), "Please use one of: xlsx, csv, jsonl, parquet, html"),
        (("-o", "OUT/nowhere/out.csv"), "There is no folder"),
        (("-o", "OUT/reviews.csv"), "is the file that is read"),
        (("--text-column", "标题"), 'There is no column "标题"'),
        (("--language", "fr"), 'There is no language "fr"'),
        (("--engine", "nobody-2020"), 'There is no engine "nobody-2020"'),
        (("--on", "ray"), 'extra "cluster"'),
    ],
)
def test_wrong_use_is_answered_with_a_sentence_and_two(arguments: tuple[str, str], sentence: str, source: Path) -> None:
    result = triage(source, *(argument.replace("OUT", str(source.parent)) for argument in arguments))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert source.read_text("utf-8") == ROWS
    assert [path.name for path in source.parent.iterdir()] == ["reviews.csv"]


def test_without_its_extra_parquet_is_neither_read_nor_written(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    (source.parent / "a.parquet").write_bytes(b"PAR1PAR1")
    for arguments in ((source, "-o", source.parent / "out.parquet"), (source.parent / "a.parquet",)):
        result = triage(*arguments)
        assert result.exit_code == 2
        assert "pip install 'wanhui[bulk]'" in result.stderr
    assert {path.name for path in source.parent.iterdir()} == {"reviews.csv", "a.parquet"}


def test_a_file_that_breaks_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = "".join(f"很好的第{n}件,5\n" for n in range(2000))
    path.write_text(f'评价内容,评分\n{good}"从这里开始没有结束,1\n{good}', encoding="utf-8")
    out = tmp_path / "out.csv"
    out.write_text("old")
    result = triage(path, "-o", out)
    assert result.exit_code == 2
    assert "line 2,002" in result.stderr
    assert out.read_text() == "old"
    assert {file.name for file in tmp_path.iterdir()} == {"a.csv", "out.csv"}


def test_a_text_column_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("标题,评价内容\n快递太慢了,好\n", "utf-8")
    out = tmp_path / "out.jsonl"
    assert triage(path, "-o", out, "--text-column", "标题").exit_code == 0
    assert json.loads(out.read_text("utf-8"))["text"] == "快递太慢了"


def test_signs_that_steer_a_terminal_are_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("评价内容,\x1b[2J怪\n快递太慢了\x1b[31m等了十天,1\n[red]很差[/red]客服不理人,1\n", "utf-8")
    result = triage(path)
    assert result.exit_code == 0
    assert "\x1b[2J" not in result.stdout
    assert "\x1b[31m" not in result.stdout


def test_an_excel_file_under_title_rows_goes_the_whole_way(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx_of([["十月评价"], ["评价内容", "评分"], ["少发一件，客服不理", 1], ["很好", 5]]))
    out = tmp_path / "out.xlsx"
    assert triage(path, "-o", out).exit_code == 0
    assert out.stat().st_size > 5000


@pytest.mark.processes
def test_the_real_command_needs_no_settings_and_no_database(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    probe = (
        "import sys, wanhui.cli as cli\n"
        "sys.argv = ['wanhui', 'triage', *sys.argv[1:]]\n"
        "try:\n    cli.main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "assert 'django' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, str(source), "-o", str(out)], env={"PATH": ""}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(out.read_text("utf-8").splitlines()) == 2


@pytest.mark.processes
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    import signal
    import time

    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("评价内容,评分\n")
        stream.writelines(f"快递太慢了，等了{n}天，客服也不理人，衣服还掉色，很失望,1\n" for n in range(200_000))
    out = tmp_path / "out" / "out.csv"
    out.parent.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "wanhui.cli", "triage", str(path), "-o", str(out), "--jobs", "2"],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not any(part.stat().st_size > 10_000 for part in out.parent.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running.poll() is None
    import os

    if name == "SIGINT":
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.terminate()
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.decode().strip() == "Stopped. Nothing was written."
    assert list(out.parent.iterdir()) == []


def test_progress_is_shown_only_on_a_terminal_and_only_when_it_takes_long(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with read_table(source, source.name) as table:
        assert list(terminal.with_progress(range(300), table)) == list(range(300))
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        assert list(terminal.with_progress(range(300), table)) == list(range(300))
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setattr(terminal, "_PATIENCE", -1.0)
        assert list(terminal.with_progress(range(300), table)) == list(range(300))
        assert "reviews.csv" in capsys.readouterr().err
