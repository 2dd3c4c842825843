"""Does the evidence lie where people marked it? `python -m training.evidence` on the cosmetics competition's spans."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping

from training.data import ASPECTS, DATA
from wanhui.language import judge

FOLDER = DATA / "labels" / "zhijiang_cup_2019"


def complaints() -> dict[str, list[tuple[str, int, int]]]:
    """For each review the complaints people marked: cause, and where the words of opinion lie."""
    marked: dict[str, list[tuple[str, int, int]]] = {}
    with (FOLDER / "Train_labels.csv").open(encoding="utf-8-sig", newline="") as lines:
        for each in csv.DictReader(lines):
            if each["Polarities"] == "负面" and each["O_start"].strip():
                span = (ASPECTS[each["Categories"]], int(each["O_start"]), int(each["O_end"]))
                marked.setdefault(each["id"], []).append(span)
    return marked


def touched(texts: Mapping[str, str], marked: Mapping[str, list[tuple[str, int, int]]]) -> Iterator[bool]:
    """For every cause both name: whether some clause of the evidence overlaps a span marked for it."""
    ids = [review for review in marked if review in texts]
    for review, judged in zip(ids, judge([texts[review] for review in ids]), strict=True):
        for cause in judged.causes:
            spans = [(start, end) for code, start, end in marked[review] if code == cause.code]
            if spans:
                yield any(a < end and start < b for a, b in cause.evidence for start, end in spans)


def main() -> None:
    with (FOLDER / "Train_reviews.csv").open(encoding="utf-8-sig", newline="") as lines:
        texts = {each["id"]: each["Reviews"] for each in csv.DictReader(lines)}
    hits = list(touched(texts, complaints()))
    share = sum(hits) / len(hits)
    print(f"{sum(hits)} of {len(hits)} causes named by both have evidence on the marked words ({share:.3f})")


if __name__ == "__main__":
    main()
