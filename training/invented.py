"""Reviews put together from phrases we invented, for what the labelled reviews hardly show."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

from training.data import Row

COUNTS = {"de": 2_000, "en": 1_000, "zh": 1_200}
WEIGHT = 0.5
_FLAG_SHARES = {"churn": 0.15, "demand": 0.1, "threat": 0.04, "safety": 0.06}
_LANGUAGE = {"de": "de", "en": "en", "zh": "zh-Hans"}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language: openers by kind, causes and praises by code."""

    openers: dict[str, list[str]]
    causes: dict[str, list[str]]
    praises: dict[str, list[str]]


def invented(seed: int) -> list[Row]:
    """Some three thousand weak rows; the same seed gives the same rows."""
    table = tomllib.loads(Path(__file__).with_name("invented.toml").read_text(encoding="utf-8"))
    chance = random.Random(seed)
    rows = []
    for language, count in COUNTS.items():
        phrases = Phrases(**table[language])
        for _ in range(count):
            kind = chance.choices(("negative", "mixed", "positive", "unspecific"), (45, 15, 35, 5))[0]
            rows.append(_row(language, kind, phrases, chance))
    return rows


def _row(language: str, kind: str, phrases: Phrases, chance: random.Random) -> Row:
    pieces: list[str] = []
    flags: set[str] = set()
    causes: list[str] = []
    praises: list[str] = []
    if kind in ("positive", "mixed"):
        praises = chance.sample(sorted(phrases.praises), 1 if kind == "mixed" else chance.randint(1, 3))
    if kind in ("negative", "mixed"):
        causes = chance.sample(sorted(phrases.causes), chance.choices((1, 2, 3), (5, 4, 2))[0])
    if kind == "unspecific":
        causes, pieces = ["unspecific"], [chance.choice(phrases.openers["unspecific"])]
    if kind in ("negative", "positive") and chance.random() < 0.4:
        pieces.append(chance.choice(phrases.openers[kind]))
    pieces += [chance.choice(phrases.praises[code]) for code in praises]
    if kind == "mixed":
        pieces.append(chance.choice(phrases.openers["grudging"]))
    pieces += [chance.choice(phrases.causes[code]) for code in causes if code != "unspecific"]
    if kind in ("negative", "unspecific"):
        for flag, share in _FLAG_SHARES.items():
            if chance.random() < share and not (flag == "safety" and kind == "unspecific"):
                flags.add(flag)
                pieces.append(chance.choice(phrases.openers[flag]))
    return Row(
        text=_joined(pieces, language, chance),
        star=None,
        language=_LANGUAGE[language],
        sentiment="negative" if kind == "unspecific" else kind,
        causes=None if "safety" in flags else frozenset(causes),
        praises=frozenset(praises),
        primary=causes[0] if len(causes) == 1 else None,
        flags=frozenset(flags),
        part="invented",
        weight=WEIGHT,
        source="invented",
    )


def _joined(pieces: list[str], language: str, chance: random.Random) -> str:
    if language == "zh":
        marks = ("，", "。", "！", " ", ",")
    else:
        marks = (". ", ", ", "! ", " und " if language == "de" else " and ", ". ")
    text = ""
    for piece in pieces:
        if text and text[-1] not in ".!?:，。":
            text += chance.choice(marks)
        elif text:
            text += "" if language == "zh" else " "
        text += piece if language == "zh" or chance.random() < 0.5 else piece[:1].upper() + piece[1:]
    return text + chance.choice(("", "", ".", "!")) if text[-1] not in ".!?" else text
