"""How a text is shown: cut into marked and plain pieces, shortened around its evidence. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from wanhui.cases.rules import ORDER, Stage, next_stages
from wanhui.kit.marks import Piece as Piece
from wanhui.kit.marks import Span as Span
from wanhui.kit.marks import pieces as pieces

ELLIPSIS = "…"
OWN = "own:"  # before the name of a shop's own cause, where the code of a cause stands
PHRASE = 16
Evidence = Sequence[Sequence[int]]
# A row of the queue shows about 84 cells on an office screen; an excerpt that begins later keeps this many before.
IN_SIGHT, LEAD, WIDE_FROM = 84, 8, 0x2E80


def spans_of(
    causes: Iterable[Mapping[str, Any]],
    praises: Iterable[Mapping[str, Any]] = (),
    own: Iterable[tuple[str, Evidence]] = (),
) -> list[Span]:
    """The evidence of a verdict's causes and praises, as stored, and of a shop's own causes (by name), in one list.

    Causes are numbered as they come, own ones behind them.
    """
    numbered = list(enumerate(causes, start=1))
    found = [Span(start, end, c["code"], place=place) for place, c in numbered for start, end in c.get("evidence", ())]
    for place, (name, evidence) in enumerate(own, start=len(numbered) + 1):
        found += [Span(start, end, f"{OWN}{name}", place=place) for start, end in evidence]
    return [*found, *(Span(start, end, p["code"], True) for p in praises for start, end in p.get("evidence", ()))]


@dataclass(frozen=True, slots=True)
class Why:
    """A cause as a line of a list shows it: its code, the finer one, and the words that speak for it ("" for none)."""

    code: str
    sub: str
    phrase: str


def whys(text: str, causes: Sequence[Mapping[str, Any]], primary: str) -> list[Why]:
    """Each cause once, the main one first, with the first of its evidence."""
    ordered = sorted(causes, key=lambda cause: cause["code"] != primary)
    once = {cause["code"]: cause for cause in reversed(ordered)}
    return [
        Why(code, once[code].get("sub") or "", phrase(text, once[code].get("evidence", ())))
        for code in dict.fromkeys(cause["code"] for cause in ordered)
    ]


def phrase(text: str, evidence: Evidence, length: int = PHRASE) -> str:
    """The first words of an evidence, on one line; shortened at its end."""
    start, end = next(((a, b) for a, b in evidence if 0 <= a < b and a < len(text)), (0, 0))
    words = " ".join(text[start:end].split())
    return words if len(words) <= length else words[: length - 1] + ELLIPSIS


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
        replace(s, start=max(s.start, start) - start + len(head), end=min(s.end, end) - start + len(head))
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
