"""Sums over the rollups of the stores a person may see. Live are only open cases and those inside their first day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from wanhui.accounts.models import User
from wanhui.analytics import rules
from wanhui.analytics.models import CaseDay, EndingDay, ProductDay, ReviewDay, SubDay
from wanhui.analytics.rules import Figure, Window
from wanhui.cases.models import Case
from wanhui.cases.rules import ANSWERED_WITHIN, UNCOUNTED, WON_BACK
from wanhui.kit import clock
from wanhui.stores import queries as stores
from wanhui.stores.models import Product, Store
from wanhui.work import actions as work


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stores are counted at `now`, and what day it is there: the latest calendar day in any of them."""

    stores: tuple[Store, ...]
    today: date
    now: datetime

    @property
    def ids(self) -> list[int]:
        return [store.pk for store in self.stores]

    def within(self, rollup: type[Any], window: Window) -> QuerySet[Any]:
        """Rows of a rollup table for these stores in the window."""
        rows: QuerySet[Any] = rollup.objects.filter(store__in=self.ids, day__gte=window.first, day__lte=window.last)
        return rows.order_by()


@dataclass(frozen=True, slots=True)
class Texts:
    """First texts with a verdict in a window; by main cause the bad ones, by cause the praising ones."""

    judged: int = 0
    bad: int = 0
    middling: int = 0
    by_cause: tuple[tuple[str, int], ...] = ()
    praised: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Cases seen in a window: all, those with a reply clock, answered within 24 hours, answered later."""

    seen: int = 0
    clocked: int = 0
    in_time: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Live:
    """What holds at this moment: open cases, those late with the first reply, and those still inside their first day
    without a reply, which are neither a success nor a failure yet."""

    open: int = 0
    late: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    """A product's bad reviews of those judged, now and in the window before, and its most frequent main cause."""

    product: Product
    now: Figure
    before: Figure
    cause: str

    @property
    def change(self) -> float | None:
        """Difference of the shares; None where the window before has too few reviews to say anything."""
        if self.now.share is None or self.before.share is None or self.before.denominator < rules.ENOUGH_REVIEWS:
            return None
        return self.now.share - self.before.share


def scope(user: User, now: datetime, *, kind: str = Store.Kind.REAL, store_id: int | None = None) -> Scope:
    """The stores of one kind (or one of them) that this person works in."""
    found = tuple(store for store in stores.visible(user, kind) if store_id is None or store.pk == store_id)
    return Scope(found, max((clock.day_in(now, store.timezone) for store in found), default=now.date()), now)


def texts(scope: Scope, window: Window) -> Texts:
    """Reviews of the window: judged, bad, middling, by cause. One query over at most days × stores × causes rows."""
    rows = scope.within(ReviewDay, window).values("cause").annotate(
        _judged=Sum("judged"), _bad=Sum("bad"), _middling=Sum("middling"), _praised=Sum("praised")
    )
    found = [(row["cause"], row["_judged"], row["_bad"], row["_middling"], row["_praised"]) for row in rows]
    return Texts(
        judged=sum(row[1] for row in found),
        bad=sum(row[2] for row in found),
        middling=sum(row[3] for row in found),
        by_cause=_most_first((row[0], row[2]) for row in found),
        praised=_most_first((row[0], row[4]) for row in found),
    )


def subs(scope: Scope, window: Window) -> tuple[tuple[str, int], ...]:
    """Bad reviews of the window by the finer cause of their main one, the most frequent first."""
    rows = scope.within(SubDay, window).values("sub").annotate(n=Sum("bad"))
    return _most_first((row["sub"], row["n"]) for row in rows)


def _most_first(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((code, n) for code, n in counts if n), key=lambda one: (-one[1], one[0])))


def bad_by_bar(scope: Scope, bars: Sequence[Window]) -> list[dict[str, int]]:
    """For each bar of a chart its bad reviews by main cause ("" where there is none)."""
    found: list[dict[str, int]] = [{} for _bar in bars]
    if not bars:
        return found
    rows = scope.within(ReviewDay, Window(bars[0].first, bars[-1].last)).filter(bad__gt=0)
    place = 0
    for row in rows.values("day", "cause").annotate(n=Sum("bad")).order_by("day"):
        while row["day"] > bars[place].last:
            place += 1
        found[place][row["cause"]] = found[place].get(row["cause"], 0) + row["n"]
    return found


