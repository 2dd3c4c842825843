"""What people made of verdicts, counted: how often an engine was right, which causes were put right most. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from wanhui.triage.own.rules import Standing

# So many checked verdicts are needed before a share says anything.
ENOUGH = 20
PAIRS = 12


@dataclass(frozen=True, slots=True)
class Said:
    """What one verdict says, as far as people correct it. `primary` and `mood` are "" where there is none."""

    mood: str
    primary: str
    causes: frozenset[str]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Checked:
    """One verdict of an engine that a person confirmed (`truly` equals `said`) or corrected, and on which day."""

    engine: str
    day: date
    said: Said
    truly: Said

    @property
    def right(self) -> bool:
        """Whether nothing was to be put right."""
        return self.said == self.truly

    @property
    def taken_away(self) -> frozenset[str]:
        return self.said.causes - self.truly.causes

    @property
    def added(self) -> frozenset[str]:
        return self.truly.causes - self.said.causes

    def pairs(self) -> list[tuple[str, str]]:
        """Said -> truly, for each cause taken away and each put in its place; "" stands for none."""
        away, added = sorted(self.taken_away), sorted(self.added)
        if not away and not added:
            return []
        return [(one, other) for one in away or [""] for other in added or [""]]


@dataclass(frozen=True, slots=True)
class Hits:
    """So many of `n` were right; `between` is Wilson's 95 % interval."""

    right: int = 0
    n: int = 0

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def between(self) -> tuple[float, float] | None:
        return Standing(right=self.right, wrong=self.n - self.right).between

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause: how often it was said and right; taken away with nothing in its place, replaced by another one, and
    added where the engine had not said it."""

    code: str
    hits: Hits
    taken_away: int = 0
    replaced: int = 0
    added: int = 0

    @property
    def corrected(self) -> int:
        return self.taken_away + self.replaced + self.added


@dataclass(frozen=True, slots=True)
class Report:
    """What came of counting. `whole`: verdicts with nothing to put right; `causes` the most corrected first; `pairs`
    ((said, truly), how often), the commonest first; by engine the most checked first, by month the newest first."""

    whole: Hits = field(default_factory=Hits)
    moods: Hits = field(default_factory=Hits)
    primaries: Hits = field(default_factory=Hits)
    causes: tuple[CauseLine, ...] = ()
    pairs: tuple[tuple[tuple[str, str], int], ...] = ()
    engines: tuple[tuple[str, Hits], ...] = ()
    months: tuple[tuple[date, Hits], ...] = ()

    @property
    def enough(self) -> bool:
        return self.whole.enough


def report(checked: Iterable[Checked]) -> Report:
    """Count these. Each verdict of an engine must be among them once, with what counts in the end."""
    rows = list(checked)
    pairs = Counter(pair for row in rows for pair in row.pairs())
    engines, months = defaultdict[str, list[Checked]](list), defaultdict[date, list[Checked]](list)
    for row in rows:
        engines[row.engine].append(row)
        months[row.day.replace(day=1)].append(row)
    return Report(
        whole=_hits(rows),
        moods=Hits(sum(row.said.mood == row.truly.mood for row in rows), len(rows)),
        primaries=Hits(sum(row.said.primary == row.truly.primary for row in rows), len(rows)),
        causes=_causes(rows),
        pairs=tuple(sorted(pairs.items(), key=lambda each: (-each[1], each[0]))[:PAIRS]),
        engines=tuple(sorted(((name, _hits(found)) for name, found in engines.items()), key=lambda e: (-e[1].n, e[0]))),
        months=tuple((month, _hits(found)) for month, found in sorted(months.items(), reverse=True)),
    )


def _hits(rows: Sequence[Checked]) -> Hits:
    return Hits(sum(row.right for row in rows), len(rows))


def _causes(rows: Iterable[Checked]) -> tuple[CauseLine, ...]:
    said, right = Counter[str](), Counter[str]()
    away, replaced, added = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        said.update(row.said.causes)
        right.update(row.said.causes & row.truly.causes)
        (replaced if row.added else away).update(row.taken_away)
        added.update(row.added)
    lines = [
        CauseLine(code, Hits(right[code], said[code]), away[code], replaced[code], added[code])
        for code in said.keys() | added.keys()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.corrected, line.code)))
