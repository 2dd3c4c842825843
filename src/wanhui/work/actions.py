"""Noting, claiming and finishing steps, and noting days to be counted anew: every change of these rows is here.

They are the desk's own bookkeeping, not deeds of a person: they leave no audit entry, the deeds they do leave theirs.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet

from wanhui.kit import clock
from wanhui.kit.batches import chunks
from wanhui.work import queue, rules
from wanhui.work.models import Heartbeat, Stale, Step, Turn

log = logging.getLogger(__name__)

_LONG_SILENT = timedelta(days=1)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def note(kind: str, ref: str, *, ids: Sequence[int] = (), due_at: datetime | None = None) -> None:
    """Note that `kind` must happen for `ref`, in the caller's transaction; noting it again changes nothing."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"step {kind!r} noted outside a transaction")
    now = clock.now()
    Step.objects.bulk_create(
        [Step(kind=kind, ref=ref, ids=list(ids), due_at=due_at or now, noted_at=now)], ignore_conflicts=True
    )
    if due_at is None or due_at <= now:
        transaction.on_commit(partial(_nudge, kind, ref), robust=True)


def _nudge(kind: str, ref: str) -> None:
    step_id = Step.objects.filter(kind=kind, ref=ref).values_list("pk", flat=True).first()
    if step_id is not None:
        queue.nudge(step_id)


def claim(step_id: int) -> Step | None:
    """Take one due step for this worker, or None when another holds it or it is done. One conditional UPDATE.

    A step in whose last attempt the worker died never reported a failure: it is put before a person here.
    """
    now = clock.now()
    token = uuid.uuid4().hex
    won = (
        Step.objects.filter(_free(now), pk=step_id, due_at__lte=now)
        .exclude(state__in=[Step.State.DONE, Step.State.FAILED])
        .update(state=Step.State.CLAIMED, claim=token, lease_until=now + _lease(), attempts=F("attempts") + 1)
    )
    if not won:
        return None
    step = Step.objects.get(pk=step_id)
    if rules.kills_workers(step.attempts - 1):
        _held(step).update(state=Step.State.FAILED, lease_until=None, error="the worker died in every attempt")
        log.error("step %s of %s given up: the worker died in every attempt", step.kind, step.ref)
        return None
    return step


def renew(step: Step, *, ahead: bool = False) -> bool:
    """Hold a step longer during long work; False when the lease was lost and the work must stop.

    `ahead`: this attempt has stored a part for good, so a worker that dies now has not failed at the same place again.
    """
    more = {"attempts": 1} if ahead else {}
    return bool(_held(step).update(lease_until=clock.now() + _lease(), **more))


def finish(step: Step) -> bool:
    """Mark a held step done; False when another worker has taken it over meanwhile."""
    return bool(_held(step).update(state=Step.State.DONE, done_at=clock.now(), lease_until=None, error=""))


def fail(step: Step, error: str) -> None:
    """Give a held step back: tried again later, or put before a person after the last attempt."""
    now = clock.now()
    if rules.gives_up(step.attempts):
        _held(step).update(state=Step.State.FAILED, lease_until=None, error=error)
        log.error("step %s of %s given up after %d attempts: %s", step.kind, step.ref, step.attempts, error)
        return
    due = now + rules.wait_before(step.attempts + 1)
    _held(step).update(state=Step.State.WAITING, lease_until=None, claim="", due_at=due, error=error)


def again() -> int:
    """Steps that were given up wait once more, as if never tried: for when their reason has gone; how many."""
    return Step.objects.filter(state=Step.State.FAILED).update(
        state=Step.State.WAITING, attempts=0, claim="", lease_until=None, due_at=clock.now()
    )


def take_turn(name: str) -> bool:
    """Whether this worker does the periodic task `name` in this minute: of all workers one wins, by one UPDATE."""
    minute = clock.now().replace(second=0, microsecond=0)
    Turn.objects.bulk_create([Turn(name=name, taken=_NEVER)], ignore_conflicts=True)
    return bool(Turn.objects.filter(name=name, taken__lt=minute).update(taken=minute))


def beat(kind: str, host: str, pid: int, version: str) -> None:
    """This process is alive: its row is made or touched; rows that nobody has touched for a day go away."""
    now = clock.now()
    Heartbeat.objects.update_or_create(
        kind=kind, host=host[:255], pid=pid,
        defaults={"seen_at": now, "version": version}, create_defaults={
            "seen_at": now, "version": version, "started_at": now,
        },
    )  # fmt: skip
    Heartbeat.objects.filter(seen_at__lt=now - _LONG_SILENT).delete()


def still(kind: str, host: str, pid: int) -> None:
    """This process stops: nobody needs to wonder where its heartbeat went."""
    Heartbeat.objects.filter(kind=kind, host=host[:255], pid=pid).delete()


def due_steps(limit: int = 200) -> list[int]:
    """Ids of steps that are due and held by nobody, oldest first."""
    now = clock.now()
    open_steps = Step.objects.filter(Step.OPEN, _free(now), due_at__lte=now)
    return list(open_steps.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def _free(now: datetime) -> Q:
    return Q(state=Step.State.WAITING) | Q(state=Step.State.CLAIMED, lease_until__lt=now)


def _held(step: Step) -> QuerySet[Step]:
    return Step.objects.filter(pk=step.pk, claim=step.claim, state=Step.State.CLAIMED)


def _lease() -> timedelta:
    return timedelta(seconds=settings.WANHUI_STEP_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Marks:
    """Days to be counted anew: by store the days, None for every day; and the ids of the marks that say so."""

    ids: tuple[int, ...]
    days: dict[int, set[date] | None]


def mark_stale(store_id: int, days: Iterable[date] = ()) -> None:
    """Note, in the caller's transaction, that figures of these days of a store must be counted anew; none = every day.

    One insert, whatever the number of days; the count itself comes later, once for many marks.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"days of store {store_id} marked outside a transaction")
    Stale.objects.create(store_ref=store_id, days=sorted({day.isoformat() for day in days}), at=clock.now())
    transaction.on_commit(queue.nudge_recount, robust=True)


def stale_days(limit: int = 5000) -> Marks:
    """What must be counted anew, at most `limit` marks of it, the oldest first."""
    ids: list[int] = []
    found: dict[int, set[date] | None] = {}
    for pk, store, days in Stale.objects.order_by("pk").values_list("pk", "store_ref", "days")[:limit]:
        ids.append(pk)
        known = found.setdefault(store, set())
        if not days:
            found[store] = None
        elif known is not None:
            known.update(date.fromisoformat(day) for day in days)
    return Marks(tuple(ids), found)


def counted(marks: Marks) -> None:
    """Forget these marks: what they asked for is done. Marks that came meanwhile stay."""
    for part in chunks(marks.ids, 500):
        Stale.objects.filter(pk__in=part).delete()


def stale_since(store_ids: Iterable[int] | None = None) -> datetime | None:
    """The moment of the oldest change that is not counted yet, in these stores or anywhere; None when all is."""
    waiting = Stale.objects.all() if store_ids is None else Stale.objects.filter(store_ref__in=list(store_ids))
    oldest: datetime | None = waiting.aggregate(oldest=Min("at"))["oldest"]
    return oldest
