"""The shipped models: intact, frozen, and holding nobody's sentences."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from wanhui.language import engine_names
from wanhui.language.engines import MODELS, joined_1, linear_1
from wanhui.language.engines.linear_1.grams import grams_of
from wanhui.language.engines.stored import DamagedModel, read_manifest

FOLDERS = [MODELS / name for name in engine_names()]
MOST_BYTES = 60_000_000  # of all that ship, together
LOADERS = {"linear-2026-11": linear_1.load}
RUNS = {"linear-2026-11": "keys"}  # the array of the runs; "runs" in the later families


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_files_are_those_the_manifest_names(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest["name"] == folder.name
    for name, expected in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected
    assert set(manifest["files"]) == {path.name for path in folder.iterdir()} - {"manifest.json"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_manifest_says_where_the_model_comes_from(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert {"name", "created", "licence", "seed", "rows", "features", "bars", "quality"} <= set(manifest)
    assert manifest["quality"]["core"]["macro"] >= 0.70


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_model_holds_no_pickle(folder: Path) -> None:
    assert {path.suffix for path in folder.iterdir()} == {".json", ".npz", ".txt"}
    with zipfile.ZipFile(folder / "weights.npz") as archive:
        for name in archive.namelist():
            array = np.load(archive.open(name), allow_pickle=False)
            assert array.dtype.kind in "fiu"


def test_the_models_are_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for folder in FOLDERS for path in folder.iterdir()) <= MOST_BYTES


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_model_knows_only_runs_of_four_tokens_and_fewer(folder: Path) -> None:
    for run in _runs(folder):
        words = [word for word in run.split(" ") if word]
        assert len(words) <= 4
        chinese = [char for char in run if "\u3400" <= char <= "\u9fff"]
        assert len(chinese) <= 4


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_spelled_runs_are_the_whole_vocabulary(folder: Path) -> None:
    spelled = _runs(folder)
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        keys = arrays[RUNS.get(folder.name, "runs")]
    assert len(spelled) == len(keys)
    for place in range(0, len(keys), 97):
        run = spelled[place]
        letters = run[1:] if run.startswith("~") and len(run) == 5 else run
        assert keys[place] in grams_of([letters]).keys


def test_a_long_run_is_shared_by_at_least_five_texts(shared_data: Path) -> None:
    pytest.importorskip("sklearn", reason="the extra 'training' is not installed")
    from training.fit import gather
    from training.vocabulary import vocabulary

    shared = set(vocabulary([row.text for row in gather(seed=0)]).spelled)
    for folder in FOLDERS:
        assert {run for run in _runs(folder) if len(run) > 4} <= shared


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_damaged_weight_file_is_refused_with_a_plain_sentence(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    damaged = bytearray((copy / "weights.npz").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / "weights.npz").write_bytes(damaged)
    with pytest.raises(DamagedModel, match=r"weights\.npz is not the file that was shipped"):
        _load(copy)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_missing_weight_file_is_refused_with_a_plain_sentence(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    (copy / "weights.npz").unlink()
    with pytest.raises(DamagedModel, match=r"weights\.npz"):
        _load(copy)


@pytest.mark.parametrize("content", [None, "{"])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(DamagedModel, match="no readable manifest"):
        joined_1.load(tmp_path)


def _load(folder: Path) -> object:
    return LOADERS.get(folder.name, joined_1.load)(folder)


def _runs(folder: Path) -> list[str]:
    runs = (folder / "runs.txt").read_text(encoding="utf-8").split("\n")
    assert runs.pop() == ""
    return runs
