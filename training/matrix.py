"""The runtime's own numbers as sparse matrices, so that what is learnt is what will be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from training.data import Row
from training.vocabulary import Vocabulary
from wanhui.language.detect import detect
from wanhui.language.engines.linear_1.grams import grams
from wanhui.language.engines.linear_1.scores import Prepared
from wanhui.language.normalise import fold
from wanhui.language.split import clauses_of_folded


@dataclass(frozen=True, slots=True)
class Matrices:
    """`texts` N by V, `clauses` M by V, `owner[m]` the text of clause m; rows divided by the length of the vector."""

    batch: Prepared
    texts: csr_matrix
    clauses: csr_matrix
    owner: NDArray[np.int64]


def matrices(rows: Sequence[Row], known: Vocabulary) -> Matrices:
    """Count the known runs of these rows, by text and by clause, as `engines.linear_1.scores` does."""
    batch = prepared(rows)
    found = grams(batch.folded, batch.clauses)
    place = np.minimum(np.searchsorted(known.keys, found.keys), len(known.keys) - 1)
    hit = known.keys[place] == found.keys
    owner = np.repeat(np.arange(len(rows)), batch.counts)
    clause = found.clause[hit]
    return Matrices(
        batch,
        _weighted(owner[clause], place[hit], len(rows), known),
        _weighted(clause, place[hit], len(owner), known),
        owner,
    )


def prepared(rows: Sequence[Row]) -> Prepared:
    """The rows as the engine sees them."""
    folded = [fold(row.text) for row in rows]
    return Prepared(
        folded, [clauses_of_folded(text) for text in folded], [detect(row.text) for row in rows],
        [row.star for row in rows],
    )  # fmt: skip


def strongest(values: NDArray[np.float64], owner: NDArray[np.int64], size: int, empty: float) -> NDArray[np.float64]:
    """The greatest value among each text's clauses; `empty` for a text without any."""
    best = np.full(size, -np.inf)
    np.maximum.at(best, owner, values)
    return np.where(np.isinf(best), empty, best)


def _weighted(rows: NDArray[np.int64], columns: NDArray[np.int64], size: int, known: Vocabulary) -> csr_matrix:
    counted = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(size, len(known.keys)))
    counted.sum_duplicates()
    lengths = np.sqrt(np.maximum(counted.power(2) @ known.rarity, 1e-9))
    return csr_matrix(diags(1 / lengths) @ counted @ diags(np.sqrt(known.rarity)), dtype=np.float32)
