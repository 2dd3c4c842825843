"""Reading cases, from what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import DateTimeField, ExpressionWrapper, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.cases.models import Case, CaseReview, LogLine
from wanhui.cases.rules import Clock, Urgency, reply_clock, urgency
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person narrows the queue to; empty means everything."""

    store: int | None = None
    cause: str = ""
    platform: str = ""
    stage: str = ""
    mine: bool = False
    unassigned: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open case in the queue, with its clock and the reason for its place."""

    case: Case
    review: Review
    clock: Clock
    urgency: Urgency


QueueKey = tuple[int, str, int]
ClosedKey = tuple[datetime, int]
TEN_YEARS = timedelta(days=3650)


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
    if wanted.store is not None:
        cases = cases.filter(store_id=wanted.store)
    if wanted.cause:
        cases = cases.filter(primary=wanted.cause)
    if wanted.platform:
        cases = cases.filter(store__platform=wanted.platform)
    if wanted.stage:
        cases = cases.filter(stage=wanted.stage)
    if wanted.mine:
        cases = cases.filter(assignee=user)
    if wanted.unassigned:
        cases = cases.filter(assignee=None)
    return cases


def queue(
    user: User,
    now: datetime,
    wanted: QueueFilter | None = None,
    *,
    kind: str = Store.Kind.REAL,
    after: QueueKey | None = None,
    limit: int = 50,
) -> list[Waiting]:
    """Open cases, most urgent first: rank (now, today, later), then the clock, then the oldest.

    after: the key of the last row of the page before (see `key_of`); pages never use an offset.
    """
    cases = _narrowed(visible(user, kind).filter(closed_at=None), user, wanted or QueueFilter())
    cases = cases.annotate(rank=_rank(now), due=_due())
    if after is not None:
        rank, due_text, pk = after
        due = datetime.fromisoformat(due_text)
        cases = cases.filter(
            Q(rank__gt=rank) | Q(rank=rank, due__gt=due) | Q(rank=rank, due=due, pk__gt=pk)
        )
    cases = (
        cases.order_by("rank", "due", "pk")
        .select_related("store", "assignee")
        .prefetch_related(_first_reviews())[:limit]
    )
    return [_waiting(case, now) for case in cases]


def queue_ids(user: User, now: datetime, *, kind: str = Store.Kind.REAL, limit: int = 500) -> list[int]:
    """Ids of the most urgent open cases in the queue's order: what comes before and after a case."""
    cases = visible(user, kind).filter(closed_at=None).annotate(rank=_rank(now), due=_due())
    return list(cases.order_by("rank", "due", "pk").values_list("pk", flat=True)[:limit])


def key_of(row: Waiting) -> QueueKey:
    """Where this row stands in the queue: the page after it begins here."""
    case = row.case
    return (case.rank, case.due.isoformat(), case.pk)  # type: ignore[attr-defined]


def _rank(now: datetime) -> Choose:
    """`rules.urgency` in SQL; a test holds the two together."""
    late = Q(first_reply_at=None, reply_due_at__lt=now)
    soon = Q(first_reply_at=None, reply_due_at__lte=now + timedelta(hours=4))
    return Choose(
        When(Q(severity=1) | late, then=Value(0)),
        When(Q(severity=2) | soon, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _due() -> Choose:
    """What runs out first: the reply clock while it runs, else the day the case was seen, behind all clocks.

    Danger is moved ten years forward: somebody may be hurt, which no lateness outweighs.
    """
    running = Q(first_reply_at=None, reply_due_at__isnull=False)
    return Choose(
        When(running & Q(severity=1), then=_moved("reply_due_at", -TEN_YEARS)),
        When(severity=1, then=_moved("seen_at", -TEN_YEARS / 2)),
        When(running, then=F("reply_due_at")),
        default=_moved("seen_at", TEN_YEARS),
        output_field=DateTimeField(),
    )


def _moved(field: str, by: timedelta) -> Combinable:
    return ExpressionWrapper(F(field) + by, output_field=DateTimeField())


def _first_reviews() -> Prefetch[str, QuerySet[CaseReview], str]:
    rows = CaseReview.objects.select_related("review", "review__product").order_by("pk")
    return Prefetch("case_reviews", queryset=rows, to_attr="shown_reviews")


def _waiting(case: Case, now: datetime) -> Waiting:
    clock = reply_clock(case.reply_due_at, case.first_reply_at, now)
    review = case.shown_reviews[0].review  # type: ignore[attr-defined]
    return Waiting(case=case, review=review, clock=clock, urgency=urgency(case.severity, clock))


def open_count(user: User, kind: str = Store.Kind.REAL) -> int:
    """How many cases are open."""
    return visible(user, kind).filter(closed_at=None).count()


def closed(user: User, *, kind: str = Store.Kind.REAL, before: ClosedKey | None = None, limit: int = 50) -> list[Case]:
    """Closed cases, the last closed first; `before` is the key (moment closed, id) of the page before."""
    cases = visible(user, kind).exclude(closed_at=None)
    if before is not None:
        moment, pk = before
        cases = cases.filter(Q(closed_at__lt=moment) | Q(closed_at=moment, pk__lt=pk))
    cases = cases.order_by("-closed_at", "-pk").select_related("store", "assignee")
    return list(cases.prefetch_related(_first_reviews())[:limit])
