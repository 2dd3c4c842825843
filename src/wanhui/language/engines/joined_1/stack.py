"""The features of the second layer: the first layer's numbers beside what is known of a text besides its words."""

from __future__ import annotations

import numpy as np

from wanhui.language.engines.joined_1.batch import EXTRAS, Batch, extras_of
from wanhui.language.engines.joined_1.network import Floats
from wanhui.language.engines.joined_1.scores import Linear, Read
from wanhui.language.judgement import CAUSES, FLAGS, SENTIMENTS

HEADS: tuple[str, ...] = (
    *(f"cause:{code}" for code in CAUSES),
    *(f"sentiment:{name}" for name in SENTIMENTS),
    *(f"flag:{name}" for name in FLAGS if name != "contradiction"),
    *(f"primary:{code}" for code in CAUSES),
    *(f"praise:{code}" for code in CAUSES),
)
MARKS: tuple[str, ...] = (*(f"cause:{code}" for code in CAUSES), *(f"praise:{code}" for code in CAUSES))
OUTPUTS: tuple[str, ...] = (
    *(f"cause:{code}" for code in CAUSES),
    *(f"starred-cause:{code}" for code in CAUSES),
    *(f"sentiment:{name}" for name in SENTIMENTS),
    *(f"starred:{name}" for name in SENTIMENTS),
    *(f"flag:{name}" for name in FLAGS if name != "contradiction"),
    *(f"primary:{code}" for code in CAUSES),
    *(f"praise:{code}" for code in CAUSES),
)
LINEAR_FEATURES: tuple[str, ...] = (*(f"text {head}" for head in HEADS), *(f"clause {head}" for head in HEADS))
READ_FEATURES: tuple[str, ...] = (*(f"read {head}" for head in HEADS), *(f"mark {mark}" for mark in MARKS))


LATIN = "latin "  # before the name of a feature that is only there for texts in Latin letters


def features_of(network: bool) -> tuple[str, ...]:
    """The names of the stacked features, in order."""
    first = (*LINEAR_FEATURES, *(READ_FEATURES if network else ()))
    return (*first, *(LATIN + name for name in first), *EXTRAS)


def stacked_of(batch: Batch, linear: Linear, read: Read | None) -> Floats:
    """N by the features of `features_of`."""
    return joined(np.hstack([linear.texts, linear.best, *(() if read is None else (read.texts, read.best))]), batch)


def joined(first: Floats, batch: Batch) -> Floats:
    """The first layer's numbers with what else is known of the texts.

    What a number is worth differs between Chinese and Latin script, of which far less was labelled: hence the second
    block, which is nought for Chinese.
    """
    latin = np.array([not language.startswith("zh") for language in batch.languages])
    return np.hstack([first, first * latin[:, None], extras_of(batch)])
