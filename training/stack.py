"""Second layer: from what the heads say to calibrated probabilities, and the thresholds that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.data import Row
from training.heads import targets
from wanhui.language.engines.joined_1.batch import EXTRAS
from wanhui.language.engines.joined_1.stack import LATIN, OUTPUTS
from wanhui.language.judgement import SENTIMENTS

Floats = NDArray[np.float64]
# Rows kept apart weigh as much as they are like what the engine will read. The labelled rows were picked for their
# complaints, so only the weak ones show that nearly everybody who gives five stars is content; half of the pool's rows
# were picked because the engine before was not sure of them, so they do not show how common a cause is. Denied
# complaints ("洗了不掉色") stand in invented rows above all, hence their full weight.
CALM = {"weak": 0.2, "pool": 0.5, "told": 1.0, "invented": 0.0}
CONTENT = {"starred": 1.0, "starred-cause": 0.5}  # of weak rows
FOLDS = 5
RARELY = 0.6  # off topic is said seldom and wrongly said hurts: no bar from the few rows, but a plain majority
DECIDED = tuple(name for name in OUTPUTS if name.partition(":")[0] in ("cause", "flag", "praise"))
SOURCES = ("text", "clause", "read", "mark")  # of the first layer's numbers


@dataclass(frozen=True, slots=True)
class Stack:
    """`matrix` F by OUTPUTS, and the bars of DECIDED."""

    matrix: Floats
    bars: dict[str, float]


def used_by(output: str, features: Sequence[str]) -> list[int]:
    """The stacked features that an output may use, as columns; the last, constant one is added as its bias."""
    side, _, code = output.removeprefix("starred-").partition(":")
    heads = {f"{side}:{code}"}
    extras = {"clauses", *(name for name in EXTRAS if name.startswith("language:"))}
    if side in ("sentiment", "starred"):
        heads = {name.partition(" ")[2] for name in features if " sentiment:" in name or " cause:" in name}
        extras |= {name for name in EXTRAS if name.startswith("hint:")}
    elif side == "primary":
        heads.add(f"cause:{code}")
    elif side == "flag":
        extras.add(f"hint:{code}")
    elif side == "praise":
        heads |= {f"sentiment:{name}" for name in SENTIMENTS}
    if output.startswith("starred"):
        extras |= {name for name in EXTRAS if name.startswith("star:")}
    wanted = extras | {f"{source} {head}" for source in SOURCES for head in heads}
    return [place for place, name in enumerate(features) if name.removeprefix(LATIN) in wanted]


def fit_stack(rows: Sequence[Row], features: Floats, names: Sequence[str]) -> Stack:
    """Fit every output on rows that the first layer has not seen, and once more out of fold for the bars.

    `features` are N by `names`.
    """
    folds = np.random.default_rng(0).integers(0, FOLDS, len(rows))
    matrix = np.zeros((features.shape[1], len(OUTPUTS)))
    oof = np.zeros((len(rows), len(OUTPUTS)))
    for name in OUTPUTS:
        side = name.partition(":")[0]
        if side in ("sentiment", "starred"):
            continue
        answers, weights = targets(name.removeprefix("starred-"), rows)
        weights = weights * _calmed(rows, side)
        _fit_output(matrix, oof, [OUTPUTS.index(name)], features, used_by(name, names), answers, weights, folds)
    for side in ("sentiment", "starred"):
        columns = [OUTPUTS.index(f"{side}:{name}") for name in SENTIMENTS]
        which, weights = _sentiments(rows)
        weights = weights * _calmed(rows, side)
        used = used_by(f"{side}:negative", names)
        _fit_output(matrix, oof, columns, features, used, which, weights, folds)
    return Stack(matrix, {name: _bar(name, rows, oof) for name in DECIDED})


def _calmed(rows: Sequence[Row], side: str) -> Floats:
    """The weight of each row; where the star is used, rows without one have none."""
    calm = {**CALM, "weak": CONTENT.get(side, CALM["weak"])}
    if side == "praise":
        calm["pool"] = 1.0
    starred = side.startswith("starred")
    return np.array([0.0 if starred and row.star is None else calm.get(row.part, 1.0) for row in rows])


def _sentiments(rows: Sequence[Row]) -> tuple[NDArray[np.int64], Floats]:
    answers = np.array([SENTIMENTS.index(row.sentiment) if row.sentiment in SENTIMENTS else 0 for row in rows])
    return answers, np.array([row.weight if row.sentiment else 0.0 for row in rows])


def _fit_output(
    matrix: Floats, oof: Floats, columns: list[int], features: Floats, used: list[int],
    answers: NDArray[np.generic], weights: Floats, folds: NDArray[np.int64],
) -> None:  # fmt: skip
    mine = features[:, used]
    for fold in range(FOLDS):
        train = (folds != fold) & (weights > 0)
        model = LogisticRegression(max_iter=2000).fit(mine[train], answers[train], sample_weight=weights[train])
        oof[np.ix_(folds == fold, columns)] = model.decision_function(mine[folds == fold]).reshape(-1, len(columns))
    known = weights > 0
    model = LogisticRegression(max_iter=2000).fit(mine[known], answers[known], sample_weight=weights[known])
    matrix[np.ix_(used, columns)] = model.coef_.T
    matrix[-1, columns] = model.intercept_


def _bar(name: str, rows: Sequence[Row], oof: Floats) -> float:
    """The bar of one cause, praise or flag; a cause's chance is the starred one where the star is known."""
    if name == "flag:offtopic":
        return RARELY
    answers, weights = targets(name, rows)
    # Flags are rare: the pool's rows, which were partly picked for them, are needed to set their bars.
    parts = {"praise": ("praise", "pool"), "flag": ("train", "pool")}.get(name.partition(":")[0], ("train",))
    mine = (weights > 0) & np.array([row.part in parts for row in rows])
    logits = oof[:, OUTPUTS.index(name)]
    if name.startswith("cause:"):
        known = np.array([row.star is not None for row in rows])
        logits = np.where(known, oof[:, OUTPUTS.index(f"starred-{name}")], logits)
    return round(best_threshold(1 / (1 + np.exp(-logits[mine])), answers[mine]), 4)


def best_threshold(chances: Floats, answers: NDArray[np.bool_]) -> float:
    """The chance from which saying yes gives the greatest F1; among near-equals the middle, for a calm choice."""
    order = np.argsort(-chances)
    hits = np.cumsum(answers[order])
    quality = 2 * hits / (np.arange(1, len(order) + 1) + answers.sum())
    near = np.flatnonzero(quality >= quality.max() - 0.002)
    return float(np.clip(chances[order][near].mean(), 0.05, 0.95))
