"""Reading the verdicts that wait for a person."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from wanhui.accounts.models import User
from wanhui.kit import clock
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict

Key = tuple[int, int]
COUNTED_TO = 999


def waiting(places: Sequence[Store], *, older: bool = False) -> QuerySet[Verdict]:
    """Verdicts of these stores (visible ones) that a person must see first, the most urgent first, then the newest.

    older: those of reviews beyond the age up to which their store opens cases; else the young ones, with those whose
    day nobody knows. `after` goes on behind a key.
    """
    young = _young([(place.pk, place.max_case_age_days) for place in places])
    asked = Verdict.objects.filter(current=True, to_check=True)
    return asked.filter(young[1] if older else young[0]).order_by("severity", "-pk")


def _young(places: list[tuple[int, int]]) -> tuple[Q, Q]:
    """What is young, and what is older, in these stores; stores of equal age limits share a condition."""
    today = clock.now().date()
    limits: dict[int, list[int]] = {}
    for pk, days in places:
        limits.setdefault(days, []).append(pk)
    young, older = Q(pk__in=[]), Q(pk__in=[])
    for days, stores_of in limits.items():
        since = today - timedelta(days=days)
        here = Q(store_ref__in=stores_of)
        young |= here & (Q(said_on__gte=since) | Q(said_on__isnull=True))
        older |= here & Q(said_on__lt=since)
    return young, older


def after(found: QuerySet[Verdict], key: Key | None) -> QuerySet[Verdict]:
    """Those of `waiting` that come behind this key."""
    if key is None:
        return found
    severity, pk = key
    return found.filter(Q(severity__gt=severity) | Q(severity=severity, pk__lt=pk))


def key_of(verdict: Verdict) -> Key:
    """Where a verdict stands in `waiting`."""
    return verdict.severity, verdict.pk


def count(found: QuerySet[Verdict]) -> int:
    """How many there are, counted up to one more than COUNTED_TO."""
    return len(found.order_by().values_list("pk", flat=True)[: COUNTED_TO + 1])


def verdict_for(user: User, pk: int) -> Verdict:
    """One verdict of any store this person works in; Http404 otherwise."""
    seen = Verdict.objects.select_related("review__store", "follow_up", "by", "checked_by")
    return get_object_or_404(seen.filter(review__store__in=stores.reachable(user)), pk=pk)
