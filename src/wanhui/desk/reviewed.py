"""The list of reviews: which ones, page by key, quick however many there are.

Every store is asked for its newest page by an index of its own, and the pages are merged: that costs the same for a
small store in a large desk as for a large one. docs/decisions/0008-search.md has the measurements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from wanhui.accounts.models import User
from wanhui.analytics.counting import praises, with_praises
from wanhui.kit.batches import chunks
from wanhui.replies import queries as replies
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.models import OwnFound, Verdict

DayKey = tuple[date | None, int]
NO_CAUSE = "none"
_STORES_AT_ONCE = 100  # SQLite takes 500 parts of one statement
_STRETCH = (150, 1_000)
_ANY = -1
_MOODS = {
    "bad": (Q(bad=True),),
    "middling": (Q(middling=True),),
    "good": (Q(bad=False, middling=False),),
    "open": (Q(Q(bad=True) | Q(middling=True), no_text=False, answered=False),),
    "judged": (Q(bad=True), Q(bad=False)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `mood` is that of the first text: bad, middling, good, judged, or "open": bad or
    middling with words and without an answer; `cause` is its main cause or the finer one of that
    ("quality.taste"), or "none"; `own` a shop's own cause, by id; `praise` is a cause it praises;
    `later` the kind of one of its follow-ups;
    `since` and `until` are days, both included, of when it was said, or seen where that is not known."""

    store: int | None = None
    mood: str = ""
    cause: str = ""
    praise: str = ""
    own: int | None = None
    later: str = ""
    product: int | None = None
    customer: int | None = None
    since: date | None = None
    until: date | None = None


def listed(user: User, wanted: Wanted, *, kind: str, before: DayKey | None, limit: int) -> list[Review]:
    """At most `limit` reviews of the open stores of one kind that this person works in: the newest first, those
    without a date last, behind the key `before`."""
    mine = stores.visible(user, kind).only("pk", "timezone")
    if wanted.store is not None:
        mine = mine.filter(pk=wanted.store)
    if wanted.product is not None:
        mine = mine.filter(products=wanted.product)
    if wanted.customer is not None:
        mine = mine.filter(customers=wanted.customer)
    places = list(mine)
    find = _unanswered if wanted.mood == "open" else _rows
    found = find(places, wanted, before, limit)
    ids = [pk for _day, pk in found]
    rows = Review.objects.filter(pk__in=ids).select_related("store", "product", "case_review__case")
    by_id = {review.pk: review for review in rows}
    return [by_id[pk] for pk in ids if pk in by_id]


def _rows(places: Sequence[Store], wanted: Wanted, before: DayKey | None, limit: int) -> list[DayKey]:
    """The keys of the newest reviews that fit, in order."""
    day = before[0] if before else None
    found: list[DayKey] = []
    if before is None or day is not None:
        found = _newest(places, wanted, limit, dated=True, before=before)
    if len(found) < limit:
        after = before if day is None else None
        found += _newest(places, wanted, limit - len(found), dated=False, before=after)
    return found


def _unanswered(places: Sequence[Store], wanted: Wanted, before: DayKey | None, limit: int) -> list[DayKey]:
    """Of those that fit, the ones without an answer: asked of a stretch of the merged list at a time, because asking
    in every store would ask far more often than a page needs."""
    found: list[DayKey] = []
    size = _STRETCH[0]
    while len(found) < limit and (rows := _rows(places, wanted, before, size)):
        some = Review.objects.filter(pk__in=[pk for _day, pk in rows])
        open_ones = set(replies.unanswered(some).values_list("pk", flat=True))
        found += [row for row in rows if row[1] in open_ones]
        if len(rows) < size:
            break
        before, size = rows[-1], _STRETCH[1]
    return found[:limit]


def _newest(
    places: Sequence[Store], wanted: Wanted, limit: int, *, dated: bool, before: DayKey | None
) -> list[DayKey]:
    """The keys of the newest reviews of these stores, with a date or without."""
    found: list[tuple[Any, int]] = []
    asked = {zone: _statements(zone, wanted, limit, dated, before) for zone in {store.timezone for store in places}}
    for some in chunks(places, _STORES_AT_ONCE):
        found += _together([
            (sql, [store.pk if value == _ANY else value for value in values])
            for store in some for sql, values in asked[store.timezone]
        ])  # fmt: skip
    # Days come as the database writes them, which is in their order.
    found.sort(key=lambda row: (str(row[0] or ""), row[1]), reverse=True)
    return [(date.fromisoformat(str(day)) if day else None, pk) for day, pk in found[:limit]]


def _statements(
    zone: str, wanted: Wanted, limit: int, dated: bool, before: DayKey | None
) -> list[tuple[str, list[Any]]]:
    """The questions for the newest of one store, whose id stands as `_ANY` among the values: made once for all stores
    of a time zone, because Django takes longer to put a question than the database to answer it."""
    made = []
    for rows, pk, seen in _parts(wanted):
        within = _in_time(rows, ZoneInfo(zone), wanted, dated, before, pk, seen).order_by("-said_on", f"-{pk}")
        sql, values = within.values_list("said_on", pk)[:limit].query.sql_with_params()
        made.append((sql, list(values)))
    return made


