"""The folder of a model: a manifest that names every file with its sha256, checked before anything is used."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


class DamagedModel(RuntimeError):  # noqa: N818
    """The model's files are missing, or are not the ones that its manifest names."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the model in `folder`, unchecked."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedModel(
            f"The text model {folder.name} has no readable manifest. Install the program again."
        ) from error
    return manifest


def checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, after every file was found as shipped; DamagedModel says which one is not and what to do."""
    manifest = read_manifest(folder)
    for name, expected in manifest["files"].items():
        if _sha256(folder / name) != expected:
            raise DamagedModel(
                f"The text model {folder.name} is damaged: {name} is not the file that was shipped. "
                "Install the program again."
            )
    return manifest


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
