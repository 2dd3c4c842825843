"""What the models learn from: the labelled rows, and weakly labelled praise. The texts stay outside the repository."""

from __future__ import annotations

import csv
import json
import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wanhui.language.normalise import clean, fold, is_placeholder

DATA = Path(os.environ.get("WANHUI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
STARS = {"low": 1, "mid": 3, "high": 5}
SHINGLE = 10
ASPECTS = {
    "整体": "unspecific", "其他": "unspecific", "使用体验": "quality", "功效": "quality", "气味": "quality",
    "成分": "quality", "新鲜度": "quality", "价格": "price", "物流": "delivery", "包装": "damage",
    "真伪": "authenticity", "服务": "service", "尺寸": "mismatch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One review with its labels; None means nobody labelled this side of it. `weight` is below 1 for weak labels."""

    text: str
    star: int | None
    language: str
    sentiment: str | None
    causes: frozenset[str] | None
    praises: frozenset[str] | None = None
    primary: str | None = None
    flags: frozenset[str] | None = None
    part: str = "train"
    weight: float = 1.0
    source: str = field(default="", compare=False)
    # Where causes and praises are said, as (code, start, end); None where nobody marked it.
    quotes: tuple[tuple[tuple[str, int, int], ...], tuple[tuple[str, int, int], ...]] | None = None
    # What a larger model thinks likely, in the order of HEADS; then nobody labelled the row.
    chances: NDArray[np.float32] | None = field(default=None, compare=False)


def labelled(name: str) -> list[Row]:
    """The rows of `labels/<name>.jsonl` (train or dev), in the order of the file."""
    return [
        Row(
            text=clean(each["text"]),
            star=STARS.get(each["rating"]),
            language=each["lang"],
            sentiment=each["sentiment"],
            causes=frozenset(each["causes"]),
            primary=each["primary"],
            flags=frozenset(each["flags"]),
            part=each.get("part", "train"),
            source=each["source"],
        )
        for each in _lines(name)
    ]


def praised(name: str) -> list[Row]:
    """The rows of `labels/praise_<name>.jsonl`: praises and causes, no sentiment and no flags."""
    return [
        Row(clean(each["text"]), None, each["lang"], None, frozenset(each["causes"]), frozenset(each["praises"]),
            part="praise", source=each["source"])
        for each in _lines(f"praise_{name}")
    ]  # fmt: skip


def weakly_positive(count: int, seed: int, unlike: Iterable[Row]) -> list[Row]:
    """Up to `count` reviews that their source calls good, taken as without complaint; none that resembles `unlike`.

    Without them an engine that learnt from bad reviews reads a complaint into every praise.
    """
    known = {piece for row in unlike for piece in shingles(row.text)}
    pool = [*_five_stars(), *_called_good()]
    random.Random(seed).shuffle(pool)
    rows: list[Row] = []
    seen: set[str] = set()
    for text, star, source in pool:
        if len(rows) == count:
            break
        text = clean(text)
        if not 4 <= len(text) <= 200 or text in seen or is_placeholder(text) or shingles(text) & known:
            continue
        seen.add(text)
        rows.append(Row(text, star, "zh-Hans", "positive", frozenset(), flags=frozenset(), part="weak", weight=0.5,
                        source=source))  # fmt: skip
    return rows


def _five_stars() -> list[tuple[str, int | None, str]]:
    frame = pl.read_parquet(DATA / "reviews" / "jd_herbal.parquet").filter(pl.col("评分") == 5)
    texts = frame["评论内容"].drop_nulls().sample(20_000, seed=1)
    return [(text, 5, "jd_herbal") for text in texts.to_list()]


def _called_good() -> list[tuple[str, int | None, str]]:
    pool: list[tuple[str, int | None, str]] = []
    for name in ("online_shopping", "waimai"):
        frame = pl.read_parquet(DATA / "reviews" / f"{name}.parquet").filter(pl.col("label") == 1)
        texts = frame["review"].drop_nulls()
        pool += [(text, None, name) for text in texts.sample(min(8_000, len(texts)), seed=1).to_list()]
    return pool


def cosmetics() -> list[Row]:
    """The competition rows with human aspects: what is praised, in our codes."""
    folder = DATA / "labels" / "zhijiang_cup_2019"
    liked: dict[str, set[str]] = {}
    with (folder / "Train_labels.csv").open(encoding="utf-8-sig", newline="") as lines:
        for each in csv.DictReader(lines):
            if each["Polarities"] == "正面":
                liked.setdefault(each["id"], set()).add(ASPECTS[each["Categories"]])
    with (folder / "Train_reviews.csv").open(encoding="utf-8-sig", newline="") as lines:
        return [
            Row(clean(each["Reviews"]), None, "zh-Hans", None, None, _named(liked.get(each["id"], set())), part="weak",
                weight=0.5, source="zhijiang_cup_2019")
            for each in csv.DictReader(lines)
        ]  # fmt: skip


def _named(codes: set[str]) -> frozenset[str]:
    return frozenset(codes - {"unspecific"} or codes)


def shingles(text: str) -> set[str]:
    """Every ten letters in a row, by which two texts are found alike."""
    letters = "".join(char for char in fold(text) if char.isalnum())
    return {letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1))}


def _lines(name: str) -> list[dict[str, Any]]:
    with (DATA / "labels" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
