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


def features_of(network: bool) -> tuple[str, ...]:
    """The names of the stacked features, in order."""
    return (*LINEAR_FEATURES, *(READ_FEATURES if network else ()), *EXTRAS)


def stacked_of(batch: Batch, linear: Linear, read: Read | None) -> Floats:
    """N by the features of `features_of`."""
    parts = [linear.texts, linear.best]
    if read is not None:
        parts += [read.texts, read.best]
    return np.hstack([*parts, extras_of(batch)])
