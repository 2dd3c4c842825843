"""Counting: what the rollups of some days must say, from the raw rows, and what they do say. Reads only.

Both come as the same value, so that "the figures are right" is one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, TruncDate

from wanhui.analytics import models, rules
from wanhui.cases.models import Case
from wanhui.cases.rules import ANSWERED_WITHIN
from wanhui.kit.batches import chunks
from wanhui.language import CAUSES
from wanhui.reviews.models import Review
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict

ONE_DAY = timedelta(days=1)
# Days nearer together than this are read as one stretch of time.
_GAP = timedelta(days=31)

ReviewKey = tuple[date, str]
ProductKey = tuple[date, int, str]


@dataclass(slots=True)
class Tally:
    """The counts of some days of one store, as the rollup tables hold them; a count of nothing has no key.

    reviews: (judged, bad, middling, praised); subs: bad, by (day, finer cause); products: (judged, bad); cases: (seen,
    clocked, in_time, late); endings: closed, by (day, outcome).
    """

    reviews: dict[ReviewKey, tuple[int, int, int, int]] = field(default_factory=dict)
    subs: dict[ReviewKey, int] = field(default_factory=dict)
    products: dict[ProductKey, tuple[int, int]] = field(default_factory=dict)
    cases: dict[date, tuple[int, int, int, int]] = field(default_factory=dict)
    endings: dict[tuple[date, str], int] = field(default_factory=dict)


def differing(one: Tally, other: Tally) -> set[date]:
    """The days on which two tallies disagree."""
    found = {key[0] for key, _n in one.reviews.items() ^ other.reviews.items()}
    found |= {key[0] for key, _n in one.subs.items() ^ other.subs.items()}
    found |= {key[0] for key, _n in one.products.items() ^ other.products.items()}
    found |= {key[0] for key, _n in one.endings.items() ^ other.endings.items()}
    return found | {day for day, _n in one.cases.items() ^ other.cases.items()}


def counted(store: Store, days: Sequence[date]) -> Tally:
    """What the rollups of these days must say, counted from reviews, verdicts and cases."""
    tally = Tally()
    _count_reviews(tally, store, days)
    _count_cases(tally, store, days)
    return tally


def stored(store: Store, days: Sequence[date]) -> Tally:
    """What the rollups of these days say now."""
    here = {"store": store, "day__in": list(days)}
    reviews = models.ReviewDay.objects.filter(**here).values_list(
        "day", "cause", "judged", "bad", "middling", "praised"
    )
    subs = models.SubDay.objects.filter(**here).values_list("day", "sub", "bad")
    products = models.ProductDay.objects.filter(**here).values_list("day", "product_id", "cause", "judged", "bad")
    cases = models.CaseDay.objects.filter(**here).values_list("day", "seen", "clocked", "in_time", "late")
    endings = models.EndingDay.objects.filter(**here).values_list("day", "outcome", "closed")
    return Tally(
        {(day, cause): (judged, bad, mid, praised) for day, cause, judged, bad, mid, praised in reviews},
        {(day, sub): bad for day, sub, bad in subs},
        {(day, product, cause): (judged, bad) for day, product, cause, judged, bad in products},
        {day: (seen, clocked, in_time, late) for day, seen, clocked, in_time, late in cases},
        {(day, outcome): closed for day, outcome, closed in endings},
    )


def days_of(store: Store) -> list[date]:
    """Every day of a store for which there is or was anything to count, in order."""
    reviews, zone = Review.objects.filter(store=store), ZoneInfo(store.timezone)
    found = set(reviews.exclude(said_on=None).values_list("said_on", flat=True).distinct())
    moments: list[tuple[QuerySet[Any], str]] = [
        (reviews.filter(said_on=None), "seen_at"),
        (Case.objects.filter(store=store), "seen_at"),
        (Case.objects.filter(store=store).exclude(closed_at=None), "closed_at"),
    ]
    for rows, moment in moments:
        found |= set(rows.order_by().values_list(TruncDate(moment, tzinfo=zone), flat=True).distinct())
    for table in (models.ReviewDay, models.SubDay, models.ProductDay, models.CaseDay, models.EndingDay):
        rollup: Any = table
        found |= set(rollup.objects.filter(store=store).values_list("day", flat=True).distinct())
    return sorted(day for day in found if day is not None)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the rollups of a store hold in all."""

    days: int
    judged: int
    bad: int
    cases: int
    closed: int


def totals(store: Store) -> Totals:
    """The sums of a store's rollups over every day."""
    reviews = models.ReviewDay.objects.filter(store=store).aggregate(
        days=Count("day", distinct=True), judged=Sum("judged", default=0), bad=Sum("bad", default=0)
    )
    cases = models.CaseDay.objects.filter(store=store).aggregate(n=Sum("seen", default=0))["n"]
    closed = models.EndingDay.objects.filter(store=store).aggregate(n=Sum("closed", default=0))["n"]
    return Totals(reviews["days"], reviews["judged"], reviews["bad"], cases, closed)


def wrong_days(store: Store) -> list[date]:
    """The days of a store whose rollups are not what the raw rows say."""
    found: set[date] = set()
    for days in chunks(days_of(store), 100):
        found |= differing(counted(store, days), stored(store, days))
    return sorted(found)


