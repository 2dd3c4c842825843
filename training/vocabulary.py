"""Which runs a model may know: those that at least five different reviews share, spelled out and keyed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.tokens import LONGEST_RUN as LONGEST
from wanhui.language.engines.joined_1.tokens import runs_of, tokens_of
from wanhui.language.normalise import fold
from wanhui.language.split import Clauses, clauses_of_all

SHARED_BY = 5
INNER = "~"  # marks a run of four letters inside a word
_LETTERS = "a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff"
_TOKEN = re.compile(f"[{_LETTERS}]+|[^{_LETTERS}\\s\\0]")
_WORD = re.compile(f"[{_LETTERS}]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`keys` sorted, `spelled` in the same order, `rarity`: the inverse document frequency of each run."""

    keys: NDArray[np.uint64]
    spelled: list[str]
    rarity: NDArray[np.float32]

    def only(self, kept: NDArray[np.int64]) -> Vocabulary:
        """The runs at these places, which ascend."""
        return Vocabulary(self.keys[kept], [self.spelled[place] for place in kept.tolist()], self.rarity[kept])


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """The runs that at least `SHARED_BY` different texts share."""
    different = list({fold(text) for text in texts})
    counted: Counter[str] = Counter()
    for folded, spans in zip(different, clauses_of_all(different).by_text(), strict=True):
        counted.update({run for start, end in spans for run in runs(folded[start:end])})
    spelled = [run for run, count in counted.items() if count >= SHARED_BY]
    keys = keys_of(spelled)
    rarity = np.log((1 + len(different)) / (1 + np.array([counted[run] for run in spelled]))) + 1
    order = np.argsort(keys)
    return Vocabulary(keys[order], [spelled[place] for place in order], rarity[order].astype(np.float32))


def runs(folded: str) -> Iterator[str]:
    """Every run of one to four tokens of one clause, spelled; and of four letters inside a word, marked by INNER."""
    tokens = _TOKEN.findall(folded)
    for start in range(len(tokens)):
        run = tokens[start]
        yield run
        for token in tokens[start + 1 : start + LONGEST]:
            run += (" " if run[-1:] and _WORD.match(run[-1]) and _WORD.match(token) else "") + token
            yield run
    for word in _WORD.findall(folded):
        for at in range(len(word) - LONGEST + 1):
            yield INNER + word[at : at + LONGEST]


def keys_of(spelled: Sequence[str]) -> NDArray[np.uint64]:
    """The keys that the engine computes for spelled runs, one each."""
    letters = np.array([len(run) == LONGEST + 1 and run[0] == INNER for run in spelled])
    plain = [run[1:] if inner else run for run, inner in zip(spelled, letters.tolist(), strict=True)]
    lengths = np.array([[0, len(run)] for run in plain], np.int64)
    tokens = tokens_of(plain, Clauses(np.ones(len(plain), np.int64), lengths))
    runs = runs_of(tokens)
    keys = np.zeros(len(spelled), np.uint64)
    # Of a spelled run the longest run of its tokens is meant, the one that begins with its first token.
    first = np.searchsorted(tokens.text, np.arange(len(spelled)))
    size = np.bincount(tokens.text, minlength=len(spelled))
    text = tokens.text[runs.first]
    whole = (runs.first == first[text]) & (runs.size == size[text])
    keys[text[whole][::-1]] = runs.key[whole][::-1]
    owner = tokens.text[tokens.inside]
    keys[owner[letters[owner]]] = tokens.inner[letters[owner]]
    return keys
