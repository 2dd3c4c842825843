"""The order of the queue and its pages by key, in SQL. It reads columns of one index only, whatever is stored."""

from datetime import datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import DateTimeField, F, IntegerField, Q, QuerySet, Value, When

from wanhui.cases import rules
from wanhui.cases.models import Case

# segment (rules.segment; 0 when sorted by time alone), moment in ISO, id
QueueKey = tuple[int, str, int]
RUNNING = Q(first_reply_at=None, reply_due_at__isnull=False)


def page(
    cases: QuerySet[Case],
    sort: str,
    now: datetime,
    *,
    after: QueueKey | None = None,
    limit: int,
    backwards: bool = False,
) -> list[QueueKey]:
    """The keys of the cases that follow `after` in the order asked for (those before it, nearest first, `backwards`).

    sort: "" by urgency, "newest", "oldest". One query.
    """
    falling = (sort == "newest") != backwards
    placed = cases.annotate(segment=_segment(sort, now), moment=_moment(sort))
    if after is not None:
        placed = placed.filter(_beyond(after, falling=falling))
    sign = "-" if falling else ""
    rows = placed.order_by(f"{sign}segment", f"{sign}moment", f"{sign}pk").values_list("segment", "moment", "pk")
    return [(segment, moment.isoformat(), pk) for segment, moment, pk in rows[:limit]]


def key(case: Case, sort: str, now: datetime) -> QueueKey:
    """Where one open case stands in this order: the same as in SQL; a test holds the two together."""
    if sort:
        return 0, case.seen_at.isoformat(), case.pk
    running = case.first_reply_at is None and case.reply_due_at is not None
    moment = case.reply_due_at if running and case.reply_due_at else case.seen_at
    return rules.segment(case.severity, case.reply_due_at, case.first_reply_at, now), moment.isoformat(), case.pk


def _beyond(after: QueueKey, *, falling: bool) -> Q:
    segment, text, pk = after
    moment, sense = datetime.fromisoformat(text), "lt" if falling else "gt"
    return (
        Q(**{f"segment__{sense}": segment})
        | Q(segment=segment, **{f"moment__{sense}": moment})
        | Q(segment=segment, moment=moment, **{f"pk__{sense}": pk})
    )


def _segment(sort: str, now: datetime) -> Choose | Value:
    """`rules.segment` in SQL."""
    if sort:
        return Value(0, output_field=IntegerField())
    pressing = RUNNING & Q(reply_due_at__lte=now + timedelta(hours=4))
    return Choose(
        When(RUNNING & Q(severity=1), then=Value(rules.DANGER)),
        When(severity=1, then=Value(rules.DANGER_STILL)),
        When(pressing, then=Value(rules.PRESSING)),
        When(RUNNING & Q(severity=2), then=Value(rules.HEAVY)),
        When(severity=2, then=Value(rules.HEAVY_STILL)),
        When(RUNNING, then=Value(rules.NORMAL)),
        default=Value(rules.NORMAL_STILL),
        output_field=IntegerField(),
    )


def _moment(sort: str) -> Choose | F:
    if sort:
        return F("seen_at")
    return Choose(When(RUNNING, then=F("reply_due_at")), default=F("seen_at"), output_field=DateTimeField())