def praises(code: str) -> Q:
    """Verdicts that praise what this cause is about; needs `with_praises`.

    Both databases write the list of praises as the same text, and a code stands there under this one key only.
    """
    return Q(praises_text__contains=f'"code": "{code}"')


def with_praises(verdicts: QuerySet[Any]) -> QuerySet[Any]:
    """These verdicts with their praises as a text."""
    told: QuerySet[Any] = verdicts.annotate(praises_text=Cast("praises", TextField()))
    return told


def _first_texts(store: Store) -> QuerySet[Verdict]:
    return Verdict.objects.filter(current=True, follow_up=None, review__store=store).order_by()


def _count_reviews(tally: Tally, store: Store, days: Sequence[date]) -> None:
    """A text counts on the day it was said; without a date on the day it was seen."""
    texts, zone = _first_texts(store), ZoneInfo(store.timezone)
    by = ("primary", "sub", "review__product")
    dated = texts.filter(review__said_on__in=days).annotate(day=F("review__said_on"))
    rows = [*with_praises(dated).values("day", *by).annotate(**_TEXT_COUNTS)]
    seen = _span(Review.objects.filter(store=store), "seen_at")
    undated = with_praises(texts.filter(review__said_on=None))
    rows += _by_day(undated, "review__seen_at", seen, days, zone, by, _TEXT_COUNTS)
    reviews: dict[ReviewKey, list[int]] = {}
    products: dict[ProductKey, list[int]] = {}
    for row in rows:
        day, cause, product = row["day"], row["primary"], row["review__product"]
        judged, bad = row["judged"], row["bad_ones"]
        _add(reviews.setdefault((day, cause), [0, 0, 0, 0]), judged, bad, row["middling_ones"])
        if row["sub"] and bad:
            tally.subs[day, row["sub"]] = tally.subs.get((day, row["sub"]), 0) + bad
        if product is not None:
            _add(products.setdefault((day, product, cause), [0, 0]), judged, bad)
        for code, name in _PRAISED:
            if row[name]:
                reviews.setdefault((day, code), [0, 0, 0, 0])[3] += row[name]
    tally.reviews = {key: (n[0], n[1], n[2], n[3]) for key, n in reviews.items()}
    tally.products = {key: (n[0], n[1]) for key, n in products.items()}


def _add(sums: list[int], *counts: int) -> None:
    for place, n in enumerate(counts):
        sums[place] += n


_PRAISED = [(code, f"praise_{code}") for code in CAUSES]
_TEXT_COUNTS: dict[str, Any] = {
    "judged": Count("pk"),
    "bad_ones": Count("pk", filter=Q(bad=True)),
    "middling_ones": Count("pk", filter=Q(middling=True)),
    **{name: Count("pk", filter=praises(code)) for code, name in _PRAISED},
}
_CLOCKED = Q(reply_due_at__isnull=False)
_ANSWERED = _CLOCKED & Q(first_reply_at__isnull=False)
_CASE_COUNTS: dict[str, Any] = {
    "seen": Count("pk"),
    "clocked": Count("pk", filter=_CLOCKED),
    "answered": Count("pk", filter=_ANSWERED),
    "in_time": Count("pk", filter=_ANSWERED & Q(first_reply_at__lte=F("seen_at") + ANSWERED_WITHIN)),
}


def _count_cases(tally: Tally, store: Store, days: Sequence[date]) -> None:
    cases, zone = Case.objects.filter(store=store).order_by(), ZoneInfo(store.timezone)
    for row in _by_day(cases, "seen_at", _span(cases, "seen_at"), days, zone, (), _CASE_COUNTS):
        tally.cases[row["day"]] = (row["seen"], row["clocked"], row["in_time"], row["answered"] - row["in_time"])
    closed = _by_day(cases, "closed_at", _span(cases, "closed_at"), days, zone, ("outcome",), {"n": Count("pk")})
    tally.endings = {(row["day"], row["outcome"]): row["n"] for row in closed}


def _span(rows: QuerySet[Any], moment: str) -> tuple[datetime, datetime] | None:
    """The first and the last of these moments: an archive is older than the desk, and need not be looked through."""
    there = rows.exclude(**{moment: None})
    first = there.order_by(moment).values_list(moment, flat=True).first()
    last = there.order_by(f"-{moment}").values_list(moment, flat=True).first()
    return (first, last) if first is not None and last is not None else None


def _by_day(
    rows: QuerySet[Any],
    moment: str,
    span: tuple[datetime, datetime] | None,
    days: Sequence[date],
    zone: ZoneInfo,
    by: Sequence[str],
    counts: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Rows whose moment falls on one of the days in the zone, counted by day and `by`."""
    if span is None:
        return
    first_day, last_day = (end.astimezone(zone).date() for end in span)
    wanted = {day for day in days if first_day <= day <= last_day}
    for first, last in rules.stretches(sorted(wanted), _GAP):
        start = datetime.combine(first, time.min, zone)
        end = datetime.combine(last + ONE_DAY, time.min, zone)
        there = rows.filter(**{f"{moment}__gte": start, f"{moment}__lt": end})
        by_day = there.annotate(day=TruncDate(moment, tzinfo=zone)).values("day", *by).annotate(**counts)
        yield from (row for row in by_day if row["day"] in wanted)
