"""Run in a process of its own with little memory: every hostile file through the readers and through `wanhui triage`.

`python -m tests.hostile.door FOLDER` prints one JSON object a line: the case, the door, what was said, how long it
took, and by how much the most memory ever used grew.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars  # noqa: F401 - loaded before memory is measured
from typer.testing import CliRunner

from tests.hostile import build
from wanhui.cli import app
from wanhui.connectors.file.columns import recognise
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import read_reviews
from wanhui.language import judge

LIMIT = 6 << 30  # bytes of addresses; threads alone reserve a good part of them
PATIENCE = 20  # seconds, on a busy machine


class Late(BaseException):
    """It took too long."""


def _alarm(_number: int, _frame: object) -> None:
    raise Late


def by_readers(path: Path) -> tuple[str, int]:
    """What the readers say, or "" and how many rows they read."""
    try:
        with read_table(path, path.name) as table:
            columns = recognise(table.header, table.sample, named=table.named)
            return "", sum(1 for _ in read_reviews(table, columns))
    except FileProblem as problem:
        return problem.message, 0


def by_command(path: Path) -> tuple[str, int]:
    """What `wanhui triage FILE -o OUT` prints, or "" and how many rows it wrote. Nothing else may be left behind."""
    out = path.parent / "out.jsonl"
    result = CliRunner().invoke(app, ["triage", str(path), "-o", str(out)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    rows = 0
    if out.exists():
        with out.open("rb") as stream:
            rows = sum(1 for _ in stream)
        out.unlink()
    left = [other.name for other in path.parent.iterdir() if other != path]
    assert left == [], f"left behind: {left}"
    assert result.exit_code == (0 if rows else 2), f"exit {result.exit_code}: {result.output[:300]}"
    return ("", rows) if rows else (result.stderr, 0)


def _tried(door: Callable[[Path], tuple[str, int]], path: Path) -> dict[str, object]:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    signal.alarm(PATIENCE)
    try:
        said, rows = door(path)
        wrong = ""
    except Late:
        said, rows, wrong = "", 0, f"no answer in {PATIENCE} s"
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
        said, rows, wrong = "", 0, repr(error)[:500]
    signal.alarm(0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"said": said, "rows": rows, "wrong": wrong, "seconds": time.monotonic() - began, "grown": grown // 1024}


def main(folder: Path) -> None:
    """Try every case at both doors."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    signal.signal(signal.SIGALRM, _alarm)
    judge(["坏了"])  # the model is loaded once, before anything is measured
    for case in build.all_cases():
        path = build.write(case, folder)
        for name, door in (("readers", by_readers), ("command", by_command)):
            print(json.dumps({"case": case.label, "door": name, **_tried(door, path)}), flush=True)
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
