"""One linear separator a question, learnt on whole texts and on the clauses that carry the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import vstack
from sklearn.svm import LinearSVC

from training.data import Row
from training.matrix import Matrices, strongest
from wanhui.language.engines.joined_1.stack import HEADS

RAILWAY = "germeval2017_bahn"  # news among reviews: off topic there says nothing about shops
COST = 0.6
CLAUSE_WEIGHT = 0.3
UNPRAISING_WEIGHT = 0.3  # an unhappy text is taken as praising nothing, with little weight


@dataclass(frozen=True, slots=True)
class Learnt:
    """A head: its weights, and what it says of every row's text and of its strongest clause."""

    weights: NDArray[np.float64]
    bias: float
    texts: NDArray[np.float64]
    best: NDArray[np.float64]


def targets(head: str, rows: Sequence[Row]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """For one head: the answer for each row, and the row's weight (0 where nobody labelled it).

    Of a row that a larger model was asked about, the likelier answer, with less weight the less sure it was.
    """
    side, _, code = head.partition(":")
    column = HEADS.index(head)
    answers, weights = np.zeros(len(rows), bool), np.zeros(len(rows))
    for place, row in enumerate(rows):
        if row.chances is not None:
            answers[place], weights[place] = row.chances[column] > 0.5, row.weight * abs(2 * row.chances[column] - 1)
            continue
        known: frozenset[str] | None = {
            "cause": row.causes,
            "sentiment": None if row.sentiment is None else frozenset([row.sentiment]),
            "flag": row.flags,
            "primary": frozenset([row.primary or ""]) if row.primary or row.causes == frozenset() else None,
            "praise": row.praises,
        }[side]
        weight = row.weight
        if side == "praise" and known is None and row.sentiment == "negative":
            known, weight = frozenset(), UNPRAISING_WEIGHT
        if head == "flag:offtopic" and row.source == RAILWAY:
            known = None
        if known is not None:
            answers[place], weights[place] = code in known, weight
    return answers, weights


def learn(rows: Sequence[Row], data: Matrices, apart: NDArray[np.bool_]) -> list[Learnt]:
    """Every head, learnt on all rows but those kept apart."""
    return list(Parallel(n_jobs=2)(delayed(_learn_one)(head, rows, data, apart) for head in HEADS))


def _learn_one(head: str, rows: Sequence[Row], data: Matrices, apart: NDArray[np.bool_]) -> Learnt:
    answers, weights = targets(head, rows)
    model = _fit(head, data, answers, np.where(apart, 0, weights))
    bias = float(model.intercept_[0])
    best = strongest(model.decision_function(data.clauses), data.owner, len(rows), bias)
    return Learnt(model.coef_[0], bias, model.decision_function(data.texts), best)


def _fit(head: str, data: Matrices, answers: NDArray[np.bool_], weights: NDArray[np.float64]) -> LinearSVC:
    used = weights > 0
    model = LinearSVC(C=COST, random_state=0).fit(data.texts[used], answers[used], sample_weight=weights[used])
    if head.startswith("sentiment:"):
        return model
    # Second pass: in a text with the answer yes, the clauses that the first pass finds strongest carry it; in a text
    # with the answer no, no clause does.
    mine = np.flatnonzero(used[data.owner])
    owner = data.owner[mine]
    said = model.decision_function(data.clauses[mine])
    top = strongest(said, owner, len(answers), 0.0)[owner]
    carries = answers[owner] & ((said >= top) | (said > 0))
    kept = carries | ~answers[owner]
    return LinearSVC(C=COST, random_state=0).fit(
        vstack([data.texts[used], data.clauses[mine[kept]]]),
        np.concatenate([answers[used], carries[kept]]),
        sample_weight=np.concatenate([weights[used], CLAUSE_WEIGHT * weights[owner[kept]]]),
    )
