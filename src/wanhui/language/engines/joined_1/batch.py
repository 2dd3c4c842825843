"""A batch of texts made ready: folded, cut into clauses, with language, star and the words that hint at a flag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from wanhui.language.detect import detect_all
from wanhui.language.engines.joined_1.network import Floats
from wanhui.language.engines.joined_1.tokens import Ints, Tokens, tokens_of
from wanhui.language.judgement import FLAGS
from wanhui.language.normalise import fold_all
from wanhui.language.patterns import compiled, group_of, table
from wanhui.language.split import Clauses, clauses_of_all

# Of a longer text the beginning is read: no platform takes reviews of this length, and memory stays bounded.
LONGEST_TEXT = 20_000
MANY_CLAUSES = 40  # beyond what the labelled reviews show, more clauses mean nothing more
HINTED = tuple(flag for flag in FLAGS if flag != "contradiction")
_LANGUAGES = ("zh-Hant", "en", "de")
EXTRAS: tuple[str, ...] = (
    "clauses",
    *(f"language:{code}" for code in _LANGUAGES),
    *(f"hint:{flag}" for flag in HINTED),
    *(f"star:{name}" for name in ("low", "middling", "high")),
    "one",
)


@dataclass(frozen=True, slots=True)
class Batch:
    """N texts that say something."""

    folded: Sequence[str]
    clauses: Clauses
    languages: Sequence[str]
    stars: Ints  # 0 where not known
    tokens: Tokens


def batch_of(texts: Sequence[str], stars: Sequence[int | None], language: str | None) -> Batch:
    """Make texts ready; `language` None detects it text by text."""
    read = [text[:LONGEST_TEXT] for text in texts]
    folded = fold_all(read)
    clauses = clauses_of_all(folded)
    return Batch(
        folded,
        clauses,
        [language] * len(read) if language else detect_all(read),
        np.array([star or 0 for star in stars], np.int64),
        tokens_of(folded, clauses),
    )


def extras_of(batch: Batch) -> Floats:
    """N by EXTRAS: what is known of a text besides its words."""
    extras = np.zeros((len(batch.folded), len(EXTRAS)), np.float32)
    extras[:, 0] = np.log1p(np.minimum(batch.clauses.counts, MANY_CLAUSES))
    extras[:, -1] = 1.0
    for row, language in enumerate(batch.languages):
        if language in _LANGUAGES:
            extras[row, 1 + _LANGUAGES.index(language)] = 1.0
    first = EXTRAS.index(f"hint:{HINTED[0]}")
    for row, flag in _hints(batch):
        extras[row, first + flag] = 1.0
    low = EXTRAS.index("star:low")
    known = np.flatnonzero(batch.stars)
    extras[known, low + (batch.stars[known] >= 3) + (batch.stars[known] >= 4)] = 1.0
    return extras


def _hints(batch: Batch) -> Iterator[tuple[int, int]]:
    """Texts, and the flags that some word of them speaks for."""
    for row, (folded, language) in enumerate(zip(batch.folded, batch.languages, strict=True)):
        for flag, pattern in enumerate(_patterns(group_of(language))):
            if pattern.search(folded):
                yield row, flag


@lru_cache(maxsize=4)
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    listed = table(Path(__file__).with_name("hints.toml"))
    return tuple(compiled(listed[flag])[group] for flag in HINTED)
