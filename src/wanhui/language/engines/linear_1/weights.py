"""The stored model: arrays beside a manifest, checked byte for byte before use. Nothing here is ever pickled."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


class DamagedModel(RuntimeError):  # noqa: N818
    """The model's files are missing, or are not the ones that its manifest names."""


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
    manifest = read_manifest(folder)
    for name, expected in manifest["files"].items():
        if _sha256(folder / name) != expected:
            raise DamagedModel(
                f"The text model {folder.name} is damaged: {name} is not the file that was shipped. "
                "Install the program again."
            )
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return Weights(
            keys=arrays["keys"],
            rarity=arrays["rarity"].astype(np.float32),
            table=arrays["table"].astype(np.float32),
            bias=arrays["bias"].astype(np.float32),
            stack=arrays["stack"].astype(np.float64),
            manifest=manifest,
        )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the model in `folder`, unchecked."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedModel(
            f"The text model {folder.name} has no readable manifest. Install the program again."
        ) from error
    return manifest


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
