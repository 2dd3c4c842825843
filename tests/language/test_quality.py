"""How good the shipped engine is, on the labelled rows beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from wanhui.language import CAUSES, DEFAULT_ENGINE, Judgement, judge

STARS = {"low": 1, "mid": 3, "high": 5}


def rows_of(shared_data: Path, part: str) -> list[dict[str, Any]]:
    lines = (shared_data / "labels" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["part"] == part]


def judged(rows: list[dict[str, Any]], engine: str = DEFAULT_ENGINE) -> list[Judgement]:
    return judge([row["text"] for row in rows], ratings=[STARS.get(row["rating"]) for row in rows], engine=engine)


def f1(said: list[set[str]], true: list[set[str]]) -> tuple[float, float]:
    """Macro-F1 over the causes that occur, micro-F1 over all."""
    hits = {code: sum(code in a and code in b for a, b in zip(said, true, strict=True)) for code in CAUSES}
    both = {code: sum((code in a) + (code in b) for a, b in zip(said, true, strict=True)) for code in CAUSES}
    occurring = [code for code in CAUSES if any(code in each for each in true)]
    macro = sum(2 * hits[code] / both[code] for code in occurring) / len(occurring)
    return macro, 2 * sum(hits.values()) / sum(both.values())


@pytest.mark.parametrize(
    ("part", "macro", "micro"),
    [("core", 0.81, 0.84), ("other", 0.72, 0.84), ("hant", 0.58, 0.84), ("en", 0.50, 0.72), ("de", 0.36, 0.68)],
)
def test_causes_are_found_at_least_this_well(shared_data: Path, part: str, macro: float, micro: float) -> None:
    rows = rows_of(shared_data, part)
    measured = f1(
        [{cause.code for cause in each.causes} for each in judged(rows)], [set(row["causes"]) for row in rows]
    )
    assert measured[0] >= macro
    assert measured[1] >= micro


@pytest.mark.parametrize("part", ["core", "other", "hant", "en", "de"])
def test_the_sentiment_is_right_in_87_of_100_texts(shared_data: Path, part: str) -> None:
    rows = rows_of(shared_data, part)
    right = sum(each.sentiment == row["sentiment"] for each, row in zip(judged(rows), rows, strict=True))
    assert right >= 0.87 * len(rows)


def test_what_the_engine_calls_unsure_is_wrong_more_often(shared_data: Path) -> None:
    rows = rows_of(shared_data, "core")
    pairs = list(zip(judged(rows), rows, strict=True))
    micro = [
        f1(
            [{cause.code for cause in each.causes} for each, _ in pairs if each.unsure == unsure],
            [set(row["causes"]) for each, row in pairs if each.unsure == unsure],
        )[1]
        for unsure in (False, True)
    ]
    assert micro[0] > micro[1] + 0.1


def test_the_fast_engine_finds_nearly_as_much(shared_data: Path) -> None:
    rows = rows_of(shared_data, "core")
    true = [set(row["causes"]) for row in rows]
    micro = {
        engine: f1([{cause.code for cause in each.causes} for each in judged(rows, engine)], true)[1]
        for engine in ("fast", "accurate")
    }
    assert micro["fast"] >= micro["accurate"] - 0.04


DENIED = [
    ("洗了两次都不掉毛，很满意", None),
    ("客服没有不耐烦，有问必答", 5),
    ("快递很快，没有压坏", 5),
    ("不洒不漏，味道也好", 5),
    ("房间没有异味，很干净", None),
]


@pytest.mark.parametrize(("text", "star"), DENIED)
def test_a_complaint_that_is_denied_is_none(text: str, star: int | None) -> None:
    (found,) = judge([text], ratings=[star])
    assert (found.sentiment, found.causes) == ("positive", ())
