"""Train both models and write their folders: `python -m training.fit [--seed 1] [--out FOLDER] [--corrections FILE]`.

The fast model is linear separators on runs of tokens; the accurate one joins them with the recurrent network, which
begins where `python -m training.pretrain` left off.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wanhui.language
from training.corrections import corrected
from training.data import Row, cosmetics, labelled, praised, weakly_positive
from training.evaluate import quality
from training.evidence import best_tight
from training.glue import glued
from training.heads import CLAUSE_WEIGHT, COST, UNPRAISING_WEIGHT, learn
from training.invented import invented
from training.matrix import matrices
from training.stack import Stack, fit_stack
from training.store import record, store
from training.taught import taught
from training.told import digest_of, pooled, told, unlabelled
from training.vocabulary import SHARED_BY, Vocabulary, vocabulary
from wanhui.language.engines.joined_1 import load
from wanhui.language.engines.joined_1.batch import Batch
from wanhui.language.engines.joined_1.stack import HEADS, OUTPUTS, features_of, joined
from wanhui.language.judgement import CAUSES
from wanhui.language.normalise import fold, fold_all

FAST, ACCURATE = "fast-2026-11", "read-2026-11"
RUNS = 60_000  # chosen for weighing most: the rest slows the fast engine and adds nothing
FOLDER = Path(wanhui.language.__file__).parent / "models"
WEAK_ROWS = 7_000
TOLD_WEIGHT = 0.7
TAUGHT_WEIGHT = 0.5
APART = {"train": 6, "praise": 4, "pool": 8, "told": 8, "weak": 6}  # one row in so many is kept from the first layer
LICENCE = (
    "Weights: as the project. Learnt from public reviews whose licences allow study, with labels of our own; "
    "no text is contained, only runs that at least five different reviews share."
)


@dataclass(frozen=True, slots=True)
class First:
    """One part of the first layer, learnt: arrays to store, and what it says of every row, N by its features."""

    arrays: dict[str, NDArray[Any]]
    said: NDArray[np.float32]


def gather(seed: int, corrections: Path | None = None) -> list[Row]:
    """Everything that is learnt from, with a store's checked verdicts where a file of them is given.

    The rows of dev only say which weak rows to leave out.
    """
    measured = [*labelled("dev"), *praised("dev")]
    return [
        *labelled("train"),
        *praised("train"),
        *pooled(),
        *told("en", TOLD_WEIGHT),
        *told("de", TOLD_WEIGHT),
        *told("zh", TOLD_WEIGHT),
        *taught(TAUGHT_WEIGHT),
        *weakly_positive(WEAK_ROWS, seed, measured),
        *cosmetics(),
        *invented(seed),
        *(corrected(corrections) if corrections else ()),
    ]


def kept_apart(rows: list[Row]) -> NDArray[np.bool_]:
    """Which rows calibrate and set the bars: by a digest of the text, so that the same ones are kept every time."""
    return np.array([row.part in APART and int(digest_of(row.text), 16) % APART[row.part] == 0 for row in rows])


def linear(rows: list[Row], apart: NDArray[np.bool_]) -> tuple[First, Vocabulary, Batch]:
    """The linear separators: learnt on every run that texts share, then again on those that weighed most."""
    known = vocabulary([row.text for row in rows])
    for last in (False, True):
        data = matrices(rows, known)
        heads = learn(rows, data, apart)
        table = np.stack([head.weights for head in heads], axis=1) * np.sqrt(known.rarity)[:, None]
        if not last:
            known = known.only(np.sort(np.argsort(-np.abs(table).max(axis=1))[:RUNS]))
    arrays: dict[str, NDArray[Any]] = {
        "runs": known.keys,
        "rarity": known.rarity.astype(np.float32),
        "table": table.astype(np.float16),
        "bias": np.array([head.bias for head in heads], np.float32),
    }
    said = np.stack([*(head.texts for head in heads), *(head.best for head in heads)], axis=1).astype(np.float32)
    return First(arrays, said), known, data.batch


def network(rows: list[Row], apart: NDArray[np.bool_], seed: int) -> First:
    """The recurrent network, from where it was pre-trained."""
    from training.network import arrays_of
    from training.pretrain import pretrained
    from training.tune import Lessons, said, tune

    lexicon, begin = pretrained([fold(row.text) for row in rows if row.chances is None], seed)
    lessons = Lessons.of(rows, lexicon)
    taught = tune(lexicon, begin, lessons, np.flatnonzero(~apart), seed)
    numbers = np.hstack(said(taught, lessons, np.arange(len(rows))))
    return First(arrays_of(taught, lexicon), numbers)


def train(seed: int, place: Path, corrections: Path | None = None) -> None:
    """The whole training; the models' folders are written into `place`."""
    rows = gather(seed, corrections)
    apart = kept_apart(rows)
    first, known, batch = linear(rows, apart)
    kept = [row for row, out in zip(rows, apart, strict=True) if out]
    words = glued(fold_all(unlabelled()))
    for name in (FAST, ACCURATE):
        parts = [first] if name == FAST else [first, network(rows, apart, seed)]
        stacked = joined(np.hstack([part.said for part in parts]), batch)[apart]
        stack = fit_stack(kept, stacked.astype(np.float64), features_of(network=name == ACCURATE))
        arrays = {key: array for part in parts for key, array in part.arrays.items()}
        arrays |= {"stack": stack.matrix.astype(np.float32), "glued": words}
        store(place / name, arrays, known.spelled, _manifest(name, seed, rows, known, stack))
        record(place / name, "tight", best_tight(load(place / name), kept))
        measured = quality(load(place / name))
        record(place / name, "quality", measured)
        print(f"Wrote {name}; core: macro {measured['core']['macro']}, micro {measured['core']['micro']}", flush=True)


def _manifest(name: str, seed: int, rows: list[Row], known: Vocabulary, stack: Stack) -> dict[str, Any]:
    counted = Counter(f"{row.part}:{row.source}" for row in rows)
    return {
        "name": name,
        "created": datetime.now(UTC).date().isoformat(),
        "licence": LICENCE,
        "seed": seed,
        "rows": dict(sorted(counted.items())),
        "features": {
            "network": name == ACCURATE, "runs": len(known.spelled), "shared_by": SHARED_BY,
            "longest": "four tokens; four letters in a word", "cost": COST, "clause_weight": CLAUSE_WEIGHT,
            "unpraising_weight": UNPRAISING_WEIGHT,
        },
        "heads": list(HEADS),
        "outputs": list(OUTPUTS),
        "bars": _bars(stack.bars),
        "tight": 0.0,
        "quality": {},
    }  # fmt: skip


def _bars(bars: dict[str, float]) -> dict[str, Any]:
    def of(side: str) -> dict[str, float]:
        return {name.partition(":")[2]: bar for name, bar in bars.items() if name.startswith(f"{side}:")}

    assert tuple(of("cause")) == CAUSES
    return {
        "causes": of("cause"), "praises": of("praise"), "flags": of("flag"), "turns_mixed": 0.8, "fallback": 0.3,
        "near": 0.5, "doubt": 0.78,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the models' folders go, instead of the package")
    parser.add_argument("--corrections", type=Path, help="checked verdicts to learn from as well (wanhui corrections)")
    given = parser.parse_args()
    train(given.seed, given.out, given.corrections)


if __name__ == "__main__":
    main()
