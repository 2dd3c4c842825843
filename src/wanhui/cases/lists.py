"""All cases, open and closed, narrowed and paged by key: what the dashboard's numbers lead to.

The definitions are those of the figures: answered within 24 hours of being seen, won back as `rules.WON_BACK`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from wanhui.accounts.models import User
from wanhui.cases.models import Case
from wanhui.cases.queries import first_reviews
from wanhui.cases.rules import ANSWERED_WITHIN, UNCOUNTED, WON_BACK, Outcome
from wanhui.stores import queries as stores
from wanhui.stores.models import Store

ListKey = tuple[datetime, int]
COUNTED_TO = 10_000
OUTCOME_GROUPS = {
    "won": tuple(o.value for o in WON_BACK),
    "uncounted": tuple(o.value for o in UNCOUNTED),
    "counted": tuple(o.value for o in Outcome if o not in UNCOUNTED),
}


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list is narrowed to; empty means everything. Days are whole days in each store's own time zone.

    state: open or closed. outcome: won, counted, uncounted, or one of `Outcome`. answered: in_time, late, none (the
    day is over without an answer), waiting, decided (in_time, late and none: the share's denominator).
    """

    state: str = ""
    outcome: str = ""
    answered: str = ""
    store: int | None = None
    cause: str = ""
    platform: str = ""
    assignee: int | None = None
    seen_from: date | None = None
    seen_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None

    @property
    def by_closing(self) -> bool:
        """Closed cases stand by when they were closed, all others by when they were seen."""
        return self.state == "closed" or bool(self.outcome or self.closed_from or self.closed_to)


def listed(
    user: User,
    now: datetime,
    wanted: ListFilter,
    *,
    kind: str = Store.Kind.REAL,
    before: ListKey | None = None,
    limit: int = 50,
) -> list[Case]:
    """Cases, the last closed or last seen first; `before` is the key (moment, id) of the last row of the page before.

    Each comes with its store, who is in charge, and its first review in `shown_reviews[0].review`.
    """
    order = "closed_at" if wanted.by_closing else "seen_at"
    cases = narrowed(user, now, wanted, kind=kind)
    if before is not None:
        moment, pk = before
        cases = cases.filter(Q(**{f"{order}__lt": moment}) | Q(**{order: moment}, pk__lt=pk))
    pks = list(cases.order_by(f"-{order}", "-pk").values_list("pk", flat=True)[:limit])
    found = (
        Case.objects.filter(pk__in=pks)
        .select_related("store", "assignee")
        .prefetch_related(first_reviews())
        .in_bulk()
    )
    return [found[pk] for pk in pks if pk in found]


def key_of(case: Case, wanted: ListFilter) -> ListKey:
    """Where a case stands in the list of this filter."""
    closed = case.closed_at if wanted.by_closing else None
    return closed or case.seen_at, case.pk


def count(user: User, now: datetime, wanted: ListFilter, *, kind: str = Store.Kind.REAL) -> int:
    """How many cases the filter shows, at most `COUNTED_TO` + 1: nobody waits for the counting of an archive."""
    return narrowed(user, now, wanted, kind=kind).order_by()[: COUNTED_TO + 1].count()


def narrowed(user: User, now: datetime, wanted: ListFilter, *, kind: str = Store.Kind.REAL) -> QuerySet[Case]:
    """The cases of this filter, in no order, over the open stores of one kind that this person works in."""
    mine = list(stores.visible(user, kind))
    if wanted.store is not None:
        mine = [store for store in mine if store.pk == wanted.store]
    if wanted.platform:
        mine = [store for store in mine if store.platform == wanted.platform]
    cases = Case.objects.filter(_in_stores(mine, wanted)).filter(_ended(wanted)).filter(_answered(wanted.answered, now))
    if wanted.cause:
        cases = cases.filter(primary=wanted.cause)
    if wanted.assignee is not None:
        cases = cases.filter(assignee=wanted.assignee)
    return cases


def _in_stores(mine: list[Store], wanted: ListFilter) -> Q:
    """The stores, with the days as moments of each store's clock: one condition for each time zone among them."""
    if not any((wanted.seen_from, wanted.seen_to, wanted.closed_from, wanted.closed_to)):
        return Q(store__in=[store.pk for store in mine])
    asked = Q(pk__in=[])
    for zone in {store.timezone for store in mine}:
        here = Q(store__in=[store.pk for store in mine if store.timezone == zone])
        asked |= here & _days("seen_at", wanted.seen_from, wanted.seen_to, zone) & _days(
            "closed_at", wanted.closed_from, wanted.closed_to, zone
        )
    return asked


def _days(field: str, first: date | None, last: date | None, zone: str) -> Q:
    asked = Q()
    if first is not None:
        asked &= Q(**{f"{field}__gte": _midnight(first, zone)})
    if last is not None:
        asked &= Q(**{f"{field}__lt": _midnight(last + timedelta(days=1), zone)})
    return asked


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _ended(wanted: ListFilter) -> Q:
    asked = Q()
    if wanted.state == "open":
        asked &= Q(closed_at=None)
    elif wanted.by_closing:
        asked &= Q(closed_at__isnull=False)
    if wanted.outcome:
        asked &= Q(outcome__in=OUTCOME_GROUPS.get(wanted.outcome, (wanted.outcome,)))
    return asked


def _answered(how: str, now: datetime) -> Q:
    over = Q(seen_at__lte=now - ANSWERED_WITHIN)
    clocked = Q(reply_due_at__isnull=False)
    in_time = clocked & Q(first_reply_at__lte=F("seen_at") + ANSWERED_WITHIN)
    late = clocked & Q(first_reply_at__gt=F("seen_at") + ANSWERED_WITHIN)
    silent = clocked & Q(first_reply_at=None)
    return {
        "in_time": in_time,
        "late": late,
        "none": silent & over,
        "waiting": silent & ~over,
        "decided": clocked & (Q(first_reply_at__isnull=False) | over),
    }.get(how, Q())
