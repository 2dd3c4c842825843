"""Reviews labelled or invented by us, one a line, with the words that carry each cause and each praise.

`told/zh.tsv`, `told/en.tsv` and `told/de.tsv` hold reviews that we invented, with their text. `told/pool.tsv` holds
labels only, for reviews of `../shared/data/reviews`: a digest of the text stands in its place, and quotes are offsets.
The columns: rating, text or digest, sentiment, causes, main cause, flags, praises; causes and praises as
`code@start-end`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from training.data import DATA, STARS, Row, labelled, praised, shingles
from wanhui.language.normalise import clean, is_placeholder

FOLDER = Path(__file__).with_name("told")
POOL = (
    ("online_shopping", "review"), ("waimai", "review"), ("jd_herbal", "评论内容"), ("taobao_health", "content"),
    ("taipei_restaurants_low", "text"),
)  # fmt: skip


class Quote(NamedTuple):
    """A code and where in the text it is said; start and end are equal where no words say it by themselves."""

    code: str
    start: int
    end: int


def told(language: str, weight: float) -> list[Row]:
    """The reviews that we invented in a language: zh, en or de."""
    return [_row(each, each[1], language, "told", weight) for each in _lines(language)]


def pooled() -> list[Row]:
    """The reviews of the pool that we labelled; those whose text is not in the folder of data are left out."""
    labels = {each[1]: each for each in _lines("pool")}
    found = {digest_of(text): text for text in pool() if digest_of(text) in labels}
    return [_row(labels[digest], text, "zh-Hans", "pool", 1.0) for digest, text in sorted(found.items())]


def labelled_digests() -> set[str]:
    """The digests of the reviews of the pool that we labelled."""
    return {each[1] for each in _lines("pool")}


def digest_of(text: str) -> str:
    """What stands for a text of the pool in `told/pool.tsv`."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def as_pooled(raw: str) -> str:
    """A text of the pool as it was labelled: cleaned, on one line."""
    return " ".join(clean(raw).split())


def quotes_of(field: str) -> tuple[Quote, ...]:
    """`quality@3-9 price@12-15` read; an empty field has none."""
    quotes = []
    for each in field.split():
        code, _, span = each.partition("@")
        start, _, end = span.partition("-")
        quotes.append(Quote(code, int(start), int(end)))
    return tuple(quotes)


def _row(each: list[str], text: str, language: str, source: str, weight: float) -> Row:
    rating, _, sentiment, causes, primary, flags, praises = each
    complaints, liked = quotes_of(causes), quotes_of(praises)
    return Row(
        text=text,
        star=STARS.get(rating),
        language=language,
        sentiment=sentiment,
        causes=frozenset(quote.code for quote in complaints),
        praises=frozenset(quote.code for quote in liked),
        primary=primary or None,
        flags=frozenset(flags.split()),
        part=source,
        weight=weight,
        source=source,
        quotes=(complaints, liked),
    )


def _lines(name: str) -> Iterator[list[str]]:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


@lru_cache(maxsize=1)
def pool() -> tuple[str, ...]:
    """The different reviews of the folder of data, as they were labelled."""
    texts: dict[str, None] = {}
    for name, column in POOL:
        for raw in pl.read_parquet(DATA / "reviews" / f"{name}.parquet")[column].drop_nulls().to_list():
            texts[as_pooled(raw)] = None
    return tuple(texts)


def unlabelled() -> list[str]:
    """The reviews of the pool that say something and resemble no row kept for measuring."""
    measured = {shingle for row in (*labelled("dev"), *praised("dev")) for shingle in shingles(row.text)}
    return [
        text for text in pool() if len(text) >= 4 and not is_placeholder(text) and not shingles(text) & measured
    ]  # fmt: skip
