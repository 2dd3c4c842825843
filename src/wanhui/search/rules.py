"""How a text is cut so that any run of characters inside it is found, and how a query is read. Pure.

Chinese has no spaces, German joins its words: the index therefore knows no words. Every character of a text begins a
token: with its neighbour where it is wide (差评), with the next two where it is narrow (sch, cha, had …). A query is
cut the same way; what holds all its tokens is a candidate, what holds its characters side by side is found.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from wanhui.language.normalise import simplified

LONGEST_TEXT = 40_000  # characters of one thing that are looked at: a tsvector ends at 1 MB
LONGEST_QUERY = 200
LONGEST_PART = 60
MOST_PARTS = 8

_WIDE_FROM = "\u2e80"
_PAIR, _TRIPLE = 2, 3
_RUN = re.compile(r"[^\W_]+")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# A character of the private use area begins no token of a text, so a mark is never mistaken for a word.
_MARK = "\ue000"

_FIRST_DAY = date(1970, 1, 1)
_LAST_DAY = 2**16 - 1
_DAY_SHIFT, _REF_SHIFT = 42, 3


class Kind(IntEnum):
    """What can be found. The numbers are stored."""

    REVIEW = 1
    REPLY = 2
    CASE = 3
    CUSTOMER = 4
    PRODUCT = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be found: its row in the room it belongs to, the store it lies in, the day it is listed
    under (None where it has none), and its words."""

    kind: Kind
    ref: int
    store: int
    day: date | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters that must stand side by side, folded. `tokens` are all in a text that holds it; with
    `begun` the last is only the beginning of one; where it is `exact`, whatever has the token has the run, and
    nothing is left to check."""

    run: str
    tokens: tuple[str, ...]
    begun: bool

    @property
    def exact(self) -> bool:
        return self.tokens == (self.run,)


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for: all `parts` must be found. `left_out` holds single characters, which are too short to look
    for; `cut` says that the query was longer than what is looked for."""

    parts: tuple[Part, ...] = ()
    left_out: tuple[str, ...] = ()
    cut: bool = False


class _Folding(dict[int, str]):
    """What each character is compared as, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDING = _Folding()


def _folded(char: str) -> str:
    if char >= _WIDE_FROM:
        return unicodedata.normalize("NFKC", char).casefold().translate(simplified())
    plain = unicodedata.normalize("NFKC", char).casefold().translate(_GERMAN)
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def fold(text: str) -> str:
    """A text as it is compared: half-width, lower case, Simplified, ä as ae and ß as ss, other accents gone.

    Each character by itself, so that a piece of a text is always a piece of the folded text too.
    """
    return text.translate(_FOLDING)


def stored(texts: Iterable[str]) -> str:
    """The runs of letters and digits of these texts, folded, with one space between: what a query is checked against
    and what tokens are made of."""
    together = "\n".join(texts)[:LONGEST_TEXT]
    return " ".join(_RUN.findall(fold(unicodedata.normalize("NFC", together))))[:LONGEST_TEXT]


def tokens(text: str) -> list[str]:
    """The tokens of a stored text, each once, in no order that counts. Single characters are none."""
    found: set[str] = set()
    for run in text.split(" "):
        if run.isascii():
            found.update([run[i : i + _TRIPLE] for i in range(len(run) - 1)])
        else:
            found.update([run[i : i + _reach(run[i])] for i in range(len(run) - 1)])
    return list(found)


def _reach(char: str) -> int:
    return _PAIR if char >= _WIDE_FROM else _TRIPLE


def store_mark(store: int) -> str:
    """The token of everything that lies in a store."""
    return f"{_MARK}s{store}"


def kind_mark(kind: int) -> str:
    """The token of everything of a kind."""
    return f"{_MARK}k{kind}"


def read(words: str) -> Query:
    """A query as it is looked for: spaces and punctuation part it, all parts must be found.

    Hostile input is only long or empty here: nothing but letters and digits ever reaches the database.
    """
    cut = len(words) > LONGEST_QUERY
    runs = list(dict.fromkeys(_RUN.findall(fold(unicodedata.normalize("NFC", words[:LONGEST_QUERY])))))
    long = [run for run in runs if len(run) > 1]
    parts = tuple(_part(run[:LONGEST_PART]) for run in long[:MOST_PARTS])
    cut = cut or len(long) > MOST_PARTS or any(len(run) > LONGEST_PART for run in long)
    return Query(parts, tuple(run for run in runs if len(run) == 1), cut)


def _part(run: str) -> Part:
    """Tokens that lie wholly inside the run; where these leave its last character out, the beginning of one more."""
    whole = [run[i : i + _reach(run[i])] for i in range(len(run) - 1) if i + _reach(run[i]) <= len(run)]
    begun = run[-2] < _WIDE_FROM and (len(run) == _PAIR or run[-3] >= _WIDE_FROM)
    return Part(run, tuple(dict.fromkeys([*whole, run[-2:]] if begun else whole)), begun)


def holds(text: str, query: Query) -> bool:
    """Whether a stored text has every part of a query."""
    return all(part.run in text for part in query.parts)


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Where a text, as written, holds the parts of a query: code points, end exclusive, in order, none overlapping."""
    places: list[int] = []
    for place, char in enumerate(text):
        places.extend([place] * len(_FOLDING[ord(char)]))
    folded = fold(text)
    found = []
    for part in query.parts:
        at = folded.find(part.run)
        while at >= 0:
            found.append((places[at], places[at + len(part.run) - 1] + 1))
            at = folded.find(part.run, at + len(part.run))
    return _joined(sorted(found))


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in found:
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def key(item: Item) -> int:
    """The key of an item: its day, then its number, then its kind, so that the newest has the greatest key and a list
    by key needs no sorting. Without a day it is older than everything."""
    return (_days(item.day) << _DAY_SHIFT) | (item.ref << _REF_SHIFT) | item.kind


def window(since: date | None, until: date | None) -> tuple[int, int]:
    """The keys of these days, both included, as (first, one after the last); everything without a day is outside as
    soon as a bound is given."""
    first = _days(since) << _DAY_SHIFT if since else 1 << _DAY_SHIFT if until else 0
    after = (_days(until) + 1) << _DAY_SHIFT if until else 1 << 62
    return first, after


def _days(day: date | None) -> int:
    return 0 if day is None else min(max((day - _FIRST_DAY).days + 1, 1), _LAST_DAY)
