"""How good the engines are, beside two trivial ones, on the labelled reviews in `../shared/data`.

    python benchmarks/quality.py

"Commonest" says the commonest cause of the training rows for every text; "keywords" says a cause wherever one word of
its sub-cause table occurs. Needs the extra `training`.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from training.data import Row, labelled
from training.evaluate import PARTS, averages, causes_of
from wanhui.language import CAUSES, engine_names, judge
from wanhui.language.detect import detect
from wanhui.language.normalise import fold
from wanhui.language.patterns import sub_cause

Guess = Callable[[Sequence[Row]], list[set[str]]]


def commonest(rows: Sequence[Row]) -> list[set[str]]:
    counted = Counter(code for row in labelled("train") for code in row.causes or ())
    return [{counted.most_common(1)[0][0]}] * len(rows)


def keywords(rows: Sequence[Row]) -> list[set[str]]:
    return [{code for code in CAUSES if sub_cause(code, [fold(row.text)], detect(row.text))} for row in rows]


def engine(name: str) -> Guess:
    return lambda rows: causes_of(judge([row.text for row in rows], ratings=[row.star for row in rows], engine=name))


def main() -> None:
    rows = labelled("dev")
    guesses: dict[str, Guess] = {"commonest": commonest, "keywords": keywords}
    guesses |= {name: engine(name) for name in engine_names()}
    print(f"{'macro / micro F1':18}" + "".join(f"{part:>15}" for part in PARTS) + "       texts/s")
    for name, guess in guesses.items():
        begun = time.perf_counter()
        said = guess(rows)
        speed = len(rows) / (time.perf_counter() - begun)
        line = f"{name:18}"
        for part in PARTS:
            mine = [place for place, row in enumerate(rows) if row.part == part]
            macro, micro = averages([said[i] for i in mine], [rows[i].causes or () for i in mine], CAUSES)
            line += f"{macro:8.3f} {micro:6.3f}"
        print(f"{line} {speed:13,.0f}")


if __name__ == "__main__":
    main()