def answers(scope: Scope, window: Window) -> Answers:
    """Cases first seen in the window, and how they were answered."""
    row = scope.within(CaseDay, window).aggregate(
        seen=Sum("seen", default=0), clocked=Sum("clocked", default=0),
        in_time=Sum("in_time", default=0), late=Sum("late", default=0),
    )  # fmt: skip
    return Answers(**row)


def endings(scope: Scope, window: Window) -> dict[str, int]:
    """Cases closed in the window, by outcome."""
    rows = scope.within(EndingDay, window).values("outcome").annotate(n=Sum("closed"))
    return {row["outcome"]: row["n"] for row in rows}


def live(scope: Scope) -> Live:
    """Counted now, from the open cases and those seen in the last 24 hours; both have an index of their own."""
    cases = Case.objects.filter(store__in=scope.ids).order_by()
    running = cases.filter(closed_at=None).aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(first_reply_at=None, reply_due_at__lt=scope.now))
    )
    fresh = cases.filter(seen_at__gt=scope.now - ANSWERED_WITHIN, first_reply_at=None, reply_due_at__isnull=False)
    return Live(running["open"], running["late"], fresh.count())


def answered_figure(answers: Answers, undecided: int) -> Figure:
    """Answered within 24 hours of those decided: a case still inside its day without an answer is not."""
    return Figure(rules.ANSWERED_24H, answers.in_time, max(answers.clocked - undecided, answers.in_time))


def won_figure(ended: dict[str, int]) -> Figure:
    """Won back of those that count."""
    won = sum(n for outcome, n in ended.items() if outcome in WON_BACK)
    return Figure(rules.WON_BACK, won, sum(n for outcome, n in ended.items() if outcome not in UNCOUNTED))


# So many products with the most bad reviews are weighed against each other: the cost has a bound.
_WEIGHED = 200


def worst_products(scope: Scope, window: Window, limit: int = 10) -> list[Rated]:
    """Products that are surely the worst: by `rules.surely_bad`, at least five reviews and one bad one.

    Among the 200 products with the most bad reviews of the window.
    """
    bad = scope.within(ProductDay, window).filter(bad__gt=0).values("product").annotate(n=Sum("bad"))
    most = {row["product"]: row["n"] for row in bad.order_by("-n", "product")[:_WEIGHED]}
    judged = _sums(scope, window, most, "judged")
    ranked = sorted(
        (pk for pk in most if judged[pk] >= rules.ENOUGH_REVIEWS),
        key=lambda pk: (-rules.surely_bad(most[pk], judged[pk]), -most[pk], pk),
    )[:limit]
    before = window.before()
    bad_before, judged_before = (_sums(scope, before, ranked, name) for name in ("bad", "judged"))
    causes = _main_causes(scope, window, ranked)
    products = Product.objects.select_related("store").in_bulk(ranked)
    return [
        Rated(
            products[pk],
            Figure(rules.BAD_RATE, most[pk], judged[pk]),
            Figure(rules.BAD_RATE, bad_before.get(pk, 0), judged_before.get(pk, 0)),
            causes.get(pk, ""),
        )
        for pk in ranked
    ]


def _sums(scope: Scope, window: Window, products: Iterable[int], name: str) -> dict[int, int]:
    rows = scope.within(ProductDay, window).filter(product__in=list(products)).values("product")
    return {row["product"]: row["n"] for row in rows.annotate(n=Sum(name))}


def _main_causes(scope: Scope, window: Window, products: Iterable[int]) -> dict[int, str]:
    rows = scope.within(ProductDay, window).filter(product__in=list(products), bad__gt=0).exclude(cause="")
    found: dict[int, str] = {}
    for row in rows.values("product", "cause").annotate(n=Sum("bad")).order_by("-n", "cause"):
        found.setdefault(row["product"], row["cause"])
    return found


def as_of(scope: Scope) -> datetime:
    """Up to when everything is counted: now, or the moment of the oldest change that waits to be counted."""
    since = work.stale_since(scope.ids)
    return min(since, scope.now) if since is not None else scope.now


def counted_before(scope: Scope) -> bool:
    """Whether these stores have any review in the rollups, of whatever day."""
    return bool(ReviewDay.objects.filter(store__in=scope.ids).aggregate(first=Min("day"))["first"])
