"""How a text is shown: cut into marked and plain pieces, shortened around its evidence. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from wanhui.cases.rules import ORDER, Stage, next_stages

ELLIPSIS = "…"
# A row of the queue shows about 84 cells on an office screen; an excerpt that begins later keeps this many before.
IN_SIGHT, LEAD, WIDE_FROM = 84, 8, 0x2E80


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a text that speaks for a code: code points, end exclusive. `praise` marks what the customer liked."""

    start: int
    end: int
    code: str
    praise: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text in which nothing changes: plain when it has no codes."""

    text: str
    codes: tuple[str, ...] = ()
    praise: bool = False


def spans_of(causes: Iterable[Mapping[str, Any]], praises: Iterable[Mapping[str, Any]] = ()) -> list[Span]:
    """The evidence of a verdict's causes and praises, as stored, in one list."""
    found = [Span(start, end, cause["code"]) for cause in causes for start, end in cause.get("evidence", ())]
    found += [Span(start, end, p["code"], True) for p in praises for start, end in p.get("evidence", ())]
    return found


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text cut at every span's edge; joined, the pieces are the text again. Spans beyond the text are cut off.

    Where a complaint and a praise overlap, the complaint is shown.
    """
    inside = [s for s in spans if 0 <= s.start < s.end and s.start < len(text)]
    edges = sorted({0, len(text), *(s.start for s in inside), *(min(s.end, len(text)) for s in inside)})
    found: list[Piece] = []
    for start, end in pairwise(edges):
        over = [s for s in inside if s.start <= start and s.end >= end]
        blamed = tuple(dict.fromkeys(s.code for s in over if not s.praise))
        praised = tuple(dict.fromkeys(s.code for s in over if s.praise))
        found.append(Piece(text[start:end], blamed or praised, praise=bool(praised and not blamed)))
    return found


def excerpt(text: str, spans: Sequence[Span], length: int) -> tuple[str, list[Span]]:
    """At most `length` code points of a text on one line, from its beginning or, where that would leave the first
    evidence out of sight, from a little before it; with its spans moved.

    Every line break becomes one space, so that offsets stay true; left out text shows as an ellipsis.
    """
    flat = text.replace("\n", " ")
    first = min((s for s in spans if not s.praise and 0 <= s.start < len(flat)), key=lambda s: s.start, default=None)
    hidden = first is not None and _cells(flat[: first.end]) > IN_SIGHT
    start = max(0, first.start - LEAD) if first is not None and hidden else 0
    end = min(len(flat), start + length)
    head = ELLIPSIS if start else ""
    tail = ELLIPSIS if end < len(flat) else ""
    moved = [
        Span(max(s.start, start) - start + len(head), min(s.end, end) - start + len(head), s.code, s.praise)
        for s in spans
        if s.end > start and s.start < end
    ]
    return head + flat[start:end] + tail, moved


def _cells(text: str) -> int:
    """How wide a text is drawn: a Chinese character takes two cells, a Latin letter one."""
    return sum(2 if ord(character) >= WIDE_FROM else 1 for character in text)


def shown_reasons(reasons: Sequence[str], late: bool) -> list[str]:
    """The one or two reasons a row shows: its most urgent one, and lateness, which only danger and threats outrank."""
    first = list(reasons[:1])
    if not late:
        return first
    return [*first, "late"] if first and first[0] in ("safety", "threat", "mass") else ["late", *first]


def masked(name: str) -> str:
    """A customer's name as colleagues see it: first and last character; one that the platform masked stays as it is."""
    name = name.strip()
    if "*" in name or len(name) < 2:
        return name
    return f"{name[0]}**{name[-1] if len(name) > 2 else ''}"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage in the bar of a case: passed, here or ahead, and whether the case may go there now."""

    stage: Stage
    place: Literal["passed", "here", "ahead"]
    offered: bool


def steps(stage: Stage) -> list[Step]:
    """The six open stages as a case in `stage` shows them; a closed case has passed them all."""
    here = ORDER.index(stage)
    offered = next_stages(stage)
    return [
        Step(each, "here" if i == here else "passed" if i < here else "ahead", each in offered)
        for i, each in enumerate(ORDER)
        if each is not Stage.CLOSED
    ]


VISIT_ENDS = timedelta(minutes=30)
LOOK_ENDS = timedelta(minutes=10)
# A page says every twenty seconds that somebody is there: two missed turns, and they have gone.
HERE_FOR = timedelta(seconds=45)


def since(at: datetime, here_at: datetime, known: datetime, now: datetime, *, pause: timedelta) -> datetime:
    """From when on things are new to somebody who comes now: their last look `at`, if they were away for longer than
    `pause` since `here_at`; else what was new (`known`) stays new until they leave."""
    return at if now - here_at > pause else known
