"""Another engine, small enough to foresee: it knows five words, and nothing else about a text."""

from collections.abc import Iterator, Sequence

import pytest

from wanhui.language import engines
from wanhui.language.judgement import CauseScore, Judgement, nothing_said

NAME = "words-2026-12"
WORDS = {"起球": "quality", "快递": "delivery", "客服": "service", "贵": "price", "吵": "noise"}
ENGLISH = {"pilling": "quality", "parcel": "delivery"}


class Words:
    """Negative where it finds one of its words, otherwise positive. "过敏" is a danger to it."""

    name = NAME

    def __init__(self) -> None:
        self.read = 0

    def judge(
        self, texts: Sequence[str | None], ratings: Sequence[int | None], products: Sequence[str | None],
        language: str | None,
    ) -> list[Judgement]:
        self.read += len(texts)
        return [self._one(text) for text in texts]

    def _one(self, text: str | None) -> Judgement:
        if not text:
            return nothing_said("zh-Hans", self.name)
        found = {word: code for word, code in (WORDS | ENGLISH).items() if word in text}
        causes = tuple(CauseScore(code, None, 0.8, (_span(text, word),)) for word, code in found.items())
        return Judgement(
            "zh-Hans", False, False, "negative" if causes else "positive", causes, (),
            causes[0].code if causes else None, ("safety",) if "过敏" in text else (), self.name,
        )  # fmt: skip


def _span(text: str, word: str) -> tuple[int, int]:
    start = text.index(word)
    return start, start + len(word)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Words]:
    """The engine, known by its name as long as the test runs."""
    engine = Words()
    monkeypatch.setitem(engines._MAKERS, NAME, lambda: engine)
    yield engine
    engines._loaded.pop(NAME, None)
