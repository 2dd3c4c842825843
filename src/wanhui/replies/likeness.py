"""How alike two texts are, by the runs of three characters they share."""

from __future__ import annotations

import re

NOT_A_WORD = re.compile(r"[\W_]{1,200}")
RUN = 3


def likeness(one: str, other: str) -> float:
    """The Dice measure over runs of three letters, 0 to 1; spaces and marks do not count."""
    first, second = _runs(one), _runs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _runs(text: str) -> frozenset[str]:
    bare = NOT_A_WORD.sub("", text[:5_000].lower())
    if len(bare) <= RUN:
        return frozenset({bare}) if bare else frozenset()
    return frozenset(bare[place : place + RUN] for place in range(len(bare) - RUN + 1))
