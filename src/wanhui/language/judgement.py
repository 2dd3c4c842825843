"""What the language room says of one text: frozen values, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Span = tuple[int, int]
Sentiment = Literal["negative", "mixed", "positive"]

CAUSES: tuple[str, ...] = (
    "service",
    "delivery",
    "fulfilment",
    "damage",
    "quality",
    "mismatch",
    "authenticity",
    "price",
    "aftersales",
    "hygiene",
    "facility",
    "noise",
    "location",
    "preference",
    "unspecific",
)
FLAGS: tuple[str, ...] = ("safety", "threat", "demand", "churn", "offtopic", "contradiction")
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "mixed", "positive")
LANGUAGES: tuple[str, ...] = ("zh-Hans", "zh-Hant", "en", "de", "und")


@dataclass(frozen=True, slots=True)
class CauseScore:
    """One cause of unhappiness. `score` is a calibrated probability; evidence spans are code points, end exclusive."""

    code: str
    sub: str | None
    score: float
    evidence: tuple[Span, ...]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "sub": self.sub, "score": self.score, "evidence": _lists(self.evidence)}


@dataclass(frozen=True, slots=True)
class PraiseScore:
    """One thing that is praised, under the same codes as the causes."""

    code: str
    score: float
    evidence: tuple[Span, ...]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "score": self.score, "evidence": _lists(self.evidence)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one text. Causes and praises come strongest first; a text that says nothing has sentiment None.

    `near` are causes that an unhappy text nearly got, a little below their bars; not every engine tells them.
    """

    language: str
    no_text: bool
    unsure: bool
    sentiment: Sentiment | None
    causes: tuple[CauseScore, ...]
    praises: tuple[PraiseScore, ...]
    primary: str | None
    flags: tuple[str, ...]
    engine: str
    near: tuple[CauseScore, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `wanhui triage` writes, in its order, without what the caller adds (row, severity …)."""
        return {
            "language": self.language,
            "no_text": self.no_text,
            "unsure": self.unsure,
            "sentiment": self.sentiment,
            "causes": [cause.to_json() for cause in self.causes],
            "praises": [praise.to_json() for praise in self.praises],
            "primary": self.primary,
            "flags": list(self.flags),
            "engine": self.engine,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Judgement:
        """The reverse of `to_json`; further keys are ignored, a missing one is a KeyError."""
        return cls(
            language=data["language"],
            no_text=data["no_text"],
            unsure=data["unsure"],
            sentiment=data["sentiment"],
            causes=tuple(
                CauseScore(each["code"], each["sub"], each["score"], _spans(each["evidence"]))
                for each in data["causes"]
            ),
            praises=tuple(
                PraiseScore(each["code"], each["score"], _spans(each["evidence"])) for each in data["praises"]
            ),
            primary=data["primary"],
            flags=tuple(data["flags"]),
            engine=data["engine"],
        )


def nothing_said(language: str, engine: str, flags: tuple[str, ...] = ()) -> Judgement:
    """The judgement of a text that says nothing: blank, a placeholder, or punctuation only."""
    return Judgement(language, True, False, None, (), (), None, flags, engine)


def _lists(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in pairs)
