"""What the values of a column look like: the evidence that a name alone cannot give."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC

from wanhui.connectors.file.table import Cell, as_text, is_empty
from wanhui.connectors.file.times import read_time, slashed
from wanhui.connectors.file.values import read_id, read_stars, read_verdict

_LETTERS = re.compile(r"[^\W\d_]")
_ENOUGH = 0.6
_MIN_PAIRS = 20


def filled(values: Sequence[Cell]) -> list[Cell]:
    """The values that are there, at most 200 of them."""
    found = [value for value in values if not is_empty(value)]
    return found[:200]


def _share(values: list[Cell], test: Callable[[Cell], bool]) -> float:
    return sum(1 for value in values if test(value)) / len(values)


def fits(field: str, values: Sequence[Cell]) -> tuple[float, str]:
    """How well the values agree with a field (0 = impossible, 1 = fully) and a few words why.

    An empty column agrees with every field a little: later rows may fill it.
    """
    here = filled(values)
    if not here:
        return 0.5, ", though it is empty so far"
    if field in ("text", "append", "reply"):
        share = _share(here, lambda value: isinstance(value, str) and _LETTERS.search(value) is not None)
        if share < _ENOUGH and len(here) > 2:
            return 0.0, ""
        if field == "text" and _share(here, lambda value: bool(read_verdict(value))) > 0.9:
            return 0.0, ""
        if field == "text" and _share(here, lambda value: read_stars(value).stars is not None) > 0.9:
            return 0.0, ""
        return 1.0, ""
    if field == "stars":
        scale = star_scale(values)
        share = _share(here, lambda value: _is_rating(value, scale))
        return (1.0, "") if share >= _ENOUGH else (0.0, "")
    if field == "verdict":
        share = _share(here, lambda value: bool(read_verdict(value)))
        return (share, "") if share >= _ENOUGH else (0.0, "")
    if field in ("said_at", "append_at", "reply_at"):
        share = _share(here, lambda value: _is_time(value))
        return (1.0, "") if share >= 0.5 else (0.0, "")
    return 1.0, ""


def _is_rating(value: Cell, scale: int) -> bool:
    found = read_stars(value, scale)
    return found.stars is not None or bool(found.verdict) or found.missing


def _is_time(value: Cell) -> bool:
    found = read_time(value)
    return found.on is not None or bool(found.problem and found.likely)


def longest_text(columns: Sequence[Sequence[Cell]]) -> int | None:
    """The column whose values are longest on average, if they are text at all; ids, links and times are not."""
    best: tuple[float, int] | None = None
    for index, values in enumerate(columns):
        here = filled(values)
        if not here or _share(here, _is_prose) < 0.5:
            continue
        average = sum(len(as_text(value)) for value in here) / len(here)
        if average >= 4 and (best is None or average > best[0]):
            best = (average, index)
    return None if best is None else best[1]


def _is_prose(value: Cell) -> bool:
    if not isinstance(value, str):
        return False
    text = value.strip()
    if text.startswith(("http:", "https:", "//", "{", "[{")) or _is_time(text) or read_verdict(text):
        return False
    letters = len(_LETTERS.findall(text))
    chinese = any("\u3400" <= char <= "\u9fff" for char in text)
    return letters * 2 >= len(text) and (chinese or " " in text or len(text) < 12)


def star_scale(values: Sequence[Cell]) -> int:
    """What the column counts up to: 5, or 10 or 100 where plain numbers leave no other reading."""
    numbers = [number for value in values if (number := _plain_number(value)) is not None]
    if not numbers or max(numbers) <= 5:
        return 5
    if max(numbers) <= 10:
        return 10
    if max(numbers) <= 100 and all(number % 20 == 0 for number in numbers):
        return 100
    return 5


def _plain_number(value: Cell) -> float | None:
    if isinstance(value, bool) or is_empty(value):
        return None
    try:
        return float(as_text(value).strip())
    except ValueError:
        return None


def day_first(values: Sequence[Cell]) -> bool | None:
    """Does the day stand first in dates like 13/04/2026? Told by days above twelve; None when none or both are seen."""
    pairs = [pair for value in values if (pair := slashed(value)) is not None]
    first, second = any(one > 12 for one, _ in pairs), any(two > 12 for _, two in pairs)
    return None if first == second else first


def grows_with_time(ids: Sequence[Cell], times: Sequence[Cell]) -> bool:
    """Do these ids number the rows' events? Each belongs to one time only, and they are in the order of the times.

    Measured as Spearman's rank correlation of at least 0.98 over at least 20 ids. A row that an export lists
    twice (same id, same time) counts once; a person's id would come back with another time.
    """
    found: set[tuple[int, float]] = set()
    for raw, when in zip(ids, times, strict=True):
        number, moment = read_id(raw, proven=True).id, read_time(when)
        if number.isdigit() and moment.at is not None:
            found.add((int(number), moment.at.replace(tzinfo=moment.at.tzinfo or UTC).timestamp()))
    pairs = sorted(found)
    if len(pairs) < _MIN_PAIRS or len({number for number, _ in pairs}) < len(pairs):
        return False
    return _spearman([float(number) for number, _ in pairs], [when for _, when in pairs]) >= 0.98


def _spearman(first: list[float], second: list[float]) -> float:
    size = len(first)
    apart = sum((one - two) ** 2 for one, two in zip(_ranks(first), _ranks(second), strict=True))
    return 1 - 6 * apart / (size * (size * size - 1))


def _ranks(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    for rank, index in enumerate(order):
        ranks[index] = float(rank)
    return ranks
