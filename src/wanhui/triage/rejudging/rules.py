"""What differs between two verdicts on one text, and what came of comparing many. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from wanhui.language.judgement import Judgement

# What can differ, what weighs most first: an example is kept for the first of these that it shows.
ASPECTS = ("severity", "bad", "flags", "sentiment", "primary", "causes", "finer", "praises", "unsure")
EXAMPLES_EACH = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What one verdict says, as far as anybody acts on it; scores and evidence are left out.

    `causes` are codes, strongest first; `finer` are the sub-causes among them. `sentiment` and `primary` are "" where
    there is none.
    """

    engine: str
    severity: int
    bad: bool
    sentiment: str
    primary: str
    causes: tuple[str, ...]
    finer: frozenset[str]
    praises: frozenset[str]
    flags: frozenset[str]
    unsure: bool

    def told(self) -> dict[str, Any]:
        """The same as JSON, for an example that is kept."""
        return {
            "engine": self.engine, "severity": self.severity, "bad": self.bad, "sentiment": self.sentiment,
            "primary": self.primary, "causes": list(self.causes), "finer": sorted(self.finer),
            "praises": sorted(self.praises), "flags": sorted(self.flags), "unsure": self.unsure,
        }  # fmt: skip


def said(judgement: Judgement, severity: int, bad: bool) -> Said:
    """A judgement with what the rules made of it, as it is compared."""
    return Said(
        engine=judgement.engine, severity=severity, bad=bad, sentiment=judgement.sentiment or "",
        primary=judgement.primary or "", causes=tuple(cause.code for cause in judgement.causes),
        finer=frozenset(cause.sub for cause in judgement.causes if cause.sub),
        praises=frozenset(praise.code for praise in judgement.praises), flags=frozenset(judgement.flags),
        unsure=judgement.unsure,
    )  # fmt: skip


def compare(old: Said, new: Said) -> tuple[str, ...]:
    """The aspects in which two verdicts differ, in the order of ASPECTS; empty when both say the same.

    The order of causes is no difference: what is strongest shows in `primary`.
    """
    same = {
        "causes": set(old.causes) == set(new.causes),
        # A finer word for a cause that came or went is no difference of its own.
        "finer": _shared(old, new) == _shared(new, old),
    }
    return tuple(a for a in ASPECTS if not same.get(a, getattr(old, a) == getattr(new, a)))


def _shared(one: Said, other: Said) -> set[str]:
    both = set(one.causes) & set(other.causes)
    return {sub for sub in one.finer if sub.partition(".")[0] in both}


@dataclass(slots=True)
class Tally:
    """What came of comparing many texts: counts, and a few examples. Its size does not grow with the texts.

    looked: texts compared; changed: those with any difference; kept: left alone, because a person spoke; same: left
    alone, because that engine judged them already, and alike. Moves of "sentiment", "primary" and "severity" are
    counted as "old>new"; `gained` and `lost` count causes and flags; `cases` counts what would happen to cases:
    "open", "again", "changed".
    """

    looked: int = 0
    changed: int = 0
    kept: int = 0
    same: int = 0
    aspects: Counter[str] = field(default_factory=Counter)
    sentiments: Counter[str] = field(default_factory=Counter)
    primaries: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    flags_gained: Counter[str] = field(default_factory=Counter)
    flags_lost: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, old: Said, new: Said, text: Mapping[str, int | None]) -> bool:
        """Count one text; whether its verdict would change. `text` says which it is, for an example: ids only."""
        self.looked += 1
        self.engines[old.engine] += 1
        found = compare(old, new)
        if not found:
            return False
        self.changed += 1
        self.aspects.update(found)
        for aspect, moves in (("sentiment", self.sentiments), ("primary", self.primaries),
                              ("severity", self.severities)):  # fmt: skip
            if aspect in found:
                moves[f"{getattr(old, aspect)}>{getattr(new, aspect)}"] += 1
        if "bad" in found:
            self.bad["gained" if new.bad else "lost"] += 1
        self.gained.update(set(new.causes) - set(old.causes))
        self.lost.update(set(old.causes) - set(new.causes))
        self.flags_gained.update(new.flags - old.flags)
        self.flags_lost.update(old.flags - new.flags)
        self._keep(found[0], old, new, text)
        return True

    def _keep(self, aspect: str, old: Said, new: Said, text: Mapping[str, int | None]) -> None:
        if sum(each["aspect"] == aspect for each in self.examples) < EXAMPLES_EACH:
            self.examples.append({"aspect": aspect, **text, "old": old.told(), "new": new.told()})
            self.examples.sort(key=lambda each: ASPECTS.index(each["aspect"]))

    def to_json(self) -> dict[str, Any]:
        """As stored and sent; the reverse is `from_json`."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """The tally that was stored; what is missing is empty."""
        made = cls()
        for each in fields(cls):
            if each.name in data:
                empty, value = getattr(made, each.name), data[each.name]
                setattr(made, each.name, Counter(value) if isinstance(empty, Counter) else value)
        return made
