"""Measure the sub-causes on reviews of dev that a person read for it: `python -m training.sub_causes [--engine NAME]`.

Two samples: `dev`, 200 reviews spread over causes and parts, and `fresh`, 68 more drawn at random and labelled after
the patterns were written, by the same person but before what the program says was looked at. The tables hold labels
only: the first 16 digits of the SHA-256 of the cleaned text, a true cause, and the
sub-causes that are right for it (several where the text names several: each of them is right; none where it does not
say). The texts stay in the data beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.data import Row, labelled
from wanhui.language import DEFAULT_ENGINE, Judgement
from wanhui.language.engines import load_engine
from wanhui.language.finer import sub_cause
from wanhui.language.normalise import fold
from wanhui.language.split import clauses

LABELS = {name: Path(__file__).with_name(f"sub_causes_{name}.tsv") for name in ("dev", "fresh")}
Labels = dict[str, dict[str, frozenset[str]]]


@dataclass
class Tally:
    """How often a sub-cause was given, given rightly, and what the labels ask for."""

    given: int = 0
    right: int = 0
    asked: int = 0
    found: int = 0
    pairs: int = 0
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, said: str | None, right: frozenset[str]) -> None:
        self.pairs += 1
        self.asked += bool(right)
        if said is not None:
            self.given += 1
            self.right += said in right
        self.found += said in right if said else 0
        if said is not None and said not in right:
            self.wrong[said, " ".join(sorted(right)) or "none"] += 1

    @property
    def accuracy(self) -> float:
        return self.right / max(1, self.given)

    @property
    def coverage(self) -> float:
        return self.found / max(1, self.asked)


def labels(path: Path) -> Labels:
    """Of each labelled text (by its digest) each true cause with the sub-causes that are right for it."""
    found: Labels = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["text"], {})[row["cause"]] = frozenset(row["right"].split())
    return found


def digest(text: str) -> str:
    """How a text is named in the table of labels."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def of_engine(rows: Sequence[Row], judged: Sequence[Judgement], true: Labels) -> Mapping[str, Tally]:
    """The sub-causes an engine gave under the true causes that it found, by cause."""
    tallies: dict[str, Tally] = {}
    for row, judgement in zip(rows, judged, strict=True):
        right = true[digest(row.text)]
        for cause in judgement.causes:
            if cause.code in right:
                tallies.setdefault(cause.code, Tally()).count(cause.sub, right[cause.code])
    return tallies


def of_evidence(rows: Sequence[Row], judged: Sequence[Judgement], true: Labels) -> Mapping[str, Tally]:
    """The same from the engine's evidence by the table as it is now, whatever the engine was shipped with."""
    tallies: dict[str, Tally] = {}
    for row, judgement in zip(rows, judged, strict=True):
        right, folded = true[digest(row.text)], fold(row.text)
        for cause in judgement.causes:
            if cause.code in right:
                pieces = [folded[start:end] for start, end in cause.evidence]
                said = sub_cause(cause.code, pieces, judgement.language)
                tallies.setdefault(cause.code, Tally()).count(said, right[cause.code])
    return tallies


def of_whole_texts(rows: Sequence[Row], true: Labels) -> Mapping[str, Tally]:
    """The same from every clause of the text under each true cause: the patterns alone, without an engine."""
    tallies: dict[str, Tally] = {}
    for row in rows:
        folded = fold(row.text)
        pieces = [folded[start:end] for start, end in clauses(row.text)]
        for cause, right in true[digest(row.text)].items():
            tallies.setdefault(cause, Tally()).count(sub_cause(cause, pieces, row.language), right)
    return tallies


def report(title: str, tallies: Mapping[str, Tally], *, errors: bool) -> None:
    """Print accuracy where one is given, coverage where one is asked for, and both by cause."""
    total = Tally()
    for each in tallies.values():
        total.given, total.right = total.given + each.given, total.right + each.right
        total.asked, total.found = total.asked + each.asked, total.found + each.found
        total.pairs += each.pairs
    print(f"{title}: right where given {total.accuracy:.3f} ({total.right} of {total.given}), found where the text "
          f"says {total.coverage:.3f} ({total.found} of {total.asked}), {total.pairs} causes")  # fmt: skip
    for cause, each in sorted(tallies.items(), key=lambda item: -item[1].given):
        print(f"  {cause:<13} right {each.accuracy:.2f} of {each.given:>3}   found {each.coverage:.2f} of {each.asked}")
    if errors:
        for (said, right), count in sum((each.wrong for each in tallies.values()), Counter()).most_common():
            print(f"    {count} {said}, right: {right}")


def microseconds(rows: Sequence[Row], true: Labels, rounds: int = 20) -> float:
    """What one call costs, on one clause of the labelled texts."""
    calls = [
        (cause, (fold(row.text[start:end]),), row.language)
        for row in rows
        for cause in true[digest(row.text)]
        for start, end in clauses(row.text)[:1]
    ]
    begun = time.perf_counter()
    for _ in range(rounds):
        for call in calls:
            sub_cause(*call)
    return (time.perf_counter() - begun) / (rounds * len(calls)) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default=DEFAULT_ENGINE)
    parser.add_argument("--errors", action="store_true", help="which codes were taken for which")
    chosen = parser.parse_args()
    for name, path in LABELS.items():
        true = labels(path)
        rows = [row for row in labelled("dev") if digest(row.text) in true]
        stars = [row.star for row in rows]
        judged = load_engine(chosen.engine).judge([row.text for row in rows], stars, [None] * len(rows), None)
        print(f"sample {name}: {len(rows)} reviews")
        report(f"{chosen.engine}, as it says", of_engine(rows, judged, true), errors=False)
        report(f"evidence of {chosen.engine}, table of today", of_evidence(rows, judged, true), errors=chosen.errors)
        report("every clause of the text, table of today", of_whole_texts(rows, true), errors=chosen.errors)
        print(f"{microseconds(rows, true):.1f} microseconds a call with one clause")


if __name__ == "__main__":
    main()
