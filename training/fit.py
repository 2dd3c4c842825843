"""Train a model and write its folder: `python -m training.fit [--seed 0] [--out FOLDER]`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wanhui.language
from training.data import Row, cosmetics, labelled, praised, weakly_positive
from training.evaluate import quality
from training.heads import CLAUSE_WEIGHT, COST, HEADS, UNPRAISING_WEIGHT, learn
from training.invented import invented
from training.matrix import matrices
from training.stack import OUTPUTS, Stack, fit_stack
from training.store import record_quality, store
from training.vocabulary import SHARED_BY, Vocabulary, vocabulary
from wanhui.language.engines.linear_1 import load
from wanhui.language.engines.linear_1.scores import stacked
from wanhui.language.judgement import CAUSES

NAME = "linear-2026-11"
FOLDER = Path(wanhui.language.__file__).parent / "models" / NAME
FOLDS = 5
WEAK_ROWS = 7_000
LICENCE = (
    "Weights: as the project. Learnt from public reviews whose licences allow study, with labels of our own; "
    "no text is contained, only runs that at least five different reviews share."
)


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model before it is written; `stack.oof` holds every row's logits out of fold."""

    rows: list[Row]
    known: Vocabulary
    table: NDArray[np.float64]
    bias: NDArray[np.float64]
    stack: Stack


def gather(seed: int) -> list[Row]:
    """Everything that is learnt from. The rows of dev only say which weak rows to leave out."""
    measured = [*labelled("dev"), *praised("dev")]
    return [
        *labelled("train"),
        *praised("train"),
        *weakly_positive(WEAK_ROWS, seed, measured),
        *cosmetics(),
        *invented(seed),
    ]


def train(seed: int) -> Model:
    """The whole training: vocabulary, heads, stack, thresholds; deterministic for a seed."""
    rows = gather(seed)
    known = vocabulary([row.text for row in rows])
    data = matrices(rows, known)
    folds = np.random.default_rng(seed).integers(0, FOLDS, len(rows))
    heads = learn(rows, data, folds)
    texts, best = (np.stack([getattr(head, side) for head in heads], axis=1) for side in ("texts", "best"))
    features = stacked(data.batch, texts.astype(np.float32), best.astype(np.float32))
    stack = fit_stack(rows, features.astype(np.float64), folds)
    table = np.stack([head.weights for head in heads], axis=1) * np.sqrt(known.rarity)[:, None]
    return Model(rows, known, table, np.array([head.bias for head in heads]), stack)


def write(model: Model, folder: Path, seed: int) -> None:
    """Store the model with its manifest."""
    arrays: dict[str, NDArray[Any]] = {
        "keys": model.known.keys,
        "rarity": model.known.rarity.astype(np.float32),
        "table": model.table.astype(np.float16),
        "bias": model.bias.astype(np.float32),
        "stack": model.stack.matrix.astype(np.float32),
    }
    store(folder, arrays, model.known.spelled, _manifest(model, folder.name, seed))


def _manifest(model: Model, name: str, seed: int) -> dict[str, Any]:
    parts: dict[str, int] = {}
    for row in model.rows:
        parts[f"{row.part}:{row.source}"] = parts.get(f"{row.part}:{row.source}", 0) + 1
    return {
        "name": name,
        "created": datetime.now(UTC).date().isoformat(),
        "licence": LICENCE,
        "seed": seed,
        "rows": dict(sorted(parts.items())),
        "features": {
            "runs": len(model.known.spelled), "shared_by": SHARED_BY, "longest": "four tokens; four letters in a word",
            "cost": COST, "clause_weight": CLAUSE_WEIGHT, "unpraising_weight": UNPRAISING_WEIGHT, "folds": FOLDS,
        },
        "heads": list(HEADS),
        "outputs": list(OUTPUTS),
        "bars": _bars(model.stack.thresholds),
        "quality": {},
    }  # fmt: skip


def _bars(thresholds: dict[str, float]) -> dict[str, Any]:
    def of(side: str) -> dict[str, float]:
        return {name.partition(":")[2]: bar for name, bar in thresholds.items() if name.startswith(f"{side}:")}

    bars: dict[str, Any] = {"causes": of("cause"), "starred-causes": of("starred-cause")}
    bars |= {"praises": of("praise"), "flags": of("flag")}
    assert tuple(bars["causes"]) == CAUSES
    return {**bars, "turns_mixed": 0.8, "fallback": 0.3, "doubt": 0.78}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    write(train(given.seed), given.out, given.seed)
    measured = quality(load(given.out))
    record_quality(given.out, measured)
    print(f"Wrote {given.out}; core: macro {measured['core']['macro']}, micro {measured['core']['micro']}")


if __name__ == "__main__":
    main()
