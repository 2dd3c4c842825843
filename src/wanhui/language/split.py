"""Clauses of a text, with offsets: the pieces that can carry one complaint."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wanhui.language.beginnings import hurried
from wanhui.language.judgement import Span
from wanhui.language.normalise import fold

# A clause ends at punctuation (also the European kind, but not the point in 3.5 or the comma in 1,000), at a line
# end, at white space between two Chinese characters, and before a word of contrast.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BREAK = hurried(
    # Every alternative begins with what it takes, so that the search leaps from sign to sign.
    r"[。!?;…~\n\r\t]+"
    r"|[.,](?<!\d[.,])[.,]*"
    r"|[.,]+(?!\d)"
    rf"|\s(?<=[{_HAN}]\s)\s*(?=[{_HAN}])"
    r"|\s[-–—]+\s|——+"
    r"|\s(?=(?:but|however|although|though|except|unfortunately)\b)"
    r"|\s(?=(?:aber|jedoch|allerdings|leider|sondern|trotzdem)\b)"
)
# Takes one character only, so that a word of contrast inside another ("只不过") counts as well.
_CONTRAST = re.compile("不(?=过)|可(?=是)|然(?=而)|只(?=不过|是)|就(?=是)|唯(?=一)|另(?=外)|而(?=且)|还(?=有)|但")
_IS_HAN = re.compile(f"[{_HAN}]")
_SIGN = re.compile(r"[\w%+&$€¥£°]")
# Pictures count as a clause only where nothing else is said; first and last code point of each block.
_PICTURES = ((0x2600, 0x27BF), (0x1F300, 0x1FAFF))

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Clauses:
    """The M clauses of N texts: how many each text has, and M by 2 code points of their own text."""

    counts: Ints
    edges: Ints

    @classmethod
    def none(cls, texts: int) -> Clauses:
        """Of so many texts that are not cut."""
        return cls(np.zeros(texts, np.int64), np.empty((0, 2), np.int64))

    def spans(self) -> list[Span]:
        """All of them, one behind the other."""
        return list(zip(self.edges[:, 0].tolist(), self.edges[:, 1].tolist(), strict=True))

    def by_text(self) -> list[list[Span]]:
        """Those of each text."""
        spans = iter(self.spans())
        return [list(itertools.islice(spans, count)) for count in self.counts.tolist()]


def clauses(text: str) -> list[Span]:
    """The clauses of `text` from left to right: (start, end) in code points, never empty, never overlapping.

    Outer white space and punctuation of a clause are outside it. A text with no letter, digit or sign has none.
    """
    return clauses_of_folded(fold(text))


def clauses_of_folded(folded: str) -> list[Span]:
    """Like `clauses`, for a text that is folded already."""
    return clauses_of_all([folded]).spans()


def clauses_of_all(folded: Sequence[str]) -> Clauses:
    """The clauses of folded texts, all texts at once."""
    joined = "\n".join(folded)  # a line end is cut out, whatever stands around it
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    cuts = _cuts(joined)
    starts, ends = np.append(0, cuts[:, 1]), np.append(cuts[:, 0], len(codes))
    spans = _within(_signs(codes), starts, ends)
    pictures = _pictures(codes)
    if pictures.any():
        spans = np.where(spans[:, :1] < spans[:, 1:], spans, _within(pictures, starts, ends))
    spans = spans[spans[:, 0] < spans[:, 1]]
    base = np.cumsum([0, *(len(text) + 1 for text in folded[:-1])])
    owner = np.searchsorted(base, spans[:, 0], side="right") - 1
    return Clauses(np.bincount(owner, minlength=len(folded)), spans - base[owner][:, None])


def _cuts(text: str) -> Ints:
    """What is cut out between clauses, from left to right, C by 2; nothing before a word of contrast."""
    cuts = [found.span() for found in _BREAK.finditer(text)]
    for found in _CONTRAST.finditer(text):
        at = found.start()
        if at and _IS_HAN.match(text, at - 1):
            cuts.append((at, at))
    edges = np.array(cuts, np.int64).reshape(-1, 2)
    return edges[np.argsort(edges[:, 0], kind="stable")]


def _within(wanted: Bools, starts: Ints, ends: Ints) -> Ints:
    """From the first to behind the last wanted place of each piece, P by 2; equal where a piece has none."""
    places = np.flatnonzero(wanted)
    if not len(places):
        return np.zeros((len(starts), 2), np.int64)
    first, behind = np.searchsorted(places, starts), np.searchsorted(places, ends)
    some = first < behind
    found = np.zeros((len(starts), 2), np.int64)
    found[some, 0], found[some, 1] = places[first[some]], places[behind[some] - 1] + 1
    return found


def _signs(codes: NDArray[np.uint32]) -> Bools:
    """Which code points can speak: letters, digits and the signs of money and measure."""
    table = _first_plane()
    signs = table[np.minimum(codes, len(table) - 1)]
    above = np.flatnonzero(codes >= len(table))
    signs[above] = [_SIGN.match(chr(code)) is not None for code in codes[above].tolist()]
    return signs


def _pictures(codes: NDArray[np.uint32]) -> Bools:
    wanted = np.zeros(len(codes), np.bool_)
    for first, last in _PICTURES:
        wanted |= (codes >= first) & (codes <= last)
    return wanted


@lru_cache(maxsize=1)
def _first_plane() -> Bools:
    return np.array([_SIGN.match(chr(code)) is not None for code in range(0x10000)])
