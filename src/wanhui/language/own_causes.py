"""A shop's own causes: found by its words and by likeness to its examples, in time linear in the text.

Pure and deterministic: the same recipe says the same of the same text, whatever was read before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from wanhui.language.denials import denied
from wanhui.language.judgement import Span
from wanhui.language.normalise import fold
from wanhui.language.split import clauses_of_folded

LONGEST_TEXT = 20_000
MOST_SPANS = 5
# A clause is like an example from this share of common runs on (cosine); a counter-example stops it when it is nearer.
LIKE = 0.5
FEWEST_RUNS = 2
_BETWEEN = r"[^\n.,!?;。]{0,6}"
_ENDING = r"[^\W\d_]{0,12}"
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATIN = re.compile(r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]{2,}|\d+")
_DENYING = ("不", "没", "未", "无", "not ", "no ", "nicht ", "kein")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a shop says of its cause: words, sentences that are about it, and sentences that only look so.

    A word is found as it stands, in both scripts and any width; Latin words whole. `*` inside a word stands for up
    to six characters of the same clause ("等*久"), at the end of a Latin one for any ending ("park*").
    """

    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text speaks of it: code points, end exclusive, in order. `like`: 1 for a word, else the likeness."""

    spans: tuple[Span, ...]
    like: float


class Finder:
    """A recipe, ready for reading many texts. Holds no state but what the recipe says."""

    def __init__(self, recipe: Recipe) -> None:
        self._words = _pattern(recipe.words)
        self._likes = _Likes(recipe.examples, recipe.counters)

    def find(self, text: str, *, without: Sequence[Span] = ()) -> Found | None:
        """Where this text speaks of the cause, or None. `without`: spans that do not count, such as praise."""
        folded = fold(text[:LONGEST_TEXT])
        spans: list[Span] = []
        best = 0.0
        for clause in clauses_of_folded(folded):
            if any(clause[0] < end and start < clause[1] for start, end in without):
                continue
            like, unlike = self._likes.of(folded[slice(*clause)])
            named = [span for span in self._named(folded, clause) if unlike < LIKE or like >= unlike]
            if named:
                spans += named
                best = 1.0
            elif like >= LIKE and like > unlike:
                spans.append(clause)
                best = max(best, like)
        return Found(tuple(spans[:MOST_SPANS]), round(best, 3)) if spans else None

    def _named(self, folded: str, clause: Span) -> Iterator[Span]:
        if self._words is None:
            return
        for hit in self._words.finditer(folded, *clause):
            if hit.group().startswith(_DENYING) or not denied(folded, hit.start()):
                yield hit.span()


class _Likes:
    """Clauses of the examples and counter-examples, indexed by their runs of characters and words."""

    def __init__(self, examples: Iterable[str], counters: Iterable[str]) -> None:
        self._sizes: list[int] = []
        self._counter_from = 0
        self._where: dict[str, list[int]] = {}
        for example in examples:
            self._learn(example)
        self._counter_from = len(self._sizes)
        for counter in counters:
            self._learn(counter)

    def _learn(self, text: str) -> None:
        folded = fold(text)
        for start, end in clauses_of_folded(folded):
            runs = _runs(folded[start:end])
            if len(runs) < FEWEST_RUNS:
                continue
            for run in runs:
                self._where.setdefault(run, []).append(len(self._sizes))
            self._sizes.append(len(runs))

    def of(self, clause: str) -> tuple[float, float]:
        """How like a clause is to its nearest example, and to its nearest counter-example: 0 to 1."""
        runs = _runs(clause) if self._sizes else set()
        shared: dict[int, int] = {}
        for run in runs:
            for place in self._where.get(run, ()):
                shared[place] = shared.get(place, 0) + 1
        like = unlike = 0.0
        for place, common in shared.items():
            if common < FEWEST_RUNS:
                continue
            cosine = common / sqrt(len(runs) * self._sizes[place])
            if place < self._counter_from:
                like = max(like, cosine)
            else:
                unlike = max(unlike, cosine)
        return like, unlike


def _runs(folded: str) -> set[str]:
    """Pairs of Chinese characters, and whole Latin words and numbers."""
    found = {han[at : at + 2] for han in _HAN.findall(folded) for at in range(max(1, len(han) - 1))}
    found.update(_LATIN.findall(folded))
    return found


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    parts = [part for word in words if (part := _part(" ".join(fold(word).split())))]
    # Longest first: of two words that begin alike the particular one is marked whole.
    return re.compile("|".join(sorted(parts, key=len, reverse=True))) if parts else None


def _part(word: str) -> str:
    open_end = word.endswith("*")
    pieces = [r"\s+".join(re.escape(bit) for bit in piece.split()) for piece in word.strip("* ").split("*")]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return ""
    bare = word.strip("* ")
    head = r"(?<![^\W\d_\u3400-\u9fff])" if _LATIN.match(bare) else ""
    tail = ""
    if _LATIN.fullmatch(bare[-2:]):
        tail = _ENDING if open_end else r"(?![^\W\d_\u3400-\u9fff])"
    return head + _BETWEEN.join(pieces) + tail
