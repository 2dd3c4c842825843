"""Which pairs of characters stand inside one word, so that evidence begins and ends between words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import rjieba
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.tokens import pairs_of, tokens_of
from wanhui.language.split import Clauses

COMMON, INSIDE = 30, 0.8  # times a pair occurs, and the share of them inside a word
AT_ONCE = 5_000


def glued(folded: Sequence[str]) -> NDArray[np.uint64]:
    """The keys of pairs that a segmenter (jieba's dictionary and model) nearly always leaves together, sorted."""
    keys: NDArray[np.uint64] = np.empty(0, np.uint64)
    times = inside = np.empty(0, np.int64)
    for at in range(0, len(folded), AT_ONCE):
        texts = folded[at : at + AT_ONCE]
        tokens = tokens_of(texts, Clauses.none(len(texts)))
        pairs, begins = pairs_of(tokens), _begins(texts)
        within = ~begins[tokens.start]
        used = pairs != 0
        keys, place = np.unique(np.concatenate([keys, pairs[used]]), return_inverse=True)
        counted = np.concatenate([times, np.ones(int(used.sum()), np.int64)])
        times = np.bincount(place, counted).astype(np.int64)
        inside = np.bincount(place, np.concatenate([inside, within[used]])).astype(np.int64)
    return keys[(times >= COMMON) & (inside >= INSIDE * times)]


def _begins(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Where a word begins, for every code point of the texts joined by one separator each."""
    begins = np.zeros(sum(map(len, texts)) + len(texts), np.bool_)
    at = 0
    for text in texts:
        place = at
        for word in rjieba.cut(text):
            begins[place] = True
            place += len(word)
        at += len(text) + 1
    return begins
