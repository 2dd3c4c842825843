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
    fits = Q(pk__in=[])
    for part in _parts(places, older):
        fits |= part
    return _asked().filter(fits).order_by("severity", "-pk")


def count(places: Sequence[Store], *, older: bool = False) -> int:
    """How many `waiting` finds, counted up to one more than COUNTED_TO. Each part is asked for itself: together they
    would read every old one too."""
    found = 0
    for part in _parts(places, older):
        found += len(_asked().filter(part).order_by().values_list("pk", flat=True)[: COUNTED_TO + 1 - found])
    return found


def _asked() -> QuerySet[Verdict]:
    return Verdict.objects.filter(current=True, to_check=True)


def _parts(places: Sequence[Store], older: bool) -> list[Q]:
    """What is young, or older, in these stores; stores of equal age limits share a condition."""
    today = clock.now().date()
    limits: dict[int, list[int]] = {}
    for place in places:
        limits.setdefault(place.max_case_age_days, []).append(place.pk)
    days = {limit: today - timedelta(days=limit) for limit in limits}
    if older:
        return [Q(store_ref__in=limits[limit], said_on__lt=day) for limit, day in days.items()]
    dated = [Q(store_ref__in=limits[limit], said_on__gte=day) for limit, day in days.items()]
    return [*dated, Q(store_ref__in=[place.pk for place in places], said_on__isnull=True)] if places else []


def after(found: QuerySet[Verdict], key: Key | None) -> QuerySet[Verdict]:
    """Those of `waiting` that come behind this key."""
    if key is None:
        return found
    severity, pk = key
    return found.filter(Q(severity__gt=severity) | Q(severity=severity, pk__lt=pk))


def key_of(verdict: Verdict) -> Key:
    """Where a verdict stands in `waiting`."""
    return verdict.severity, verdict.pk


def verdict_for(user: User, pk: int) -> Verdict:
    """One verdict of any store this person works in; Http404 otherwise."""
    seen = Verdict.objects.select_related("review__store", "follow_up", "by", "checked_by")
    return get_object_or_404(seen.filter(review__store__in=stores.reachable(user)), pk=pk)
