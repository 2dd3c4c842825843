"""How much the numbers hang on chance: `python -m training.seeds [SEED ...]` trains each and prints the spread."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import mean, stdev

from training.evaluate import PARTS, quality
from training.fit import ACCURATE, FAST, train
from wanhui.language.engines.joined_1 import load

MEASURES = ("macro", "micro", "sentiment", "primary")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=[0, 1, 2])
    measured: dict[str, list[dict[str, dict[str, float]]]] = {FAST: [], ACCURATE: []}
    with tempfile.TemporaryDirectory() as folder:
        for seed in parser.parse_args().seeds:
            train(seed, Path(folder) / str(seed))
            for name, each in measured.items():
                each.append(quality(load(Path(folder) / str(seed) / name)))
    for name, runs in measured.items():
        print(f"{name:14}" + "".join(f"{measure:>18}" for measure in MEASURES))
        for part in PARTS:
            columns = [[run[part][measure] for run in runs] for measure in MEASURES]
            print(f"{part:14}" + "".join(f"{mean(column):10.3f} ± {stdev(column):.3f}" for column in columns))


if __name__ == "__main__":
    main()
