"""First layer: one linear separator a question, learnt on whole texts and on the clauses that carry the answer."""

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
from wanhui.language.judgement import CAUSES, SENTIMENTS

LEARNT_FLAGS = ("safety", "threat", "demand", "churn", "offtopic")
HEADS: tuple[str, ...] = (
    *(f"cause:{code}" for code in CAUSES),
    *(f"sentiment:{name}" for name in SENTIMENTS),
    *(f"flag:{name}" for name in LEARNT_FLAGS),
    *(f"primary:{code}" for code in CAUSES),
    *(f"praise:{code}" for code in CAUSES),
)
RAILWAY = "germeval2017_bahn"  # news among reviews: off topic there says nothing about shops
COST = 0.6
CLAUSE_WEIGHT = 0.3
UNPRAISING_WEIGHT = 0.3  # an unhappy text is taken as praising nothing, with little weight


@dataclass(frozen=True, slots=True)
class Learnt:
    """A head: its weights; and out of fold, for every row, what it says of the text and of the strongest clause."""

    weights: NDArray[np.float64]
    bias: float
    texts: NDArray[np.float64]
    best: NDArray[np.float64]


def targets(head: str, rows: Sequence[Row]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """For one head: the answer for each row, and the row's weight (0 where nobody labelled it)."""
    side, _, code = head.partition(":")
    answers, weights = np.zeros(len(rows), bool), np.zeros(len(rows))
    for place, row in enumerate(rows):
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


def learn(rows: Sequence[Row], data: Matrices, folds: NDArray[np.int64], heads: Sequence[str] = HEADS) -> list[Learnt]:
    """Every head, learnt on all rows, with its answers out of fold (`folds[i]` is the fold of row i)."""
    return list(Parallel(n_jobs=2)(delayed(_learn_one)(head, rows, data, folds) for head in heads))


def _learn_one(head: str, rows: Sequence[Row], data: Matrices, folds: NDArray[np.int64]) -> Learnt:
    answers, weights = targets(head, rows)
    texts, best = np.zeros(len(rows)), np.zeros(len(rows))
    for fold in range(int(folds.max()) + 1):
        inside = folds == fold
        model = _fit(head, data, answers, np.where(inside, 0, weights))
        texts[inside] = model.decision_function(data.texts[inside])
        mine = inside[data.owner]
        said = model.decision_function(data.clauses[mine])
        best[inside] = strongest(said, data.owner[mine], len(rows), float(model.intercept_[0]))[inside]
    model = _fit(head, data, answers, weights)
    return Learnt(model.coef_[0], float(model.intercept_[0]), texts, best)


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
