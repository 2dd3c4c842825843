"""What an engine said, under a store's own bars. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wanhui.language.judgement import CauseScore, Judgement


@dataclass(frozen=True, slots=True)
class Barred:
    """A judgement, the causes that bars left out of it with their scores, and the version of the store's bars."""

    judgement: Judgement
    near: tuple[CauseScore, ...] = ()
    version: int = 0


def under(
    found: Judgement, bars: Mapping[str, float], *, near: Sequence[CauseScore] = (), version: int = 0
) -> Barred:
    """A judgement under a store's bars, by cause; where there is none the engine's own decision stays.

    `near` are causes the engine did not name, with their scores: one that reaches a lowered bar comes in, in a text
    that is not happy. A text that loses all its causes is unhappy for a reason nobody knows: unsure, so that a person
    looks. Its main cause is the strongest that is left.
    """
    named = [cause for cause in found.causes if cause.score >= bars.get(cause.code, 0.0)]
    unhappy = found.sentiment in ("negative", "mixed")
    come = [cause for cause in near if unhappy and cause.code in bars and cause.score >= bars[cause.code]]
    causes = tuple(sorted([*named, *come], key=lambda cause: -cause.score)) if come else tuple(named)
    codes = {cause.code for cause in causes}
    left_out = tuple(cause for cause in (*found.causes, *near) if cause.code not in codes)
    if causes == found.causes:
        return Barred(found, left_out, version)
    first = causes[0].code if causes else None
    primary = found.primary if found.primary in codes else first
    unsure = found.unsure or (unhappy and not causes)
    return Barred(replace(found, causes=causes, primary=primary, unsure=unsure), left_out, version)
