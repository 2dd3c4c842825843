"""Clauses of a text, with offsets: the pieces that can carry one complaint."""

from __future__ import annotations

import re

from wanhui.language.judgement import Span
from wanhui.language.normalise import fold

# A clause ends at punctuation (also the European kind, but not the point in 3.5 or the comma in 1,000), at a line
# end, at white space between two Chinese characters, and before a word of contrast.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BREAK = re.compile(
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
_SIGN = r"[\w%+&$€¥£°]"
_SPOKEN = re.compile(f"{_SIGN}(?:.*{_SIGN})?", re.DOTALL)
# Pictures count as a clause only where nothing else is said.
_PICTURE = "[\u2600-\u27bf\U0001f300-\U0001faff]"
_PICTURED = re.compile(f"{_PICTURE}(?:.*{_PICTURE})?", re.DOTALL)


def clauses(text: str) -> list[Span]:
    """The clauses of `text` from left to right: (start, end) in code points, never empty, never overlapping.

    Outer white space and punctuation of a clause are outside it. A text with no letter, digit or sign has none.
    """
    return clauses_of_folded(fold(text))


def clauses_of_folded(folded: str) -> list[Span]:
    """Like `clauses`, for a text that is folded already."""
    cuts = [found.span() for found in _BREAK.finditer(folded)]
    turns = [
        at for at in (found.start() for found in _CONTRAST.finditer(folded)) if at and _IS_HAN.match(folded, at - 1)
    ]
    if turns:
        cuts = sorted([*cuts, *((at, at) for at in turns)])
    spans: list[Span] = []
    start = 0
    for end, behind in (*cuts, (len(folded), len(folded))):
        found = _SPOKEN.search(folded, start, end) or _PICTURED.search(folded, start, end)
        if found:
            spans.append(found.span())
        start = behind
    return spans
