"""Second layer: from what the heads say to calibrated probabilities, and the thresholds that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.data import Row
from training.heads import HEADS, LEARNT_FLAGS, targets
from wanhui.language.engines.linear_1.scores import EXTRAS, FIRST_HINT, FIRST_STAR, HINTED
from wanhui.language.judgement import CAUSES, SENTIMENTS

Floats = NDArray[np.float64]
OUTPUTS: tuple[str, ...] = (
    *(f"cause:{code}" for code in CAUSES),
    *(f"starred-cause:{code}" for code in CAUSES),
    *(f"sentiment:{name}" for name in SENTIMENTS),
    *(f"starred:{name}" for name in SENTIMENTS),
    *(f"flag:{name}" for name in LEARNT_FLAGS),
    *(f"primary:{code}" for code in CAUSES),
    *(f"praise:{code}" for code in CAUSES),
)
# Weak rows teach the heads what praise sounds like, but must not set how common it is, except under five stars:
# there nearly everybody is content, and the labelled rows (picked for their complaints) do not show it.
WEAK = {"starred": 1.0, "starred-cause": 0.5}
WEAK_ELSEWHERE = 0.2
RARELY = 0.6  # off topic is said seldom and wrongly said hurts: no bar from the few rows, but a plain majority
DECIDED = tuple(name for name in OUTPUTS if name.partition(":")[0] in ("cause", "starred-cause", "flag", "praise"))
FIRST_EXTRA = 2 * len(HEADS)
STARS = tuple(FIRST_EXTRA + FIRST_STAR + place for place in range(3))


@dataclass(frozen=True, slots=True)
class Stack:
    """`matrix` F by O; `oof` N by O: the logits of every row, from a stack that did not see it."""

    matrix: Floats
    oof: Floats
    thresholds: dict[str, float]


def features_of(output: str) -> list[int]:
    """The columns of the stacked features that an output may use; the last, constant one is added as its bias."""
    side, _, code = output.partition(":")
    head = output.removeprefix("starred-")
    pairs = [HEADS.index(head)] if head in HEADS else []
    extras = [0, 1, 2, 3]
    if side in ("sentiment", "starred"):
        pairs = [place for place, head in enumerate(HEADS) if head.partition(":")[0] in ("sentiment", "cause")]
        extras += [FIRST_HINT + place for place in range(len(HINTED))]
    elif side == "primary":
        pairs.append(HEADS.index(f"cause:{code}"))
    elif side == "flag" and code in HINTED:
        extras.append(FIRST_HINT + HINTED.index(code))
    elif side == "praise":
        pairs += [place for place, head in enumerate(HEADS) if head.startswith("sentiment:")]
    columns = [*pairs, *(len(HEADS) + place for place in pairs), *(FIRST_EXTRA + place for place in extras)]
    return [*columns, *STARS] if side.startswith("starred") else columns


def fit_stack(rows: Sequence[Row], features: Floats, folds: NDArray[np.int64]) -> Stack:
    """Fit every output on the heads' answers out of fold, and once more out of fold for the thresholds."""
    assert features.shape[1] == FIRST_EXTRA + EXTRAS
    matrix = np.zeros((features.shape[1], len(OUTPUTS)))
    oof = np.zeros((len(rows), len(OUTPUTS)))
    for name in OUTPUTS:
        side = name.partition(":")[0]
        if side in ("sentiment", "starred"):
            continue
        answers, weights = targets(name.removeprefix("starred-"), rows)
        weights = weights * _calmed(rows, side)
        if side.startswith("starred"):
            weights = weights * np.array([row.star is not None for row in rows])
        _fit_output(matrix, oof, [OUTPUTS.index(name)], features, features_of(name), answers, weights, folds)
    for side in ("sentiment", "starred"):
        columns = [OUTPUTS.index(f"{side}:{name}") for name in SENTIMENTS]
        which, weights = _sentiments(rows, starred=side == "starred")
        weights = weights * _calmed(rows, side)
        used = features_of(f"{side}:negative")
        _fit_output(matrix, oof, columns, features, used, which, weights, folds)
    thresholds = {name: _threshold(name, rows, oof[:, OUTPUTS.index(name)]) for name in DECIDED}
    return Stack(matrix, oof, thresholds)


def _calmed(rows: Sequence[Row], side: str) -> Floats:
    weak = WEAK.get(side, WEAK_ELSEWHERE)
    return np.array([weak if row.part == "weak" and row.causes is not None else 1.0 for row in rows])


def _sentiments(rows: Sequence[Row], *, starred: bool) -> tuple[NDArray[np.int64], Floats]:
    answers = np.array([SENTIMENTS.index(row.sentiment) if row.sentiment in SENTIMENTS else 0 for row in rows])
    weights = np.array([row.weight if row.sentiment and (row.star or not starred) else 0.0 for row in rows])
    return answers, weights


def _fit_output(
    matrix: Floats, oof: Floats, columns: list[int], features: Floats, used: list[int],
    answers: NDArray[np.generic], weights: Floats, folds: NDArray[np.int64],
) -> None:  # fmt: skip
    mine = features[:, used]
    for fold in range(int(folds.max()) + 1):
        train = (folds != fold) & (weights > 0)
        model = LogisticRegression(max_iter=2000).fit(mine[train], answers[train], sample_weight=weights[train])
        oof[np.ix_(folds == fold, columns)] = model.decision_function(mine[folds == fold]).reshape(-1, len(columns))
    known = weights > 0
    model = LogisticRegression(max_iter=2000).fit(mine[known], answers[known], sample_weight=weights[known])
    matrix[np.ix_(used, columns)] = model.coef_.T
    matrix[-1, columns] = model.intercept_


def _threshold(name: str, rows: Sequence[Row], logits: Floats) -> float:
    answers, weights = targets(name.removeprefix("starred-"), rows)
    if name == "flag:offtopic":
        return RARELY
    if name.startswith("praise:"):
        mine = np.array([row.part == "praise" for row in rows])
    else:
        mine = (weights > 0) & np.array([row.part == "train" for row in rows])
        if name.startswith("starred-"):
            mine &= np.array([row.star is not None for row in rows])
    return round(best_threshold(1 / (1 + np.exp(-logits[mine])), answers[mine]), 4)


def best_threshold(chances: Floats, answers: NDArray[np.bool_]) -> float:
    """The chance from which saying yes gives the greatest F1; among near-equals the middle, for a calm choice."""
    order = np.argsort(-chances)
    hits = np.cumsum(answers[order])
    quality = 2 * hits / (np.arange(1, len(order) + 1) + answers.sum())
    near = np.flatnonzero(quality >= quality.max() - 0.002)
    return float(np.clip(chances[order][near].mean(), 0.05, 0.95))
