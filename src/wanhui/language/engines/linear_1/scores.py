"""From texts to numbers: what every head says of each text and of each clause, and what the stack makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wanhui.language.engines.linear_1.grams import Grams, Ints, grams
from wanhui.language.engines.linear_1.hints import hints
from wanhui.language.engines.linear_1.weights import Floats, Weights
from wanhui.language.judgement import FLAGS, Span

HINTED = tuple(flag for flag in FLAGS if flag != "contradiction")
_LANGUAGES = ("zh-Hant", "en", "de")
# Behind the heads' two numbers a text: log of the clauses, languages, words for flags, star low/middling/high, one.
MANY_CLAUSES = 40  # beyond what the labelled reviews show, more clauses mean nothing more
FIRST_HINT = 1 + len(_LANGUAGES)
FIRST_STAR = FIRST_HINT + len(HINTED)
EXTRAS = FIRST_STAR + 3 + 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch ready for scoring: folded texts, their clauses, languages and stars."""

    folded: Sequence[str]
    clauses: Sequence[Sequence[Span]]
    languages: Sequence[str]
    ratings: Sequence[int | None]

    @property
    def counts(self) -> Ints:
        return np.fromiter((len(each) for each in self.clauses), np.int64, len(self.clauses))


@dataclass(frozen=True, slots=True)
class Scores:
    """`texts` N by H, `clauses` M by H (numbered through the batch), `best` N by H: each text's strongest clause."""

    texts: Floats
    clauses: Floats
    best: Floats


def score(batch: Prepared, weights: Weights) -> Scores:
    """What every head says: a run's weight times its rarity, summed, divided by the length of the vector."""
    counts = batch.counts
    size = int(counts.sum())
    place, clause = _known(grams(batch.folded, batch.clauses), weights)
    sums = _sums(place, clause, size, weights)
    text = np.repeat(np.arange(len(counts)), counts)[clause]
    clauses = sums / _lengths(place, clause, size, weights) + weights.bias
    texts = _per_text(np.add, sums, counts, 0.0) / _lengths(place, text, len(counts), weights) + weights.bias
    best = _per_text(np.maximum, clauses, counts, np.nan)
    return Scores(texts, clauses, np.where(np.isnan(best), weights.bias, best))


def stacked(batch: Prepared, texts: Floats, best: Floats) -> Floats:
    """The features of the second layer, N by 2H + EXTRAS, from the heads' numbers and what is known besides."""
    counts, size = batch.counts, len(batch.folded)
    extras = np.zeros((size, EXTRAS), np.float32)
    extras[:, 0] = np.log1p(np.minimum(counts, MANY_CLAUSES))
    extras[:, -1] = 1.0
    for row, (text, language, star) in enumerate(zip(batch.folded, batch.languages, batch.ratings, strict=True)):
        if language in _LANGUAGES:
            extras[row, 1 + _LANGUAGES.index(language)] = 1.0
        hits = hints(text, language)
        for place, flag in enumerate(HINTED):
            extras[row, FIRST_HINT + place] = flag in hits
        if star is not None:
            extras[row, FIRST_STAR + (star >= 3) + (star >= 4)] = 1.0
    return np.hstack([texts, best, extras])


def _known(found: Grams, weights: Weights) -> tuple[Ints, Ints]:
    """Of the known runs: their place in the vocabulary, and their clause."""
    place = np.minimum(np.searchsorted(weights.keys, found.keys), len(weights.keys) - 1)
    known = weights.keys[place] == found.keys
    return place[known], found.clause[known]


def _sums(place: Ints, owner: Ints, size: int, weights: Weights) -> Floats:
    """For each owner the weights of its runs, summed head by head; `owner` ascends."""
    sums = np.zeros((size, weights.table.shape[1]), np.float32)
    if len(owner):
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        sums[owner[starts]] = np.add.reduceat(weights.table[place], starts, axis=0)
    return sums


def _lengths(place: Ints, owner: Ints, size: int, weights: Weights) -> Floats:
    """The Euclidean length of each owner's vector; a run that occurs n times counts n squared times its rarity."""
    pairs, times = np.unique(owner * len(weights.keys) + place, return_counts=True)
    squares = weights.rarity[pairs % len(weights.keys)] * times.astype(np.float32) ** 2
    total = np.bincount(pairs // len(weights.keys), squares, size)
    return np.sqrt(np.maximum(total, 1e-9)).astype(np.float32)[:, None]


def _per_text(how: np.ufunc, values: Floats, counts: Ints, empty: float) -> Floats:
    result = np.full((len(counts), values.shape[1]), empty, np.float32)
    some = counts > 0
    if some.any():
        ends = np.cumsum(counts)
        result[some] = how.reduceat(values, (ends - counts)[some], axis=0)
    return result
