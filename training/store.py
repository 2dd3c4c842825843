"""Write a model folder: arrays, spelled runs, manifest with checksums. No pickle; same input, same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPOCH = (1980, 1, 1, 0, 0, 0)


def store(folder: Path, arrays: Mapping[str, NDArray[Any]], spelled: list[str], manifest: dict[str, Any]) -> None:
    """Write `weights.npz`, `runs.txt` and `manifest.json` into `folder`; the manifest names a sha256 for each file."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_npz(folder / "weights.npz", arrays)
    (folder / "runs.txt").write_bytes(("\n".join(spelled) + "\n").encode())
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("weights.npz", "runs.txt")}
    _write_manifest(folder, {**manifest, "files": files})


def record(folder: Path, what: str, value: Any) -> None:
    """Put something that was measured with the stored model into its manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest[what] = value
    _write_manifest(folder, manifest)


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _write_npz(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    # numpy.savez stamps the time of day into the archive; the same training must give the same checksum.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), buffer.getvalue(), zipfile.ZIP_DEFLATED)
