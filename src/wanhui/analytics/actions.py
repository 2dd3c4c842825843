"""Counting days anew: the only writer of the rollups. What a day must say is in `counting`, for every caller."""

from collections.abc import Iterable, Sequence
from datetime import date
from time import monotonic

from django.db import transaction
from django.db.models import F

from wanhui.accounts.models import User
from wanhui.analytics import counting
from wanhui.analytics.counting import Tally
from wanhui.analytics.models import CaseDay, Count, EndingDay, ProductDay, ReviewDay, SubDay
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.stores.models import Store
from wanhui.work import actions as work

# So many days at a time, and fewer where writing them keeps other writers waiting for longer than this.
_DAYS, _FEWEST_DAYS, _MOST_DAYS, _SECONDS = 60, 5, 240, 0.2


def recount() -> int:
    """Count anew every day that was marked stale, in every store; how many days said something else before.

    Idempotent, and safe beside other workers and writers: a mark goes only when the day was counted after it was
    made. A worker that dies in between leaves the marks, and the days are counted again.
    """
    changed = 0
    while (marks := work.stale_days()).ids:
        for store in Store.objects.filter(pk__in=marks.days).order_by("pk"):
            days = marks.days[store.pk]
            changed += len(_count(store, counting.days_of(store) if days is None else sorted(days)))
        work.counted(marks)
    return changed


def rebuild(*, actor: User | None) -> dict[int, list[date]]:
    """Count every day of every store anew from the raw rows; by store the days whose rollups had been wrong.

    What was only waiting to be counted is counted first: a figure that lags is not a wrong one.
    """
    recount()
    found: dict[int, list[date]] = {}
    days = 0
    for store in Store.objects.order_by("pk"):
        every = counting.days_of(store)
        days += len(every)
        if wrong := _count(store, every):
            found[store.pk] = wrong
    with transaction.atomic():
        counts = {"days": days, "differed": sum(map(len, found.values()))}
        record("analytics.rebuild", actor=actor, kind="figures", ref="all", counts=counts)
    return found


def _count(store: Store, days: Sequence[date]) -> list[date]:
    """Settle these days, part by part; those that were wrong."""
    wrong: list[date] = []
    done, size = 0, _DAYS
    while done < len(days):
        part = days[done : done + size]
        found, took = _settle(store, part)
        wrong += found
        done += len(part)
        if took > _SECONDS:
            size = max(_FEWEST_DAYS, size // 2)
        elif took < _SECONDS / 4:
            size = min(_MOST_DAYS, size * 2)
    return wrong


def _settle(store: Store, days: Sequence[date]) -> tuple[list[date], float]:
    """Make the rollups of these days say what the raw rows say; the days on which they did not, and for how many
    seconds it was written.

    The raw rows are read outside the transaction (SQLite has one writer). Whoever else counted this store meanwhile
    has moved its version: then what was read may be older than what was written, and it is read again.
    """
    while True:
        version = _version(store)
        must, have = counting.counted(store, days), counting.stored(store, days)
        wrong, began = sorted(counting.differing(must, have)), monotonic()
        with transaction.atomic():
            mine = Count.objects.filter(store=store, version=version)
            won = mine.update(version=F("version") + 1, counted_at=clock.now())
            if won and wrong:
                _write(store, wrong, must)
        if won:
            return wrong, monotonic() - began


def _version(store: Store) -> int:
    version = Count.objects.filter(store=store).values_list("version", flat=True).first()
    if version is None:
        Count.objects.bulk_create([Count(store=store)], ignore_conflicts=True)
        return 0
    return version


def _write(store: Store, days: Iterable[date], tally: Tally) -> None:
    wanted = set(days)
    for table in (ReviewDay, SubDay, ProductDay, CaseDay, EndingDay):
        table.objects.filter(store=store, day__in=wanted).delete()
    ReviewDay.objects.bulk_create(
        ReviewDay(store=store, day=day, cause=cause, judged=n[0], bad=n[1], middling=n[2], praised=n[3])
        for (day, cause), n in tally.reviews.items() if day in wanted
    )
    SubDay.objects.bulk_create(
        SubDay(store=store, day=day, sub=sub, bad=n) for (day, sub), n in tally.subs.items() if day in wanted
    )
    ProductDay.objects.bulk_create(
        ProductDay(store=store, day=day, product_id=product, cause=cause, judged=n[0], bad=n[1])
        for (day, product, cause), n in tally.products.items() if day in wanted
    )
    CaseDay.objects.bulk_create(
        CaseDay(store=store, day=day, seen=n[0], clocked=n[1], in_time=n[2], late=n[3])
        for day, n in tally.cases.items() if day in wanted
    )
    EndingDay.objects.bulk_create(
        EndingDay(store=store, day=day, outcome=outcome, closed=n)
        for (day, outcome), n in tally.endings.items() if day in wanted
    )
