"""Does the evidence lie where people marked it? `python -m training.evidence [--engine NAME]`.

Measured on the spans of a competition on cosmetics (`zhijiang_cup_2019`), from which no evidence is learnt: a cause
that the engine and the people both name counts as right when a span of the engine overlaps one of theirs by half or
more (intersection over union). Their span is what they marked as thing and opinion, from the first word to the last.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from training.data import ASPECTS, DATA, Row
from wanhui.language import DEFAULT_ENGINE, Judgement, judge
from wanhui.language.engines.joined_1 import Joined1
from wanhui.language.judgement import Span

FOLDER = DATA / "labels" / "zhijiang_cup_2019"
HALF = 0.5
# What is tried; further down whole clauses are evidence.
READ_TIGHT = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5)
LINEAR_TIGHT = (-0.3, -0.2, -0.1, 0.0, 0.1)
Marked = tuple[str, int, int]


def overlap(one: Span, other: Span) -> float:
    """Intersection over union of two spans."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(1, one[1] - one[0] + other[1] - other[0] - shared)


def found(judged: Sequence[Judgement], marked: Sequence[Sequence[Marked]]) -> Iterator[bool]:
    """For every cause both name: whether some span of the evidence overlaps one marked for it by half or more."""
    for each, spans in zip(judged, marked, strict=True):
        for cause in each.causes:
            theirs = [(start, end) for code, start, end in spans if code == cause.code and end > start]
            if theirs:
                yield any(overlap(mine, other) >= HALF for mine in cause.evidence for other in theirs)


def best_tight(engine: Joined1, rows: Sequence[Row]) -> float:
    """How much a token must add to be evidence, chosen on rows that we quoted and the engine did not learn from."""
    quoted = [row for row in rows if row.quotes and row.causes]
    texts, marked = [row.text for row in quoted], [row.quotes[0] for row in quoted if row.quotes]
    shares: dict[float, float] = {}
    for tight in READ_TIGHT if engine.reads else LINEAR_TIGHT:
        judged = engine.with_tight(tight).judge(texts, [None] * len(texts), [None] * len(texts), None)
        shares[tight] = float(np.mean(list(found(judged, marked))))
    best = max(shares, key=lambda tight: shares[tight])
    print(f"evidence on {len(quoted)} quoted rows: {shares[best]:.3f} at {best}")
    return best


def complaints() -> dict[str, list[Marked]]:
    """For each review of the competition the complaints people marked: cause, and where it is said."""
    marked: dict[str, list[Marked]] = {}
    with (FOLDER / "Train_labels.csv").open(encoding="utf-8-sig", newline="") as lines:
        for each in csv.DictReader(lines):
            edges = [int(each[name]) for name in ("A_start", "A_end", "O_start", "O_end") if each[name].strip()]
            if each["Polarities"] == "负面":
                marked.setdefault(each["id"], []).append((ASPECTS[each["Categories"]], min(edges), max(edges)))
    return marked


def reviews() -> Mapping[str, str]:
    """The competition's reviews by number."""
    with (FOLDER / "Train_reviews.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {each["id"]: each["Reviews"] for each in csv.DictReader(lines)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default=DEFAULT_ENGINE)
    engine = parser.parse_args().engine
    texts, marked = reviews(), complaints()
    hits = list(found(judge([texts[each] for each in marked], engine=engine), list(marked.values())))
    print(
        f"{engine}: {sum(hits)} of {len(hits)} causes named by both ({np.mean(hits):.3f}) with evidence on their words"
    )


if __name__ == "__main__":
    main()
