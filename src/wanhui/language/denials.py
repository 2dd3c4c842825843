"""Words that take back what follows right behind them: "没有色差", "not noisy", "nicht teuer"."""

from __future__ import annotations

DENIALS: dict[str, tuple[str, ...]] = {
    "zh": ("不", "没", "未", "无", "没有", "不是", "不会", "不算", "并非", "不太", "没啥", "从未"),
    "en": ("not ", "no ", "n't ", "never ", "not too ", "not very "),
    "de": ("nicht ", "kein ", "keine ", "keinen ", "nicht zu ", "nie "),
}
_ALL = tuple(each for endings in DENIALS.values() for each in endings)


def denied(folded: str, start: int) -> bool:
    """Whether a denial stands right before `start` of this folded text."""
    return folded.endswith(_ALL, max(0, start - 12), start)
