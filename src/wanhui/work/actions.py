"""Noting, claiming and finishing steps: every change of a Step row is here.

Steps are the desk's own bookkeeping, not deeds of a person: they leave no audit entry, the deeds they do leave theirs.
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from wanhui.kit import clock
from wanhui.work import queue, rules
from wanhui.work.models import Step, Turn

log = logging.getLogger(__name__)

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
    if rules.gives_up(step.attempts - 1):
        _held(step).update(state=Step.State.FAILED, lease_until=None, error="the worker died in every attempt")
        log.error("step %s of %s given up: the worker died in every attempt", step.kind, step.ref)
        return None
    return step


def renew(step: Step) -> bool:
    """Hold a step longer during long work; False when the lease was lost and the work must stop."""
    return bool(_held(step).update(lease_until=clock.now() + _lease()))


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


def take_turn(name: str) -> bool:
    """Whether this worker does the periodic task `name` in this minute: of all workers one wins, by one UPDATE."""
    minute = clock.now().replace(second=0, microsecond=0)
    Turn.objects.bulk_create([Turn(name=name, taken=_NEVER)], ignore_conflicts=True)
    return bool(Turn.objects.filter(name=name, taken__lt=minute).update(taken=minute))


def due_steps(limit: int = 200) -> list[int]:
    """Ids of steps that are due and held by nobody, oldest first."""
    now = clock.now()
    open_steps = Step.objects.filter(_free(now), due_at__lte=now, state__in=[Step.State.WAITING, Step.State.CLAIMED])
    return list(open_steps.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def _free(now: datetime) -> Q:
    return Q(state=Step.State.WAITING) | Q(state=Step.State.CLAIMED, lease_until__lt=now)


def _held(step: Step) -> QuerySet[Step]:
    return Step.objects.filter(pk=step.pk, claim=step.claim, state=Step.State.CLAIMED)


def _lease() -> timedelta:
    return timedelta(seconds=settings.WANHUI_STEP_LEASE_SECONDS)
