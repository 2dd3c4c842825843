"""What follows from the numbers: pure rules, one text at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wanhui.language.judgement import CAUSES, FLAGS, SENTIMENTS, Sentiment

UNSPECIFIC = CAUSES.index("unspecific")
_NEGATIVE, _MIXED, _POSITIVE = range(3)


@dataclass(frozen=True, slots=True)
class Bars:
    """Every bar that decides, as the manifest gives them; chances from 0 to 1, in the order of the codes."""

    causes: tuple[float, ...]
    starred: tuple[float, ...]  # the same where the star is known
    praises: tuple[float, ...]
    flags: dict[str, float]
    turns_mixed: float  # a cause at least this likely makes a text that reads as praise mixed
    fallback: float  # an unhappy text without a cause takes the nearest one from this share of its bar
    doubt: float  # from this much doubt on, the verdict is called unsure

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Bars:
        bars = manifest["bars"]
        return cls(
            causes=tuple(bars["causes"][code] for code in CAUSES),
            starred=tuple(bars["starred-causes"][code] for code in CAUSES),
            praises=tuple(bars["praises"][code] for code in CAUSES),
            flags=dict(bars["flags"]),
            turns_mixed=bars["turns_mixed"],
            fallback=bars["fallback"],
            doubt=bars["doubt"],
        )


@dataclass(frozen=True, slots=True)
class Chances:
    """What the second layer gives one text: calibrated chances in the order of the codes."""

    causes: Sequence[float]
    sentiment: Sequence[float]
    flags: Mapping[str, float]
    primary: Sequence[float]
    praises: Sequence[float]


@dataclass(frozen=True, slots=True)
class Decision:
    """Numbers of causes and praises, strongest first; the primary's number or None."""

    sentiment: Sentiment
    causes: list[int]
    praises: list[int]
    primary: int | None
    flags: tuple[str, ...]
    unsure: bool


def decide(chances: Chances, bars: Bars, star: int | None) -> Decision:
    """Praise has no causes, unhappiness has at least one, and `unspecific` stands alone (labelling guide)."""
    sentiment = max(range(3), key=chances.sentiment.__getitem__)
    cause_bars = bars.causes if star is None else bars.starred
    causes = [code for code, bar in enumerate(cause_bars) if chances.causes[code] >= bar]
    named = [code for code in causes if code != UNSPECIFIC]
    causes = named or causes
    if sentiment == _POSITIVE:
        if max(chances.causes[:UNSPECIFIC]) >= bars.turns_mixed:
            sentiment = _MIXED
        else:
            causes = []
    elif not causes:
        causes = [_nearest(chances.causes, cause_bars, bars.fallback)]
    causes.sort(key=lambda code: -chances.causes[code])
    word = SENTIMENTS[sentiment]
    praises = [] if word == "negative" else [c for c, bar in enumerate(bars.praises) if chances.praises[c] >= bar]
    praises.sort(key=lambda code: -chances.praises[code])
    return Decision(
        sentiment=word,
        causes=causes,
        praises=praises,
        primary=max(causes, key=chances.primary.__getitem__, default=None),
        flags=_flags(chances, bars, word, star),
        unsure=_doubt(chances, causes) > bars.doubt,
    )


def _nearest(causes: Sequence[float], bars: Sequence[float], fallback: float) -> int:
    share, code = max((causes[code] / bar, code) for code, bar in enumerate(bars))
    return code if share >= fallback else UNSPECIFIC


def _flags(chances: Chances, bars: Bars, sentiment: Sentiment, star: int | None) -> tuple[str, ...]:
    found = {flag for flag, bar in bars.flags.items() if chances.flags[flag] >= bar}
    if star is not None and ((star <= 2 and sentiment == "positive") or (star >= 4 and sentiment == "negative")):
        found.add("contradiction")
    return tuple(flag for flag in FLAGS if flag in found)


def _doubt(chances: Chances, causes: Sequence[int]) -> float:
    """How much is expected to be wrong: causes falsely said or missed, for each one said, and the sentiment."""
    wrong = sum(1 - chance if code in causes else chance for code, chance in enumerate(chances.causes))
    return wrong / max(1, len(causes)) + 1 - max(chances.sentiment)
