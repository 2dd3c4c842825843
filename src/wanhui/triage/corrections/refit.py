"""Where the bar of each cause should lie in one store, learnt from the verdicts that people checked. Pure.

A mistake is a cause that a person would have to take away, or to add. A bar moves only where held-out verdicts say that
it saves mistakes, and only as far as they say: from the engine's own bar towards the one with the fewest mistakes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

LOWEST, HIGHEST = 0.05, 0.95
# So many checked verdicts must speak of a cause, said by the engine or by a person, before its bar may move.
ENOUGH = 30
FOLDS = 5
# How far towards the best bar; the smallest share that does best on held-out verdicts is taken.
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
# The held-out verdicts that get better must outnumber those that get worse by so many standard deviations.
SURE = 1.64
LEAST_MOVE = 0.005
MOST_ROWS = 5_000  # of one cause: the newest are enough


@dataclass(frozen=True, slots=True)
class Checked:
    """One checked verdict: what the engine said, each cause it gave a score (also those left out), and the truth."""

    said: frozenset[str]
    scores: Mapping[str, float]
    truth: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """One cause: so many checked verdicts speak of it. `mistakes` were made with the engine's own bar, `then` would
    have been with the new one, both on verdicts that did not take part in choosing it. `bar` is None where the
    engine's own stays."""

    code: str
    own: float
    checked: int
    mistakes: int = 0
    then: int = 0
    bar: float | None = None

    @property
    def enough(self) -> bool:
        return self.checked >= ENOUGH


Row = tuple[float | None, bool]  # the score as it is compared with bars, None where it is not known; whether true


def refit(
    checked: Sequence[Checked], own: Mapping[str, float], floors: Mapping[str, float] | None = None
) -> list[Fitted]:
    """What the checked verdicts (of one engine, the newest first) say of each cause of `own`, the engine's bars.

    `floors`: down to where the scores of left-out causes are known, at most the engine's own bar; without them no bar
    can be lowered, because nobody knows what would come in.
    """
    return [_fitted(code, bar, min(bar, (floors or own).get(code, bar)), checked) for code, bar in own.items()]


def bars_of(fitted: Collection[Fitted]) -> dict[str, float]:
    """The bars that move, by code."""
    return {each.code: each.bar for each in fitted if each.bar is not None}


def _fitted(code: str, own: float, floor: float, checked: Sequence[Checked]) -> Fitted:
    rows = [_row(each, code, own) for each in checked if code in each.scores or code in each.truth][:MOST_ROWS]
    if len(rows) < ENOUGH:
        return Fitted(code, own, len(rows))
    folds = [[row for place, row in enumerate(rows) if place % FOLDS == fold] for fold in range(FOLDS)]
    best = [
        _best([row for n, part in enumerate(folds) if n != fold for row in part], own, floor) for fold in range(FOLDS)
    ]
    mistakes = _held_out(folds, [own] * FOLDS)
    share, then = 0.0, mistakes
    for tried in SHARES[1:]:
        bars = [_moved(own, bar, tried) for bar in best]
        found = _held_out(folds, bars)
        if found < then and _is_sure(folds, own, bars):
            share, then = tried, found
    bar = round(_moved(own, _best(rows, own, floor), share), 3)
    if share == 0.0 or abs(bar - own) < LEAST_MOVE:
        return Fitted(code, own, len(rows), mistakes, mistakes)
    return Fitted(code, own, len(rows), mistakes, then, bar)


def _row(each: Checked, code: str, own: float) -> Row:
    score = each.scores.get(code)
    # What the engine said below its bar, as the nearest cause of an unhappy text, it says up to its bar.
    if score is not None and code in each.said:
        score = max(score, own)
    return score, code in each.truth


def _moved(own: float, best: float, share: float) -> float:
    return own if best == own or share == 0.0 else min(HIGHEST, max(LOWEST, own + share * (best - own)))


def _is_mistake(row: Row, bar: float) -> bool:
    score, true = row
    return (score is not None and score >= bar) != true


def _held_out(folds: Sequence[Sequence[Row]], bars: Sequence[float]) -> int:
    return sum(_is_mistake(row, bar) for part, bar in zip(folds, bars, strict=True) for row in part)


def _is_sure(folds: Sequence[Sequence[Row]], own: float, bars: Sequence[float]) -> bool:
    moves = [
        _is_mistake(row, own) - _is_mistake(row, bar)
        for part, bar in zip(folds, bars, strict=True) for row in part
    ]  # fmt: skip
    return sum(moves) > SURE * sqrt(sum(abs(move) for move in moves))


def _best(rows: Sequence[Row], own: float, floor: float) -> float:
    """The bar with the fewest mistakes; of equal ones the one nearest to the engine's own."""
    known = sorted((score, true) for score, true in rows if score is not None)
    # A bar below every score: all that is false comes in, nothing that is known is missed.
    mistakes = sum(not true for _score, true in known)
    found = [(mistakes, LOWEST)]
    for place, (score, true) in enumerate(known):
        mistakes += 1 if true else -1
        above = known[place + 1][0] if place + 1 < len(known) else 1.0
        if above > score:
            found.append((mistakes, (score + above) / 2))
    found += [(_at(known, bar), bar) for bar in {own, min(HIGHEST, max(own, LOWEST))}]
    lowest = max(LOWEST, floor)
    offered = [(n, bar) for n, bar in found if lowest <= bar <= HIGHEST or bar == own]
    return min(offered, key=lambda each: (each[0], abs(each[1] - own)))[1]


def _at(known: Sequence[tuple[float, bool]], bar: float) -> int:
    return sum((score >= bar) != true for score, true in known)
