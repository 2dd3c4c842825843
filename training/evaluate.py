"""Measure an engine on the rows kept for measuring.

`python -m training.evaluate [--engine NAME | --folder MODEL] [--errors N]`
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data import Row, labelled, praised
from wanhui.language import CAUSES, DEFAULT_ENGINE, FLAGS, Judgement
from wanhui.language.engines import Engine, load_engine
from wanhui.language.engines.joined_1 import load

PARTS = ("core", "other", "hant", "en", "de")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Hits, misses and false alarms of one code."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, 2 * self.hits + self.false + self.missed)


def agreement(said: Sequence[Iterable[str]], true: Sequence[Iterable[str]], code: str) -> Agreement:
    """How well one code was said where it is true."""
    pairs = Counter((code in set(a), code in set(b)) for a, b in zip(said, true, strict=True))
    return Agreement(pairs[True, True], pairs[True, False], pairs[False, True])


def averages(said: Sequence[Iterable[str]], true: Sequence[Iterable[str]], codes: Sequence[str]) -> tuple[float, float]:
    """Macro-F1 over the codes that occur in `true`, and micro-F1 over all."""
    each = [agreement(said, true, code) for code in codes]
    occurring = [one.f1 for one in each if one.hits + one.missed]
    hits, wrong = sum(one.hits for one in each), sum(one.false + one.missed for one in each)
    return float(np.mean(occurring)) if occurring else 0.0, 2 * hits / max(1, 2 * hits + wrong)


def causes_of(judged: Sequence[Judgement]) -> list[set[str]]:
    return [{cause.code for cause in each.causes} for each in judged]


def calibration_error(judged: Sequence[Judgement], rows: Sequence[Row], bins: int = 10) -> float:
    """Expected calibration error of the causes that were named: |mean score - share right|, weighted over ten bins."""
    pairs = [
        (c.score, c.code in (row.causes or ())) for each, row in zip(judged, rows, strict=True) for c in each.causes
    ]
    scores, right = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs], float)
    place = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [abs(scores[place == b].mean() - right[place == b].mean()) * (place == b).sum() for b in set(place.tolist())]
    return float(sum(gaps) / len(pairs))


def judged_rows(rows: Sequence[Row], engine: Engine, *, starred: bool = True) -> list[Judgement]:
    """The judgements of these rows; the star is given where the row has one and `starred` asks for it."""
    stars = [row.star if starred else None for row in rows]
    return engine.judge([row.text for row in rows], stars, [None] * len(rows), None)


def quality(engine: Engine) -> dict[str, Any]:
    """The numbers that a manifest carries: by part, rows, macro and micro F1 of causes, sentiment, primary."""
    measured: dict[str, Any] = {}
    rows = labelled("dev")
    for part in PARTS:
        mine = [row for row in rows if row.part == part]
        judged = judged_rows(mine, engine)
        macro, micro = averages(causes_of(judged), [row.causes or () for row in mine], CAUSES)
        measured[part] = {
            "rows": len(mine),
            "macro": round(macro, 4),
            "micro": round(micro, 4),
            "sentiment": round(
                _share(each.sentiment == row.sentiment for each, row in zip(judged, mine, strict=True)), 4
            ),
            "primary": round(_share(e.primary == r.primary for e, r in zip(judged, mine, strict=True) if r.primary), 4),
        }
    return measured


def _share(answers: Iterable[bool]) -> float:
    return float(np.mean(list(answers)))


def part_line(name: str, rows: Sequence[Row], judged: Sequence[Judgement], starless: Sequence[Judgement]) -> str:
    """One line of the table: causes, sentiment with and without star, primary, calibration, share unsure."""
    macro, micro = averages(causes_of(judged), [row.causes or () for row in rows], CAUSES)
    right = _share(each.sentiment == row.sentiment for each, row in zip(judged, rows, strict=True))
    plain = _share(each.sentiment == row.sentiment for each, row in zip(starless, rows, strict=True))
    primary = _share(each.primary == row.primary for each, row in zip(judged, rows, strict=True) if row.primary)
    unsure = _share(each.unsure for each in judged)
    return (
        f"{name:6} {len(rows):5} {macro:6.3f} {micro:6.3f} {right:9.3f} {plain:9.3f} "
        f"{primary:8.3f} {calibration_error(judged, rows):6.3f} {unsure:7.2f}"
    )


def print_parts(rows: Sequence[Row], engine: Engine) -> None:
    judged, starless = judged_rows(rows, engine), judged_rows(rows, engine, starred=False)
    print("part    rows  macro  micro sentiment  w/o star  primary    ECE  unsure")
    for part in (*PARTS, "all"):
        mine = [place for place, row in enumerate(rows) if part in (row.part, "all")]
        print(part_line(part, [rows[i] for i in mine], [judged[i] for i in mine], [starless[i] for i in mine]))
    sure = [i for i, each in enumerate(judged) if not each.unsure]
    unsure = [i for i, each in enumerate(judged) if each.unsure]
    for name, places in (("sure", sure), ("unsure", unsure)):
        micro = averages(causes_of([judged[i] for i in places]), [rows[i].causes or () for i in places], CAUSES)[1]
        print(f"{name}: {len(places)} rows, micro {micro:.3f}")


def print_codes(title: str, said: Sequence[Iterable[str]], true: Sequence[Iterable[str]], codes: Sequence[str]) -> None:
    print(f"\n{title:14} rows  precision  recall     F1")
    for code in codes:
        one = agreement(said, true, code)
        print(f"{code:14} {one.hits + one.missed:4} {one.precision:10.3f} {one.recall:7.3f} {one.f1:6.3f}")


def print_errors(rows: Sequence[Row], judged: Sequence[Judgement], most: int) -> None:
    """The commonest confusions: a true cause that was missed, beside what was said falsely instead."""
    confusions: Counter[tuple[str, str]] = Counter()
    for row, said in zip(rows, causes_of(judged), strict=True):
        true = set(row.causes or ())
        confusions.update((missed, false) for missed in true - said or {"-"} for false in said - true or {"-"})
    del confusions["-", "-"]
    print("\ncommonest errors (true and missed -> said falsely)")
    for (missed, false), count in confusions.most_common(most):
        print(f"{count:4}  {missed} -> {false}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default=DEFAULT_ENGINE)
    parser.add_argument("--folder", type=Path, help="a model folder (joined-1), instead of a shipped engine")
    parser.add_argument("--errors", type=int, default=15)
    given = parser.parse_args()
    engine: Engine = load(given.folder) if given.folder else load_engine(given.engine)
    rows = labelled("dev")
    print_parts(rows, engine)
    core = [row for row in rows if row.part == "core"]
    judged = judged_rows(core, engine)
    print_codes("cause (core)", causes_of(judged), [row.causes or () for row in core], CAUSES)
    whole = judged_rows(rows, engine)
    print_codes("flag (all)", [each.flags for each in whole], [row.flags or () for row in rows], FLAGS)
    praise = praised("dev")
    said = [{one.code for one in each.praises} for each in judged_rows(praise, engine)]
    true = [row.praises or () for row in praise]
    macro, micro = averages(said, true, CAUSES)
    print_codes("praise", said, true, CAUSES)
    print(f"praise macro {macro:.3f} micro {micro:.3f} on {len(praise)} rows")
    print_errors(core, judged, given.errors)


if __name__ == "__main__":
    main()
