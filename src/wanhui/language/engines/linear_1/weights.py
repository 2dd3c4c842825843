"""The stored model: arrays beside a manifest, checked byte for byte before use. Nothing here is ever pickled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.stored import checked_manifest

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """The arrays of one model. V known runs, H heads, F stacked features, O outputs."""

    keys: NDArray[np.uint64]  # V, sorted
    rarity: Floats  # V: weight of one occurrence, squared
    table: Floats  # V by H: what one occurrence adds to each head
    bias: Floats  # H
    stack: Doubles  # F by O: from stacked features to the logits of the outputs
    manifest: dict[str, Any]


def load_weights(folder: Path) -> Weights:
    """Read and check the model in `folder`; DamagedModel says which file is wrong and what to do."""
    manifest = checked_manifest(folder)
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return Weights(
            keys=arrays["keys"],
            rarity=arrays["rarity"].astype(np.float32),
            table=arrays["table"].astype(np.float32),
            bias=arrays["bias"].astype(np.float32),
            stack=arrays["stack"].astype(np.float64),
            manifest=manifest,
        )
