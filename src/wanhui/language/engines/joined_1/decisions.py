"""What follows from the numbers: the rules of the labelling guide, for a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.tokens import Bools, Ints
from wanhui.language.judgement import CAUSES, FLAGS

Doubles = NDArray[np.float64]
UNSPECIFIC = CAUSES.index("unspecific")
NEGATIVE, MIXED, POSITIVE = range(3)
CONTRADICTION = FLAGS.index("contradiction")
UNKNOWN_STAR, LOW, HIGH = 0, 2, 4


@dataclass(frozen=True, slots=True)
class Bars:
    """Every bar that decides, as the manifest gives them; chances from 0 to 1, in the order of the codes."""

    causes: Doubles  # 15
    praises: Doubles  # 15
    flags: Doubles  # 6; contradiction has none
    turns_mixed: float  # a cause at least this likely makes a text that reads as praise mixed
    fallback: float  # an unhappy text without a cause takes the nearest one from this share of its bar
    near: float  # a cause from this share of its bar on was nearly named
    doubt: float  # from this much doubt on, the verdict is called unsure

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Bars:
        bars = manifest["bars"]
        return cls(
            causes=np.array([bars["causes"][code] for code in CAUSES]),
            praises=np.array([bars["praises"][code] for code in CAUSES]),
            flags=np.array([bars["flags"].get(flag, 2.0) for flag in FLAGS]),
            turns_mixed=bars["turns_mixed"],
            fallback=bars["fallback"],
            near=bars["near"],
            doubt=bars["doubt"],
        )


@dataclass(frozen=True, slots=True)
class Chances:
    """Calibrated chances of N texts: 15 causes, 3 sentiments, 6 flags, 15 main causes, 15 praises."""

    causes: Doubles
    sentiment: Doubles
    flags: Doubles
    primary: Doubles
    praises: Doubles


@dataclass(frozen=True, slots=True)
class Decisions:
    """Of N texts: sentiment, causes said and nearly said, praises, main cause (-1: none), flags, doubt."""

    sentiment: Ints
    causes: Bools
    near: Bools
    praises: Bools
    primary: Ints
    flags: Bools
    doubt: Doubles


def decide(chances: Chances, bars: Bars, stars: Ints) -> Decisions:
    """Praise has no causes, unhappiness has at least one, and `unspecific` stands alone (labelling guide)."""
    sentiment = chances.sentiment.argmax(axis=1)
    causes = chances.causes >= bars.causes
    causes[:, UNSPECIFIC] &= ~causes[:, :UNSPECIFIC].any(axis=1)
    glad = sentiment == POSITIVE
    turned = glad & (chances.causes[:, :UNSPECIFIC].max(axis=1, initial=0.0) >= bars.turns_mixed)
    sentiment = np.where(turned, MIXED, sentiment)
    causes &= (~glad | turned)[:, None]
    without = np.flatnonzero((sentiment != POSITIVE) & ~causes.any(axis=1))
    causes[without, _nearest(chances.causes[without], bars)] = True
    near = (chances.causes >= bars.near * bars.causes) & ~causes & (sentiment != POSITIVE)[:, None]
    near[:, UNSPECIFIC] = False
    praises = (chances.praises >= bars.praises) & (sentiment != NEGATIVE)[:, None]
    return Decisions(
        sentiment=sentiment,
        causes=causes,
        near=near,
        praises=praises,
        primary=np.where(causes.any(axis=1), np.where(causes, chances.primary, -1.0).argmax(axis=1), -1),
        flags=_flags(chances, bars, sentiment, stars),
        doubt=_doubt(chances, causes),
    )


def softmax(logits: Doubles) -> Doubles:
    """Shares of N by K numbers, row by row."""
    grown = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-30.0))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def _nearest(causes: Doubles, bars: Bars) -> Ints:
    share = causes / bars.causes
    return np.where(share.max(axis=1, initial=0.0) >= bars.fallback, share.argmax(axis=1), UNSPECIFIC)


def _flags(chances: Chances, bars: Bars, sentiment: Ints, stars: Ints) -> Bools:
    flags = chances.flags >= bars.flags
    low, high = (stars != UNKNOWN_STAR) & (stars <= LOW), stars >= HIGH
    flags[:, CONTRADICTION] = (low & (sentiment == POSITIVE)) | (high & (sentiment == NEGATIVE))
    return flags


def _doubt(chances: Chances, causes: Bools) -> Doubles:
    """How much is expected to be wrong: causes falsely said or missed, for each one said, and the sentiment."""
    wrong = np.where(causes, 1 - chances.causes, chances.causes).sum(axis=1)
    return np.asarray(wrong / np.maximum(1, causes.sum(axis=1)) + 1 - chances.sentiment.max(axis=1))
