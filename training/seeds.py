"""How much the numbers hang on chance: `python -m training.seeds [SEED ...]` trains each and prints the spread."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import mean, stdev

from training.evaluate import PARTS, quality
from training.fit import NAME, train, write
from wanhui.language.engines.linear_1 import load

MEASURES = ("macro", "micro", "sentiment", "primary")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, default=[0, 1, 2])
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in parser.parse_args().seeds:
            place = Path(folder) / str(seed) / NAME
            write(train(seed), place, seed)
            measured.append(quality(load(place)))
    print("part   " + "".join(f"{name:>18}" for name in MEASURES))
    for part in PARTS:
        columns = [[each[part][name] for each in measured] for name in MEASURES]
        print(f"{part:7}" + "".join(f"{mean(column):10.3f} ± {stdev(column):.3f}" for column in columns))


if __name__ == "__main__":
    main()
