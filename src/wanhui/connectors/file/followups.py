"""A later text that an export put into the same cell as the first one, and the days that lie between."""

import re
from dataclasses import dataclass

_COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
# With "N天后" or "当天" before it and a colon behind (or brackets around), the mark cannot be part of a sentence.
_DATED = (
    r"(?P<open>[\[【(（])?\s*(?:收到?货后?的?|确认收货后?|用户|买家)?"
    rf"(?:第?(?P<count>{_COUNT})\s*(?P<unit>天|日|周|个月|月|年)(?:之?后)?|(?P<same>当天|当日))"
    r"\s*(?:追评|追加评论|追加评价|追加)(?(open)\s*[\]】)）]\s*[:：]?|\s*[:：])"
)
# Without them it must stand where a text begins.
_BARE = (
    r"(?:(?<=^)|(?<=[\n。！？!?；;~～\s]))"
    r"(?:[\[【(（]\s*(?:追评|追加评论|追加评价|追加)\s*[\]】)）]\s*[:：]?|(?:追评|追加评论|追加评价)\s*[:：])"
)
_MARK = re.compile(rf"{_DATED}|{_BARE}")
_DAYS = {"天": 1, "日": 1, "周": 7, "个月": 30, "月": 30, "年": 365}
_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九", start=1)} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """One later text. `days_after` is None where the export does not say; a month counts as 30 days."""

    text: str
    days_after: int | None


def split_follow_ups(text: str) -> tuple[str, tuple[Part, ...]]:
    """Split "first text 4天后追评：later text" into the first text and the later ones, in order.

    The first text is "" when the cell holds only a follow-up. Words like 用后再追评 are no mark.
    """
    marks = list(_MARK.finditer(text)) if "追" in text else []
    if not marks:
        return text, ()
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    parts = tuple(Part(text[mark.end() : end].strip(), _days(mark)) for mark, end in zip(marks, ends, strict=True))
    return text[: marks[0].start()].strip(), tuple(part for part in parts if part.text)


def _days(mark: re.Match[str]) -> int | None:
    if mark["same"]:
        return 0
    if not mark["count"]:
        return None
    return _number(mark["count"]) * _DAYS[mark["unit"]]


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return _DIGITS.get(text, 0)
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


_DAYS_CELL = re.compile(
    rf"(?:收货后|确认收货后)?第?\s*(?P<count>{_COUNT})\s*(?P<unit>天|日|周|个月|月|年)?(?:之?后)?(?:追评|追加)?"
)


def read_days(text: str) -> int | None:
    """Days in a cell of its own: "5", "收货后5天", "当天"; None when it says something else."""
    text = text.strip()
    if text in ("当天", "当日"):
        return 0
    found = _DAYS_CELL.fullmatch(text)
    return None if found is None else _number(found["count"]) * _DAYS.get(found["unit"] or "天", 1)
