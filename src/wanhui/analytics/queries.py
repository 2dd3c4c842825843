"""Figures over the stores a person may see; real stores only unless asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from wanhui.accounts.models import User
from wanhui.analytics import rules
from wanhui.analytics.rules import Figure
from wanhui.cases import queries as cases
from wanhui.cases.models import Case
from wanhui.cases.rules import UNCOUNTED, WON_BACK
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict

DAY = timedelta(hours=24)


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


def figures(
    user: User, now: datetime, *, days: int = 30, kind: str = Store.Kind.REAL, store_id: int | None = None
) -> Figures:
    """Every figure of the desk at `now`, over stores of one kind (or one of them) that this person works in."""
    since = now - timedelta(days=days)
    all_cases = cases.visible(user, kind)
    verdicts = _first_texts(user, kind, since)
    if store_id is not None:
        all_cases, verdicts = all_cases.filter(store_id=store_id), verdicts.filter(review__store_id=store_id)
    counted = verdicts.aggregate(all=Count("pk"), bad=Count("pk", filter=Q(bad=True)))
    closed = all_cases.filter(closed_at__gte=since, closed_at__lte=now)
    return Figures(
        days=days,
        bad_rate=Figure(rules.BAD_RATE, counted["bad"], counted["all"]),
        answered_24h=_answered(all_cases, since, now),
        won_back=_won_back(closed),
        open_cases=all_cases.filter(closed_at=None).count(),
        late_cases=all_cases.filter(closed_at=None, first_reply_at=None, reply_due_at__lt=now).count(),
        closed_cases=closed.count(),
        causes=_by_cause(verdicts),
    )


def _first_texts(user: User, kind: str, since: datetime) -> QuerySet[Verdict]:
    """Current verdicts on first texts published since then; a text without a date counts by when it was seen."""
    visible = stores.visible(user, kind)
    found = Verdict.objects.filter(current=True, follow_up=None, review__store__in=visible)
    return found.annotate(day=Coalesce("review__said_on", TruncDate("review__seen_at"))).filter(day__gte=since.date())


def _answered(all_cases: QuerySet[Case], since: datetime, now: datetime) -> Figure:
    with_clock = all_cases.filter(seen_at__gte=since, reply_due_at__isnull=False)
    # A case still inside its day and unanswered is neither a success nor a failure yet.
    decided = with_clock.filter(Q(first_reply_at__isnull=False) | Q(seen_at__lte=now - DAY))
    in_time = decided.filter(first_reply_at__lte=F("seen_at") + DAY)
    return Figure(rules.ANSWERED_24H, in_time.count(), decided.count())


def _won_back(closed: QuerySet[Case]) -> Figure:
    counted = closed.exclude(outcome__in=[o.value for o in UNCOUNTED])
    won = counted.filter(outcome__in=[o.value for o in WON_BACK])
    return Figure(rules.WON_BACK, won.count(), counted.count())


def _by_cause(verdicts: QuerySet[Verdict]) -> tuple[tuple[str, int], ...]:
    bad = verdicts.filter(bad=True).exclude(primary="")
    rows = bad.values("primary").annotate(n=Count("pk")).order_by("-n", "primary")
    return tuple((row["primary"], row["n"]) for row in rows)
