"""The runtime's own numbers as sparse matrices, so that what is learnt is what will be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from training.data import Row
from training.vocabulary import Vocabulary
from wanhui.language.engines.joined_1.batch import Batch, batch_of
from wanhui.language.engines.joined_1.tokens import runs_of
from wanhui.language.engines.joined_1.vocabulary import Keys


@dataclass(frozen=True, slots=True)
class Matrices:
    """`texts` N by V, `clauses` M by V, `owner[m]` the text of clause m; rows divided by the length of the vector."""

    batch: Batch
    texts: csr_matrix
    clauses: csr_matrix
    owner: NDArray[np.int64]


def matrices(rows: Sequence[Row], known: Vocabulary) -> Matrices:
    """Count the known runs of these rows, by text and by clause, as `engines.joined_1.scores` does."""
    batch = batch_of([row.text for row in rows], [row.star for row in rows], None)
    runs = runs_of(batch.tokens)
    place = Keys(known.keys).places(runs.key)
    some = place > 0
    first = runs.first[some]
    owner = np.repeat(np.arange(len(rows)), batch.clauses.counts)
    return Matrices(
        batch,
        _weighted(batch.tokens.text[first], place[some] - 1, len(rows), known),
        _weighted(batch.tokens.clause[first], place[some] - 1, len(owner), known),
        owner,
    )


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