def _parts(wanted: Wanted) -> Iterable[tuple[QuerySet[Any], str, str]]:
    """What of one store fits, each with the names of the review's id and moment: from the verdicts where these narrow
    most, which then lie in an index by store, mood or cause, and day."""
    moods = _MOODS.get(wanted.mood, (Q(),))
    told = wanted.mood or wanted.cause or wanted.praise
    if wanted.own is not None or wanted.later:
        found = _with_own(wanted) if wanted.own is not None else _with_later(wanted)
        yield _narrowed(found, wanted, moods), "review_id", "review__seen_at"
        return
    if wanted.product is None and wanted.customer is None and told:
        for mood in [Q()] if wanted.cause and wanted.mood == "judged" else moods:
            verdicts = Verdict.objects.filter(mood, current=True, follow_up=None, store_ref=_ANY)
            verdicts = _about(verdicts, wanted)
            yield verdicts, "review_id", "review__seen_at"
        return
    reviews = Review.objects.filter(store=_ANY)
    if wanted.product is not None:
        reviews = reviews.filter(product=wanted.product)
    if wanted.customer is not None:
        reviews = reviews.filter(case_review__case__customer=wanted.customer)
    if told:
        fits = Q()
        for mood in moods:
            fits |= mood
        verdicts = Verdict.objects.filter(fits, review=OuterRef("pk"), current=True, follow_up=None)
        reviews = reviews.filter(Exists(_about(verdicts, wanted)))
    yield reviews, "pk", "seen_at"


def _with_own(wanted: Wanted) -> QuerySet[Any]:
    """Where a shop's own cause was found, read from an index by cause and day."""
    found = OwnFound.objects.filter(OwnFound.HOLDS, cause=wanted.own, cause__store=_ANY)
    if not wanted.later:
        return found
    return found.filter(Exists(_follow_ups_of(wanted.later).filter(review=OuterRef("review_id"))))


def _with_later(wanted: Wanted) -> QuerySet[Any]:
    """Where a follow-up is of a kind, read from an index by kind and day; each review once."""
    return _follow_ups_of(wanted.later).filter(store_ref=_ANY).distinct()


def _follow_ups_of(kind: str) -> QuerySet[Verdict]:
    return Verdict.objects.filter(current=True, follow_up__isnull=False, kind=kind)


def _narrowed(found: QuerySet[Any], wanted: Wanted, moods: Iterable[Q]) -> QuerySet[Any]:
    """What was found, as far as its review is of the product and customer and its first text is judged as wanted."""
    if wanted.product is not None:
        found = found.filter(review__product=wanted.product)
    if wanted.customer is not None:
        found = found.filter(review__case_review__case__customer=wanted.customer)
    if wanted.mood or wanted.cause or wanted.praise:
        fits = Q()
        for mood in moods:
            fits |= mood
        verdicts = Verdict.objects.filter(fits, review=OuterRef("review_id"), current=True, follow_up=None)
        found = found.filter(Exists(_about(verdicts, wanted)))
    return found


def _about(verdicts: QuerySet[Verdict], wanted: Wanted) -> QuerySet[Verdict]:
    """Those with the main cause and the praise that are wanted, as the figures count them."""
    if "." in wanted.cause:
        verdicts = verdicts.filter(sub=wanted.cause)
    elif wanted.cause:
        verdicts = verdicts.filter(primary="" if wanted.cause == NO_CAUSE else wanted.cause)
    return with_praises(verdicts).filter(praises(wanted.praise)) if wanted.praise else verdicts


def _in_time(
    rows: QuerySet[Any], zone: ZoneInfo, wanted: Wanted, dated: bool, before: DayKey | None, pk: str, seen: str
) -> QuerySet[Any]:
    """Those within the days, behind the key, with a date or without."""
    rows = rows.filter(said_on__isnull=not dated)
    if wanted.since is not None:
        begin = datetime.combine(wanted.since, time.min, zone)
        rows = rows.filter(said_on__gte=wanted.since) if dated else rows.filter(**{f"{seen}__gte": begin})
    if wanted.until is not None:
        end = datetime.combine(wanted.until + timedelta(days=1), time.min, zone)
        rows = rows.filter(said_on__lte=wanted.until) if dated else rows.filter(**{f"{seen}__lt": end})
    if before is not None:
        day, last = before
        older = Q(**{f"{pk}__lt": last})
        # The first bound is for the index: an "or" alone would read everything from the newest on.
        rows = rows.filter(older | Q(said_on__lt=day), said_on__lte=day) if day is not None else rows.filter(older)
    return rows


def _together(parts: Sequence[tuple[str, list[Any]]]) -> list[tuple[Any, int]]:
    """The answers to all these questions in one statement. (Django joins no sliced queries on SQLite.)"""
    sql = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part_{number}" for number, (sql, _values) in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, values in parts for value in values])
        return [(day, pk) for day, pk in cursor.fetchall()]
