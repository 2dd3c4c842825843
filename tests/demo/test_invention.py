"""No text of the demo world is taken from the real reviews beside the project."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.test_story import PLACEHOLDER, customers_texts, shops_texts
from wanhui.demo.story import World

polars = pytest.importorskip("polars")

RUN = 12


def real_texts(folder: Path) -> Iterator[str]:
    for path in [*sorted((folder / "labels").glob("*.jsonl")), folder / "labels/fewclue_eprstmt/unlabeled.jsonl"]:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield str(row.get("text") or row.get("sentence") or "")
    for path in sorted((folder / "reviews").glob("*.parquet")):
        table = polars.read_parquet(path)
        for column, kind in table.schema.items():
            if kind == polars.String:
                yield from (text for text in table[column].to_list() if text)
    csvs = [*sorted((folder / "replies").glob("*.csv")), *sorted((folder / "labels/zhijiang_cup_2019").glob("*.csv"))]
    for path in csvs:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for cells in csv.reader(lines):
                yield from cells
    yield (folder / "imports/hotel.gbk.csv").read_text(encoding="gb18030", errors="replace")
    yield (folder / "imports/taobao.utf8bom.csv").read_text(encoding="utf-8-sig")


def bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


@pytest.mark.slow
def test_no_text_shares_a_long_run_with_a_real_review(world: World, shared_data: Path) -> None:
    runs: dict[str, str] = {}
    for key, text in [*customers_texts(world), *shops_texts(world)]:
        told = bare(text)
        length = RUN if re.search(r"[一-鿿]", text) else 3 * RUN
        if not PLACEHOLDER.search(text):
            runs.update({told[i : i + length]: key for i in range(len(told) - length + 1)})
    real = "\n".join(bare(text) for text in real_texts(shared_data))
    assert len(real) > 1_000_000, "the real reviews were not read"
    seen = {run for length in {len(run) for run in runs} for run in windows(real, length) if run in runs}
    assert not {runs[run]: run for run in seen}


def windows(text: str, length: int) -> Iterator[str]:
    return (text[i : i + length] for i in range(len(text) - length + 1))
