"""A text cut into marked and plain pieces, so that the pieces joined are the text again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a text that speaks for a code: code points, end exclusive. `praise` marks what the customer liked;
    `place` is the number under which a legend names the code, 0 for none."""

    start: int
    end: int
    code: str
    praise: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text in which nothing changes: plain when it has no codes. `places`: their numbers in the legend;
    `ends`: those whose words end with this run."""

    text: str
    codes: tuple[str, ...] = ()
    praise: bool = False
    places: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text cut at every span's edge; joined, the pieces are the text again. Spans beyond the text are cut off.

    Where a complaint and a praise overlap, the complaint is shown.
    """
    inside = [s for s in spans if 0 <= s.start < s.end and s.start < len(text)]
    edges = sorted({0, len(text), *(s.start for s in inside), *(min(s.end, len(text)) for s in inside)})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        over = [s for s in inside if s.start <= start and s.end >= end]
        blamed = [s for s in over if not s.praise]
        shown = blamed or over
        found.append(
            Piece(
                text[start:end],
                tuple(dict.fromkeys(s.code for s in shown)),
                praise=bool(over and not blamed),
                places=tuple(sorted({s.place for s in shown if s.place})),
                ends=tuple(sorted({s.place for s in shown if s.place and min(s.end, len(text)) == end})),
            )
        )
    return found
