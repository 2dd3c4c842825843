"""The figures of the desk: formula, version, the rate itself, windows of days, and which product is worst. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Formula:
    """What a figure is: code, version (raised whenever its meaning changes). The words are in the desk's templates."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A share: numerator of denominator. `share` is None when there is nothing to divide by: missing stays missing."""

    formula: Formula
    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


# bad texts ÷ reviews that were judged, both published in the window (reviews without a date: seen in it)
BAD_RATE = Formula("bad_rate", 2)
# cases answered within 24 hours of being seen ÷ cases with a reply path whose 24 hours are over or that were answered
ANSWERED_24H = Formula("answered_24h", 2)
# won back ÷ closed cases, without void ones and those removed by the platform (design, section 1)
WON_BACK = Formula("won_back", 2)


@dataclass(frozen=True, slots=True)
class Window:
    """Calendar days from `first` to `last`, both included, in the time zone of each store."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Window":
        """The window of the same length that ends where this one begins."""
        return Window(self.first - timedelta(days=self.days), self.first - ONE_DAY)


def last_days(today: date, days: int) -> Window:
    """The last so many days, today included. ValueError below one."""
    if days < 1:
        raise ValueError("a window has at least one day")
    return Window(today - timedelta(days=days - 1), today)


# Up to so many days each has its own bar; beyond, a bar is a week.
MOST_BARS = 92


def bars(window: Window) -> list[Window]:
    """The window cut into days or, when it is long, into weeks that begin on Monday (the first may be shorter)."""
    size = 1 if window.days <= MOST_BARS else 7
    found, first = list[Window](), window.first
    while first <= window.last:
        last = first if size == 1 else first + timedelta(days=6 - first.weekday())
        found.append(Window(first, min(last, window.last)))
        first = last + ONE_DAY
    return found


def stretches(days: Sequence[date], gap: timedelta) -> Iterator[tuple[date, date]]:
    """The fewest stretches (first, last) that hold all these days, in order, leaving out gaps longer than `gap`."""
    first = last = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day - last > gap:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


# Fewer reviews say nothing about a product.
ENOUGH_REVIEWS = 5
_Z = 1.96  # 95 %


def surely_bad(bad: int, judged: int) -> float:
    """The lower end of Wilson's 95 % interval for the share of bad reviews: how bad a product is at the least.

    (E. B. Wilson, Probable inference, JASA 22, 1927.) It keeps one bad review of one from being the worst product.
    ValueError when there is no review, or more bad ones than reviews.
    """
    if judged < 1 or not 0 <= bad <= judged:
        raise ValueError(f"{bad} of {judged} is no share")
    share, square = bad / judged, _Z * _Z
    centre = share + square / (2 * judged)
    spread = _Z * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    return max(0.0, (centre - spread) / (1 + square / judged))
