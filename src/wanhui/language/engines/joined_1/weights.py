"""The stored model: arrays beside a manifest, checked byte for byte before use. Nothing here is ever pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wanhui.language.engines.joined_1.decisions import Bars
from wanhui.language.engines.joined_1.network import Embedding, Floats, Network, Reader
from wanhui.language.engines.joined_1.scores import Separators
from wanhui.language.engines.joined_1.stack import HEADS, OUTPUTS
from wanhui.language.engines.joined_1.tokens import Ints
from wanhui.language.engines.joined_1.vocabulary import Keys
from wanhui.language.engines.stored import checked_manifest

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Weights:
    """One model, ready to use; the fast ones have no network."""

    name: str
    separators: Separators
    network: Network | None
    glued: Keys  # pairs of tokens that stand inside one word
    stack: NDArray[np.float64]  # features by OUTPUTS
    bars: Bars
    tight: float
    heads: dict[str, Ints]  # columns of the linear heads, by side
    outputs: dict[str, Ints]  # columns of the stack's outputs, by side


def load_weights(folder: Path) -> Weights:
    """Read and check the model in `folder`; DamagedModel says which file is wrong and what to do."""
    manifest = checked_manifest(folder)
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return _weights(manifest, arrays)


def _weights(manifest: Mapping[str, Any], arrays: Arrays) -> Weights:
    return Weights(
        name=manifest["name"],
        separators=Separators(
            Keys(arrays["runs"]), _floats(arrays["rarity"]), _floats(arrays["table"]), _floats(arrays["bias"])
        ),
        network=Network(_embedding(arrays), _reader(arrays)) if manifest["features"]["network"] else None,
        glued=Keys(arrays["glued"]),
        stack=arrays["stack"].astype(np.float64),
        bars=Bars.from_manifest(manifest),
        tight=manifest["tight"],
        heads=columns(HEADS),
        outputs=columns(OUTPUTS),
    )


def columns(names: tuple[str, ...]) -> dict[str, Ints]:
    """The places of names like `side:code`, by side."""
    sides = dict.fromkeys(name.partition(":")[0] for name in names)
    return {
        side: np.array([place for place, name in enumerate(names) if name.startswith(f"{side}:")]) for side in sides
    }


def _embedding(arrays: Arrays) -> Embedding:
    return Embedding(
        Keys(arrays["tokens"]), Keys(arrays["pairs"]), Keys(arrays["inner"]),
        *(_scaled(arrays, name) for name in ("token-vectors", "pair-vectors", "inner-vectors")),
    )  # fmt: skip


def _reader(arrays: Arrays) -> Reader:
    return Reader(**{name: _floats(arrays[f"reader-{name}"]) for name in Reader.__dataclass_fields__})


def _scaled(arrays: Arrays, name: str) -> Floats:
    """Whole numbers of eight bits with a scale for each row."""
    return arrays[name].astype(np.float32) * _floats(arrays[f"{name}-scale"])


def _floats(array: NDArray[Any]) -> Floats:
    return array.astype(np.float32)
