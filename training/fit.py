"""Train a model and write its folder.

`python -m training.fit fast` trains the linear separators alone, `python -m training.fit accurate` the network too, which
begins where `python -m training.pretrain` left off. `--seed 1 --out FOLDER` for another one.
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
from training.data import Row, cosmetics, labelled, praised, weakly_positive
from training.evaluate import quality
from training.heads import CLAUSE_WEIGHT, COST, UNPRAISING_WEIGHT, learn
from training.invented import invented
from training.matrix import Matrices, matrices
from training.stack import Stack, fit_stack
from training.store import record_quality, store
from training.told import digest_of, pooled, told
from training.vocabulary import SHARED_BY, Vocabulary, vocabulary
from wanhui.language.engines.joined_1 import load
from wanhui.language.engines.joined_1.batch import extras_of
from wanhui.language.engines.joined_1.stack import HEADS, OUTPUTS, features_of
from wanhui.language.judgement import CAUSES

NAMES = {"fast": "fast-2026-11", "accurate": "read-2026-11"}
FOLDER = Path(wanhui.language.__file__).parent / "models"
WEAK_ROWS = 7_000
TOLD_WEIGHT = 0.7
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


def gather(seed: int) -> list[Row]:
    """Everything that is learnt from. The rows of dev only say which weak rows to leave out."""
    measured = [*labelled("dev"), *praised("dev")]
    return [
        *labelled("train"),
        *praised("train"),
        *pooled(),
        *told("en", TOLD_WEIGHT),
        *told("de", TOLD_WEIGHT),
        *weakly_positive(WEAK_ROWS, seed, measured),
        *cosmetics(),
        *invented(seed),
    ]


def kept_apart(rows: list[Row]) -> NDArray[np.bool_]:
    """Which rows calibrate and set the bars: by a digest of the text, so that the same ones are kept every time."""
    return np.array([row.part in APART and int(digest_of(row.text), 16) % APART[row.part] == 0 for row in rows])


def linear(rows: list[Row], known: Vocabulary, data: Matrices, apart: NDArray[np.bool_]) -> First:
    """The linear separators."""
    heads = learn(rows, data, apart)
    table = np.stack([head.weights for head in heads], axis=1) * np.sqrt(known.rarity)[:, None]
    return First(
        {
            "runs": known.keys,
            "rarity": known.rarity.astype(np.float32),
            "table": table.astype(np.float16),
            "bias": np.array([head.bias for head in heads], np.float32),
        },
        np.stack([*(head.texts for head in heads), *(head.best for head in heads)], axis=1).astype(np.float32),
    )


def network(rows: list[Row], apart: NDArray[np.bool_], seed: int) -> First:
    """The recurrent network, from where it was pre-trained."""
    from training.network import arrays_of
    from training.pretrain import pretrained
    from training.tune import Lessons, said, tune

    lexicon, begin = pretrained()
    lessons = Lessons.of(rows, lexicon)
    taught = tune(lexicon, begin, lessons, np.flatnonzero(~apart), seed)
    numbers = np.hstack(said(taught, lessons, np.arange(len(rows))))
    return First(arrays_of(taught, lexicon), numbers)


def train(kind: str, seed: int, folder: Path) -> None:
    """The whole training, written to `folder`."""
    rows = gather(seed)
    apart = kept_apart(rows)
    known = vocabulary([row.text for row in rows])
    data = matrices(rows, known)
    parts = [linear(rows, known, data, apart)]
    if kind == "accurate":
        parts.append(network(rows, apart, seed))
    features = np.hstack([*(part.said for part in parts), extras_of(data.batch)])[apart]
    names = features_of(kind == "accurate")
    stack = fit_stack([row for row, kept in zip(rows, apart, strict=True) if kept], features.astype(np.float64), names)
    arrays = {name: array for part in parts for name, array in part.arrays.items()}
    store(
        folder,
        {**arrays, "stack": stack.matrix.astype(np.float32)},
        known.spelled,
        _manifest(folder.name, seed, rows, known, stack, network=kind == "accurate"),
    )


def _manifest(
    name: str, seed: int, rows: list[Row], known: Vocabulary, stack: Stack, *, network: bool
) -> dict[str, Any]:
    counted = Counter(f"{row.part}:{row.source}" for row in rows)
    return {
        "name": name,
        "created": datetime.now(UTC).date().isoformat(),
        "licence": LICENCE,
        "seed": seed,
        "rows": dict(sorted(counted.items())),
        "features": {
            "network": network, "runs": len(known.spelled), "shared_by": SHARED_BY,
            "longest": "four tokens; four letters in a word", "cost": COST, "clause_weight": CLAUSE_WEIGHT,
            "unpraising_weight": UNPRAISING_WEIGHT,
        },
        "heads": list(HEADS),
        "outputs": list(OUTPUTS),
        "bars": _bars(stack.bars, tight=0.0 if network else 0.02),
        "quality": {},
    }  # fmt: skip


def _bars(bars: dict[str, float], tight: float) -> dict[str, Any]:
    def of(side: str) -> dict[str, float]:
        return {name.partition(":")[2]: bar for name, bar in bars.items() if name.startswith(f"{side}:")}

    assert tuple(of("cause")) == CAUSES
    return {
        "causes": of("cause"), "praises": of("praise"), "flags": of("flag"), "turns_mixed": 0.8, "fallback": 0.3,
        "doubt": 0.78, "tight": tight,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=NAMES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="the model's folder, instead of the one that ships")
    given = parser.parse_args()
    folder = given.out or FOLDER / NAMES[given.kind]
    train(given.kind, given.seed, folder)
    measured = quality(load(folder))
    record_quality(folder, measured)
    print(f"Wrote {folder}; core: macro {measured['core']['macro']}, micro {measured['core']['micro']}")


if __name__ == "__main__":
    main()
