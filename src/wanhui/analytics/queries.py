"""Figures over the stores a person may see, from rollups; real stores only unless asked.

Nothing here counts raw reviews: what a page costs does not grow with them.
"""

from dataclasses import dataclass
from datetime import datetime

from wanhui.accounts.models import User
from wanhui.analytics import rules, sums
from wanhui.analytics.rules import Figure, Window
from wanhui.analytics.sums import Answers, Live, Rated, Scope, Texts
from wanhui.stores.models import Store


@dataclass(frozen=True, slots=True)
class Figures:
    """The desk's figures over the last `days` days: shares with their denominators, and plain counts."""

    days: int
    bad_rate: Figure
    answered_24h: Figure
    won_back: Figure
    open_cases: int
    late_cases: int
    closed_cases: int
    causes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """One window's figures."""

    window: Window
    texts: Texts
    answers: Answers
    bad_rate: Figure
    answered_24h: Figure
    won_back: Figure
    closed: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the dashboard shows: a window, the window of the same length before it, and what holds right now.

    `bars`: the window cut into days or weeks, with the bad reviews of each by main cause. `subs`: bad reviews
    of the window by finer cause. `as_of`: up to when everything is counted. `ever`: whether any review of these stores
    was ever counted.
    """

    now: Period
    before: Period
    live: Live
    bars: "Bars"
    worst: tuple[Rated, ...]
    subs: tuple[tuple[str, int], ...]
    as_of: datetime
    as_of_now: bool
    ever: bool

    @property
    def by_week(self) -> bool:
        return any(bar.days > 1 for bar, _counts in self.bars)


def figures(
    user: User, now: datetime, *, days: int = 30, kind: str = Store.Kind.REAL, store_id: int | None = None
) -> Figures:
    """Every figure of the desk at `now`, over stores of one kind (or one of them) that this person works in.

    The window is the last `days` calendar days in the stores' time zones, today included.
    """
    scope = sums.scope(user, now, kind=kind, store_id=store_id)
    live = sums.live(scope)
    period = _period(scope, rules.last_days(scope.today, days), live.undecided)
    return Figures(
        days=days,
        bad_rate=period.bad_rate,
        answered_24h=period.answered_24h,
        won_back=period.won_back,
        open_cases=live.open,
        late_cases=live.late,
        closed_cases=period.closed,
        causes=tuple((code, n) for code, n in period.texts.by_cause if code),
    )


Bars = tuple[tuple[Window, dict[str, int]], ...]


def bad_by_bar(
    user: User, now: datetime, *, days: int = 30, kind: str = Store.Kind.REAL, store_id: int | None = None
) -> Bars:
    """The window cut into days or, if it is long, weeks, with the bad reviews of each by main cause ("" for none)."""
    scope = sums.scope(user, now, kind=kind, store_id=store_id)
    return _bars(scope, rules.last_days(scope.today, days))


def _bars(scope: Scope, window: Window) -> Bars:
    bars = rules.bars(window)
    return tuple(zip(bars, sums.bad_by_bar(scope, bars), strict=True))


def dashboard(
    user: User, now: datetime, *, days: int = 30, kind: str = Store.Kind.REAL, store_id: int | None = None
) -> Dashboard:
    """The same, compared with the window before, by day and cause, and with the worst products."""
    scope = sums.scope(user, now, kind=kind, store_id=store_id)
    live = sums.live(scope)
    window, as_of = rules.last_days(scope.today, days), sums.as_of(scope)
    period = _period(scope, window, live.undecided)
    return Dashboard(
        now=period,
        before=_period(scope, window.before(), 0),
        live=live,
        bars=_bars(scope, window),
        worst=tuple(sums.worst_products(scope, window)),
        subs=sums.subs(scope, window),
        as_of=as_of,
        as_of_now=as_of == now,
        ever=period.texts.judged > 0 or sums.counted_before(scope),
    )


def _period(scope: Scope, window: Window, undecided: int) -> Period:
    texts, answers, ended = sums.texts(scope, window), sums.answers(scope, window), sums.endings(scope, window)
    return Period(
        window=window,
        texts=texts,
        answers=answers,
        bad_rate=Figure(rules.BAD_RATE, texts.bad, texts.judged),
        answered_24h=sums.answered_figure(answers, undecided),
        won_back=sums.won_figure(ended),
        closed=sum(ended.values()),
    )
