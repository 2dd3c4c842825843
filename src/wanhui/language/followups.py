"""What kind of follow-up a customer wrote: real use, off-topic, advertising, self-praise. Patterns are data
(followups.toml); each kind is decided clause by clause, because an advert may hide behind two words of use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from wanhui.language.judgement import Span
from wanhui.language.normalise import fold, is_placeholder
from wanhui.language.patterns import table
from wanhui.language.split import clauses_of_folded

USE, OFFTOPIC, ADVERT, SELF_PRAISE = KINDS = ("use", "offtopic", "advert", "self_praise")
REPORTABLE = (OFFTOPIC, ADVERT)  # what platforms take off when it is reported; it needs no answer

LONGEST = 2000  # characters that are read; adverts and real use both say what they are long before
_MOST_EVIDENCE = 3
_SHARED = 2  # pairs of characters in common with the first text from which a follow-up speaks of the same thing
_ONE_SIGN = re.compile(r"([^\W好赞棒差烂])\1{3,}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One of `KINDS`, or "" for a text that says nothing. `evidence`: the clauses that say so, in code points of the
    text; `sure` is False where nothing speaks for it, or something against it."""

    code: str
    evidence: tuple[Span, ...]
    sure: bool


def kind_of(text: str, original: str = "", days: int | None = None) -> Kind:
    """The kind of the follow-up `text` to the first text `original`, written `days` after it (None: not known).

    An advert is one that calls others somewhere; telling what a shop or a card in the parcel offered is real use.
    A claim of long use on the day of the first text is never sure.
    """
    text = text[:LONGEST]
    if is_placeholder(text):
        return Kind("", (), True)
    folded = fold(text)
    spans = clauses_of_folded(folded) or [(0, len(folded))]
    found = _Found(folded, spans)
    return found.decide(_topics(fold(original[:LONGEST])), days)


class _Found:
    """Which clauses speak for which kind. Patterns are looked for in the whole text, because an address has points and
    a turn of speech may hold a word that begins a clause; the evidence is whole clauses."""

    def __init__(self, folded: str, spans: Sequence[Span]) -> None:
        self._folded, self._spans = folded, spans
        self._told = self._spread(self._where("told"))
        self.loud, self.advert, self.self_praise = (
            [span for span in self._where(name) if not _touches(span, self._told)]
            for name in ("advert_loud", "advert", "self_praise")
        )
        self.misplaced = list(spans) if _ONE_SIGN.fullmatch(folded.strip()) else self._where("misplaced")
        self.offtopic = [span for span in self._where("offtopic") if not self._speaks_of_use(span)]
        others = [*self.loud, *self.advert, *self.self_praise, *self.misplaced, *self.offtopic]
        self.use = [span for span in self._where("use") if not _touches(span, others)]

    def _speaks_of_use(self, span: Span) -> bool:
        """Whether a clause speaks of use beside what is off the topic: "the weather was awful and the tent dry"."""
        rest = _patterns()["offtopic"].sub(" ", self._folded[slice(*span)])
        return _patterns()["use"].search(rest) is not None

    def _spread(self, told: list[Span]) -> list[Span]:
        """What somebody else is said to offer may stand in the next clause ("a card in the box: five stars for …"),
        unless the writer speaks for themselves there."""
        following = dict(pairwise(self._spans))
        ends = {end: (start, end) for start, end in self._spans}
        nexts = [following[last] for _start, end in told if (last := ends.get(end)) in following]
        own = _patterns()["own_call"]
        return [*told, *(span for span in nexts if not own.search(self._folded[slice(*span)]))]

    def _where(self, name: str) -> list[Span]:
        """The clauses that the matches touch, those of one match joined, each once."""
        found: list[Span] = []
        for match in _patterns()[name].finditer(self._folded):
            touched = [span for span in self._spans if _touches(span, [match.span()])]
            if touched:
                found.append((touched[0][0], touched[-1][1]))
        return list(dict.fromkeys(found))

    def decide(self, topics: frozenset[str], days: int | None) -> Kind:
        used = self.use
        if self.loud or len(self.advert) > 1 or (self.advert and not used):
            calls = sorted({*self.loud, *self.advert})
            return _kind(ADVERT, calls, bool(self.loud) or len(calls) > 1)
        if self.self_praise and len(self.self_praise) >= len(used):
            return _kind(SELF_PRAISE, self.self_praise, not used)
        if self.misplaced or (self.offtopic and not used):
            return _kind(OFFTOPIC, self.misplaced or self.offtopic, True)
        if used:
            too_soon = days == 0 and _patterns()["long_use"].search(self._folded) is not None
            return _kind(USE, used, not (too_soon or self.advert or self.self_praise))
        # Nothing speaks for any kind: nearly all follow-ups are real use, and most others give themselves away.
        return _kind(USE, (), len(topics & _topics(self._folded)) >= _SHARED)


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _kind(code: str, spans: Sequence[Span], sure: bool) -> Kind:
    return Kind(code, tuple(spans[:_MOST_EVIDENCE]), sure)


def _topics(folded: str) -> frozenset[str]:
    """What two texts can share: pairs of Chinese characters, and Latin words of five letters and more."""
    runs = re.findall(r"[\u3400-\u9fff]{2,}", folded)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    return frozenset(pairs - _common() | set(re.findall(r"[a-zäöüß]{5,}", folded)) - _common())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(_data()["common"]["words"].split())


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    # A gap ends where a clause does.
    return {
        name: re.compile("|".join(every).replace("[^,]", r"[^,.。!?;\n]"))
        for name, words in _data()["patterns"].items()
        if (every := [pattern for patterns in words.values() for pattern in patterns])
    }


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return table(Path(__file__).with_name("followups.toml"))
