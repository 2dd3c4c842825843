"""Reading cases, from what a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from wanhui.accounts.models import User
from wanhui.cases import ordering, rules
from wanhui.cases.models import Case, CaseReview, Deed, Handover, LogLine
from wanhui.cases.ordering import QueueKey as QueueKey
from wanhui.cases.rules import Clock, Urgency, reply_clock, urgency
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person narrows the queue to; empty means everything.

    sort: "" for the most urgent first, "newest" or "oldest" by when they were seen. among: a condition of a room above.
    """

    store: int | None = None
    cause: str = ""
    platform: str = ""
    stage: str = ""
    mine: bool = False
    unassigned: bool = False
    handed: bool = False
    sort: str = ""
    among: Q | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case in the queue, with its clock and the reason for its place."""

    case: Case
    review: Review
    clock: Clock
    urgency: Urgency
    key: QueueKey




def visible(user: User, kind: str = Store.Kind.REAL) -> QuerySet[Case]:
    """Cases of the open stores of one kind that this person works in."""
    return Case.objects.filter(store__in=stores.visible(user, kind))


def case_for(user: User, pk: int) -> Case:
    """One case of a store this person works in, with its store and people; Http404 otherwise."""
    case = (
        Case.objects.filter(store__in=stores.reachable(user))
        .select_related("store", "assignee", "customer")
        .filter(pk=pk)
        .first()
    )
    if case is None:
        raise Http404
    return case


def reviews_of(case: Case) -> list[Review]:
    """The reviews of a case, oldest first, with product, follow-ups and current verdicts' rows at hand."""
    return list(
        Review.objects.filter(case_review__case=case)
        .select_related("product", "store")
        .prefetch_related("follow_ups", "edits")
        .order_by("said_on", "pk")
    )


def log_of(case: Case) -> QuerySet[LogLine]:
    """What happened in a case, newest first."""
    return case.log.select_related("by", "contact").order_by("-at", "-pk")


def _narrowed(cases: QuerySet[Case], user: User, wanted: QueueFilter) -> QuerySet[Case]:
    return cases.filter(narrowing(user, wanted))


def narrowing(user: User, wanted: QueueFilter) -> Q:
    """What a filter asks of a case, as one condition: for reading, and for counting several filters in one query."""
    asked = Q()
    if wanted.store is not None:
        asked &= Q(store_id=wanted.store)
    if wanted.cause:
        asked &= Q(primary=wanted.cause)
    if wanted.platform:
        asked &= Q(store__platform=wanted.platform)
    if wanted.stage:
        asked &= Q(stage=wanted.stage)
    if wanted.mine:
        asked &= Q(assignee=user)
    if wanted.unassigned:
        asked &= Q(assignee=None)
    if wanted.handed:
        asked &= Q(pk__in=Handover.objects.filter(to=user, ended_at=None).values("case"))
    if wanted.among is not None:
        asked &= wanted.among
    return asked


def queue(
    user: User,
    now: datetime,
    wanted: QueueFilter | None = None,
    *,
    kind: str = Store.Kind.REAL,
    after: QueueKey | None = None,
    limit: int = 50,
) -> list[Waiting]:
    """Open cases, most urgent first (see `rules.segment`), or by when they were seen, as the filter asks.

    after: the key of the last row of the page before (see `key_of`); pages never use an offset. Two queries decide
    and read: the order comes from an index alone, and only the rows of the page are read.
    """
    wanted = wanted or QueueFilter()
    cases = _narrowed(open_cases(user, kind), user, wanted)
    keys = ordering.page(cases, wanted.sort, now, after=after, limit=limit)
    found = (
        Case.objects.filter(pk__in=[pk for _segment, _moment, pk in keys])
        .select_related("store", "assignee")
        .prefetch_related(first_reviews())
        .in_bulk()
    )
    return [_waiting(found[key[2]], key, now) for key in keys if key[2] in found]


def open_cases(user: User, kind: str = Store.Kind.REAL) -> QuerySet[Case]:
    """The open cases this person may see, in no order."""
    return visible(user, kind).filter(closed_at=None)


def neighbours(
    user: User, now: datetime, case: Case, wanted: QueueFilter | None = None, *, kind: str = Store.Kind.REAL
) -> tuple[int | None, int | None]:
    """The cases before and after this one under a filter, where k and j go; (None, the first one) for a closed case.

    Two short queries by key, however many cases are open.
    """
    wanted = wanted or QueueFilter()
    cases = _narrowed(open_cases(user, kind), user, wanted).exclude(pk=case.pk)
    if case.closed_at is not None:
        first = ordering.page(cases, wanted.sort, now, limit=1)
        return None, first[0][2] if first else None
    here = ordering.key(case, wanted.sort, now)
    before = ordering.page(cases, wanted.sort, now, after=here, limit=1, backwards=True)
    after = ordering.page(cases, wanted.sort, now, after=here, limit=1)
    return before[0][2] if before else None, after[0][2] if after else None


def key_of(row: Waiting) -> QueueKey:
    """Where this row stands in the queue: the page after it begins here."""
    return row.key


def first_reviews() -> Prefetch[str, QuerySet[CaseReview], str]:
    """A case's reviews with their products, the first one first, as `shown_reviews`. One query."""
    rows = CaseReview.objects.select_related("review", "review__product").order_by("pk")
    return Prefetch("case_reviews", queryset=rows, to_attr="shown_reviews")


def _waiting(case: Case, key: QueueKey, now: datetime) -> Waiting:
    clock = reply_clock(case.reply_due_at, case.first_reply_at, now)
    review = case.shown_reviews[0].review  # type: ignore[attr-defined]
    return Waiting(case=case, review=review, clock=clock, urgency=urgency(case.severity, clock), key=key)


def open_count(user: User, kind: str = Store.Kind.REAL) -> int:
    """How many cases are open."""
    return open_cases(user, kind).count()


def counts(user: User, filters: Sequence[QueueFilter], *, kind: str = Store.Kind.REAL) -> list[int]:
    """How many open cases each of these filters shows, in their order. One query for all of them."""
    asked = {f"n{i}": Count("pk", filter=narrowing(user, each)) for i, each in enumerate(filters)}
    found = open_cases(user, kind).aggregate(**asked) if asked else {}
    return [found[f"n{i}"] for i in range(len(filters))]


def handed_to(user: User, cases: Iterable[int]) -> dict[int, Handover]:
    """The hand-overs to this person that wait, among these cases, by case. One query."""
    waiting = Handover.objects.filter(to=user, ended_at=None, case__in=list(cases)).select_related("by")
    return {handover.case_id: handover for handover in waiting.order_by("at")}


def handover_of(case: Case) -> Handover | None:
    """The hand-over of a case that still waits for somebody's "I have it"."""
    return case.handovers.filter(ended_at=None).select_related("by", "to").order_by("-at").first()


def last_deed(user: User, now: datetime) -> Deed | None:
    """What this person did last, if it can still be undone."""
    last = Deed.objects.filter(by=user).order_by("-pk").first()
    return last if last is not None and last.undone_at is None and rules.undoable(last.at, now) else None


def deed_for(user: User, pk: int) -> Deed:
    """A deed of this person's own; Http404 otherwise."""
    return get_object_or_404(Deed, pk=pk, by=user)


def chosen(user: User, pks: Sequence[int]) -> list[Case]:
    """The cases with these ids that lie in a store this person works in."""
    return list(Case.objects.filter(store__in=stores.reachable(user), pk__in=pks).select_related("store"))
