"""Clauses of a text, with offsets: the pieces that can carry one complaint."""

from __future__ import annotations

import re

from wanhui.language.judgement import Span
from wanhui.language.normalise import fold

# A clause ends at punctuation (also the European kind, but not the point in 3.5 or the comma in 1,000), at a line
# end, at white space between two Chinese characters, and before a word of contrast.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BREAK = re.compile(
    r"[。!?;…~\n\r\t]+"
    r"|(?<!\d)[.,]+|[.,]+(?!\d)"
    rf"|(?<=[{_HAN}])\s+(?=[{_HAN}])"
    r"|\s[-–—]+\s|——+"
    rf"|(?<=[{_HAN}])(?=但是|不过|可是|然而|只不过|就是|只是|唯一|另外|而且|还有)"
    rf"|(?<=[{_HAN}])(?=但)"
    r"|\s(?=(?:but|however|although|though|except|unfortunately)\b)"
    r"|\s(?=(?:aber|jedoch|allerdings|leider|sondern|trotzdem)\b)"
)
_EDGE = re.compile(r"[\w%+&$€¥£°]")
# Pictures count as a clause only where nothing else is said.
_PICTURE = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


def clauses(text: str) -> list[Span]:
    """The clauses of `text` from left to right: (start, end) in code points, never empty, never overlapping.

    Outer white space and punctuation of a clause are outside it. A text with no letter, digit or sign has none.
    """
    return clauses_of_folded(fold(text))


def clauses_of_folded(folded: str) -> list[Span]:
    """Like `clauses`, for a text that is folded already."""
    spans: list[Span] = []
    start = 0
    for found in _BREAK.finditer(folded):
        _keep(spans, folded, start, found.start())
        start = found.end()
    _keep(spans, folded, start, len(folded))
    return spans


def _keep(spans: list[Span], folded: str, start: int, end: int) -> None:
    edge = _EDGE
    first = edge.search(folded, start, end)
    if first is None:
        edge = _PICTURE
        first = edge.search(folded, start, end)
    if first is None:
        return
    while not edge.match(folded, end - 1):
        end -= 1
    spans.append((first.start(), end))
