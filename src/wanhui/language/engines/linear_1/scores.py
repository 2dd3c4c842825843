"""From texts to numbers: what every head says of each text and of each clause, and what the stack makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.linear_1.grams import Grams, grams
from wanhui.language.engines.linear_1.weights import Floats, Weights
from wanhui.language.judgement import FLAGS, Span
from wanhui.language.patterns import spoken_flags

HINTED = tuple(flag for flag in FLAGS if flag not in ("offtopic", "contradiction"))
_LANGUAGES = ("zh-Hant", "en", "de")
# Behind the heads' two numbers a text: log of the clauses, languages, words for flags, star low/middling/high, one.
EXTRAS = 1 + len(_LANGUAGES) + len(HINTED) + 3 + 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch ready for scoring: folded texts, their clauses, languages and stars."""

    folded: Sequence[str]
    clauses: Sequence[Sequence[Span]]
    languages: Sequence[str]
    ratings: Sequence[int | None]

    @property
    def counts(self) -> NDArray[np.int64]:
        return np.fromiter((len(each) for each in self.clauses), np.int64, len(self.clauses))


@dataclass(frozen=True, slots=True)
class Scores:
    """`texts` N by H, `clauses` M by H (numbered through the batch), `best` N by H: each text's strongest clause."""

    texts: Floats
    clauses: Floats
    best: Floats


def score(batch: Prepared, weights: Weights) -> Scores:
    """What every head says: a run's weight times its rarity, summed, divided by the length of the vector."""
    sums, lengths = _clause_sums(grams(batch.folded, batch.clauses), int(batch.counts.sum()), weights)
    counts = batch.counts
    clauses = _scaled(sums, lengths) + weights.bias
    texts = _scaled(_per_text(np.add, sums, counts, 0.0), _per_text(np.add, lengths, counts, 0.0)) + weights.bias
    best = _per_text(np.maximum, clauses, counts, np.nan)
    return Scores(texts, clauses, np.where(np.isnan(best), weights.bias, best))


def stacked(batch: Prepared, texts: Floats, best: Floats) -> Floats:
    """The features of the second layer, N by 2H + EXTRAS, from the heads' numbers and what is known besides."""
    counts, size = batch.counts, len(batch.folded)
    extras = np.zeros((size, EXTRAS), np.float32)
    extras[:, 0] = np.log1p(counts)
    extras[:, -1] = 1.0
    for row, (text, language, star) in enumerate(zip(batch.folded, batch.languages, batch.ratings, strict=True)):
        if language in _LANGUAGES:
            extras[row, 1 + _LANGUAGES.index(language)] = 1.0
        hits = spoken_flags(text, language)
        for place, flag in enumerate(HINTED):
            extras[row, 4 + place] = flag in hits
        if star is not None:
            extras[row, 8 + (star >= 3) + (star >= 4)] = 1.0
    return np.hstack([texts, best, extras])


def _clause_sums(found: Grams, clauses: int, weights: Weights) -> tuple[Floats, Floats]:
    place = np.minimum(np.searchsorted(weights.keys, found.keys), len(weights.keys) - 1)
    known = weights.keys[place] == found.keys
    place, owner = place[known], found.clause[known]
    sums = np.zeros((clauses, weights.table.shape[1]), np.float32)
    lengths = np.zeros((clauses, 1), np.float32)
    if len(owner):
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        sums[owner[starts]] = np.add.reduceat(weights.table[place], starts, axis=0)
        lengths[owner[starts], 0] = np.add.reduceat(weights.rarity[place], starts)
    return sums, lengths


def _scaled(sums: Floats, lengths: Floats) -> Floats:
    return np.asarray(sums / np.sqrt(np.maximum(lengths, 1e-9)), np.float32)


def _per_text(how: np.ufunc, values: Floats, counts: NDArray[np.int64], empty: float) -> Floats:
    result = np.full((len(counts), values.shape[1]), empty, np.float32)
    some = counts > 0
    if some.any():
        ends = np.cumsum(counts)
        result[some] = how.reduceat(values, (ends - counts)[some], axis=0)
    return result
