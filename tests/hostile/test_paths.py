"""What is no file, and a file that does not hold still, given to the command line."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.hostile.case import HEADER, ROW
from wanhui.cli import app
from wanhui.connectors.file.columns import recognise
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import read_reviews


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    signal.alarm(30)
    yield
    signal.alarm(0)


def triage(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["triage", *map(str, arguments)])


def test_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").mkdir()
    result = triage(tmp_path / "reviews.csv")
    assert (result.exit_code, "cannot be opened" in result.stderr) == (2, True)


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "reviews.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("reviews.csv", "zero.csv"):
        result = triage(tmp_path / name)
        assert (result.exit_code, "is a pipe or a device" in result.stderr) == (2, True)


def test_a_link_is_followed_and_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(HEADER + ROW, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    assert triage(tmp_path / "link.csv", "-o", tmp_path / "out.jsonl").exit_code == 0
    result = triage(tmp_path / "circle.csv")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_a_name_with_control_sequences_does_not_reach_the_terminal(tmp_path: Path) -> None:
    name = "评价\x1b[2J\x1b]0;mine\x07\u202e.csv"
    (tmp_path / name).write_bytes(b"")
    for path in (tmp_path / name, tmp_path / f"no{name}", tmp_path / f"{name}.docx"):
        result = triage(path)
        assert result.exit_code == 2
        assert not set("\x1b\x07\u202e") & set(result.stderr)


def test_cells_with_control_sequences_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cell = "快递太慢\x1b[31m了\x1b]0;mine\x07，等了十天\u202e"
    path.write_text(f"评价内容,\x1b[5m星级,评价时间\n{cell},\x1b[2J9,\x1b[2Jnever\n", encoding="utf-8")
    result = triage(path)
    assert result.exit_code == 0
    assert not set("\x1b\x07\u202e") & set(result.output)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_file_that_is_written_to_while_it_is_read_is_told_or_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    line = '{"text": "袖口开线，洗了一次就散了"}\n' if ending == "jsonl" else "袖口开线，洗了一次就散了,1,2026-10-03\n"
    path.write_text(("" if ending == "jsonl" else HEADER) + line * 20_000, encoding="utf-8")
    with read_table(path, path.name) as table:
        rows = read_reviews(table, recognise(table.header, table.sample, named=table.named))
        next(rows)
        with path.open("r+b") as other:
            other.seek(500_000)
            other.write(b"\xff\xfe\xfd" * 3_000)
        with pytest.raises(FileProblem, match=r"was changed while it was read|not JSON"):
            list(rows)


def test_a_file_that_is_cut_short_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + ROW * 20_000, encoding="utf-8")
    with read_table(path, path.name) as table:
        rows = read_reviews(table, recognise(table.header, table.sample, named=table.named))
        next(rows)
        os.truncate(path, len((HEADER + ROW * 5_000).encode()))
        with pytest.raises(FileProblem, match="was changed while it was read"):
            list(rows)
