"""Times as exports write them. A missing year, or day and month that could be swapped, is never guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from wanhui.connectors.file.table import Cell, as_text, is_empty

_FIRST_YEAR, _LAST_YEAR = 1995, 2100
_EXCEL_ZERO = datetime(1899, 12, 30)
_CLOCK = (
    r"(?:[T\s,]*(?:um|at)?\s*(?P<half>上午|下午|晚上|凌晨|中午)?\s*(?P<h>\d{1,2})[:时点](?P<mi>\d{1,2})"
    r"(?:[:分](?P<s>\d{1,2})(?:[.,]\d+)?)?\s*秒?分?\s*(?P<pm>[AaPp]\.?[Mm]\.?)?(?:\s*Uhr)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?" + _CLOCK)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2}))?")
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})" + _CLOCK)
_SLASHED = re.compile(r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>\d{4})" + _CLOCK)
_DAY_NAME = re.compile(
    r"(?:\w+,\s*)?(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<name>[A-Za-zäÄ]{3,9})\.?,?\s+(?P<y>\d{4})" + _CLOCK
)
_NAME_DAY = re.compile(
    r"(?:\w+,\s*)?(?P<name>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})" + _CLOCK
)
_NO_YEAR = re.compile(r"(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?" + _CLOCK)
_RELATIVE = re.compile(
    r"刚刚|今天|昨天|前天|\d+\s*(?:秒|分钟|小时|天|周|个?月|年)前|收货后?\s*\d+\s*天.*"
    r"|\d+ \w+ ago|vor \d+ \w+|gestern|heute|yesterday|today"
)
_SKU_MARK = re.compile(r"\s*[·•]\s*|\s+(?=颜色分类|规格|款式)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january jän jänner",
            "feb februar february",
            "mar mär märz march mrz maerz",
            "apr april",
            "may mai",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "oct okt oktober october",
            "nov november",
            "dec dez dezember december",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Moment:
    """`on` the day; `at` the time of day with it, naive unless the cell named a zone; `precision` "", "day",
    "minute" or "second"; `sku` what stood after the date ("2025年2月5日 · 红色"); `problem` why there is no day.

    `likely`: though there is a problem, the cell is meant as a time.
    """

    on: date | None = None
    at: datetime | None = None
    precision: str = ""
    sku: str = ""
    problem: str = ""
    likely: bool = False


def read_time(value: Cell, year: int | None = None, day_first: bool | None = None) -> Moment:
    """Understand a time. `year` is a person's word for dates that have none; without it they are a problem.

    `day_first` says what 03/04/2026 means where the column proves it (see `content.day_first`); None: a problem.
    Midnight to the second stands for "only the day is known", as spreadsheets write it.
    """
    if is_empty(value) or isinstance(value, bool):
        return Moment()
    if isinstance(value, datetime):
        return _moment(_rounded(value), "second")
    if isinstance(value, date):
        return _checked(Moment(on=value, precision="day"))
    if isinstance(value, int | float):
        return _number(float(value), as_text(value), year)
    if isinstance(value, str):
        return _text(value, year, day_first)
    return Moment(problem=f"time without a date: {value}", likely=True)


def _text(value: str, year: int | None, day_first: bool | None) -> Moment:
    text = " ".join(value.split())
    head, _, sku = _parted(text)
    for pattern in (_YEAR_FIRST, _COMPACT, _DOTTED, _SLASHED, _DAY_NAME, _NAME_DAY):
        if found := pattern.fullmatch(head):
            return _with_sku(_from_parts(found, head, day_first), sku)
    if found := _NO_YEAR.fullmatch(head):
        return _with_sku(_without_year(found, head, year), sku)
    if _RELATIVE.fullmatch(head):
        return Moment(problem=f"time relative to another day: {head[:40]}", likely=True)
    if re.fullmatch(r"\d+(?:\.\d+)?", head):
        return _number(float(head), head, year)
    return Moment(problem=f"time not understood: {head[:40]}")


def _parted(text: str) -> tuple[str, str, str]:
    found = _SKU_MARK.search(text)
    return (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :].strip())


def slashed(value: Cell) -> tuple[int, int] | None:
    """The two numbers before the year of a date like 13/04/2026, in the order in which they stand."""
    found = _SLASHED.fullmatch(" ".join(value.split())) if isinstance(value, str) else None
    return None if found is None else (int(found["a"]), int(found["b"]))


def _with_sku(moment: Moment, sku: str) -> Moment:
    if not sku:
        return moment
    return Moment(moment.on, moment.at, moment.precision, sku, moment.problem, moment.likely)


def _from_parts(found: re.Match[str], shown: str, day_first: bool | None = None) -> Moment:
    parts = found.groupdict()
    year = int(parts["y"])
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        clear = first > 12 or second > 12 or first == second
        if not clear and day_first is None:
            return Moment(problem=f"day and month cannot be told apart: {shown}", likely=True)
        day, month = (first, second) if (first > 12 if clear else day_first) else (second, first)
    else:
        day = int(parts["d"])
        month = _MONTHS.get(parts["name"].casefold(), 0) if "name" in parts else int(parts["m"])
    return _build(year, month, day, parts, shown)


def _without_year(found: re.Match[str], shown: str, year: int | None) -> Moment:
    parts = found.groupdict()
    month, day = int(parts["m"]), int(parts["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Moment(problem=f"time not understood: {shown[:40]}")
    if year is None:
        return Moment(problem=f"time without a year: {shown[:40]}", likely=True)
    return _build(year, month, day, parts, shown)


def _build(year: int, month: int, day: int, parts: dict[str, str | None], shown: str) -> Moment:
    try:
        on = date(year, month, day)
        if not parts.get("h"):
            return _checked(Moment(on=on, precision="day"))
        at = datetime.combine(on, time(_hour(parts), int(parts["mi"] or 0), int(parts["s"] or 0)), _zone(parts))
    except ValueError:
        return Moment(problem=f"time that does not exist: {shown[:40]}")
    return _moment(at, "second" if parts["s"] else "minute")


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["h"] or 0)
    half = (parts.get("half") or parts.get("pm") or "").lower().replace(".", "")
    if half in ("pm", "下午", "晚上") and hour < 12:
        return hour + 12
    if half in ("am", "凌晨", "上午") and hour == 12:
        return 0
    return hour


def _zone(parts: dict[str, str | None]) -> timezone | None:
    text = parts.get("zone")
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(shift if text[0] == "+" else -shift)


def _moment(at: datetime, precision: str) -> Moment:
    if precision == "second" and at.tzinfo is None and at.time() == time(0):
        return _checked(Moment(on=at.date(), precision="day"))
    return _checked(Moment(on=at.date(), at=at, precision=precision))


def _checked(moment: Moment) -> Moment:
    if moment.on is not None and not _FIRST_YEAR <= moment.on.year <= _LAST_YEAR:
        return Moment(problem=f"year out of reach: {moment.on.year}", sku=moment.sku)
    return moment


def _rounded(at: datetime) -> datetime:
    """To the second: a serial number of days carries no more."""
    if at.microsecond >= 500_000:
        at += timedelta(seconds=1)
    return at.replace(microsecond=0)


def _number(value: float, shown: str, year: int | None) -> Moment:
    """Days since 1899-12-30 (Excel), seconds or milliseconds since 1970, or a date like 1.18 that became a number."""
    if 35_000 <= value < 73_416:  # until the end of 2100
        return _moment(_rounded(_EXCEL_ZERO + timedelta(days=value)), "second")
    if 8e8 <= value <= 4.1e9 and value.is_integer():
        return _moment(datetime.fromtimestamp(value, UTC), "second")
    if 8e11 <= value <= 4.1e12:
        return _moment(_rounded(datetime.fromtimestamp(value / 1000, UTC)), "second")
    if 19_950_101 <= value <= 21_001_231 and (found := _COMPACT.fullmatch(f"{value:.0f}")):
        return _from_parts(found, shown)
    if 1 <= value < 13 and (found := _NO_YEAR.fullmatch(shown)):
        return _without_year(found, shown, year)
    return Moment(problem=f"time not understood: {shown[:40]}")
