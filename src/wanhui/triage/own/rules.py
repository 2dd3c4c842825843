"""Decisions about a shop's own causes: what a recipe may be, where it is looked for, and when it is no longer young.
Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from wanhui.language.judgement import Span
from wanhui.language.own_causes import Finder, Found, Recipe

MOST_CAUSES = 20
MOST_WORDS, LONGEST_WORD = 30, 40
MOST_SENTENCES, LONGEST_SENTENCE = 20, 300
# Until so many finds were looked at by a person, a cause is young: its hit rate says too little.
YOUNG_UNTIL = 20
_Z = 1.96
_SEPARATORS = re.compile(r"[,;\n、，；]")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cause has done: finds that a person called right, called wrong, and added by hand."""

    right: int = 0
    wrong: int = 0
    added: int = 0
    open: int = 0

    @property
    def looked_at(self) -> int:
        return self.right + self.wrong + self.added

    @property
    def young(self) -> bool:
        return self.looked_at < YOUNG_UNTIL or self.right + self.wrong == 0

    @property
    def share(self) -> float | None:
        """The hit rate: right finds of those looked at. None while nobody has looked."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    @property
    def between(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval for the hit rate."""
        judged = self.right + self.wrong
        if not judged or self.share is None:
            return None
        square = _Z * _Z
        centre = self.share + square / (2 * judged)
        spread = _Z * sqrt(self.share * (1 - self.share) / judged + square / (4 * judged * judged))
        whole = 1 + square / judged
        return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)

    @property
    def holding(self) -> int:
        """How many reviews have it: all but those that a person took it from."""
        return self.right + self.added + self.open


def words_of(typed: str) -> list[str]:
    """Words as typed, one a line or between commas; each once, in order, without outer spaces."""
    return list(dict.fromkeys(word for part in _SEPARATORS.split(typed) if (word := " ".join(part.split()))))


def sentences_of(typed: str) -> list[str]:
    """Sentences as typed, one a line."""
    return list(dict.fromkeys(sentence for line in typed.splitlines() if (sentence := " ".join(line.split()))))


def fault(name: str, recipe: Recipe) -> str:
    """What is wrong with a recipe, as a code; "" where nothing is."""
    sentences = [*recipe.examples, *recipe.counters]
    if not name.strip() or len(name.strip()) > LONGEST_WORD:
        return "name"
    if not recipe.words and not recipe.examples:
        return "empty"
    if len(recipe.words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in recipe.words):
        return "words"
    if any(len(word.replace("*", "").strip()) < 1 for word in recipe.words):
        return "words"
    if max(len(recipe.examples), len(recipe.counters)) > MOST_SENTENCES:
        return "sentences"
    if any(len(sentence) > LONGEST_SENTENCE for sentence in sentences):
        return "sentences"
    return ""


def find_in(
    finder: Finder, text: str, *, sentiment: str | None, bad: bool, praises: Iterable[Mapping[str, Any]]
) -> Found | None:
    """Where this text complains of the cause. Looked for in texts that complain (not positive, or called bad by star
    or platform), outside what the verdict calls praise."""
    if not text or (sentiment == "positive" and not bad):
        return None
    praised: Sequence[Span] = [(start, end) for praise in praises for start, end in praise.get("evidence", ())]
    return finder.find(text, without=praised)
