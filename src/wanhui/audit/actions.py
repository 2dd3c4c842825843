"""The one way to leave a trace."""

from collections.abc import Mapping, Sequence

from django.db import connection

from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.kit import clock


def record(
    verb: str,
    *,
    actor: User | None,
    kind: str,
    ref: int | str,
    store: int | None = None,
    fields: Sequence[str] = (),
    counts: Mapping[str, int] | None = None,
) -> Entry:
    """Write the entry of one verb, inside the transaction that does it.

    verb: "room.verb", such as "cases.claim"; kind and ref: what was touched; fields: names of what changed (never
    their values); counts: figures of a batch. RuntimeError outside a transaction: an entry without its deed, or a
    deed without its entry, must be impossible.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"audit entry {verb!r} outside a transaction")
    return Entry.objects.create(
        at=clock.now(),
        actor=actor,
        verb=verb,
        store_ref=store,
        kind=kind,
        ref=str(ref),
        fields=list(fields),
        counts=dict(counts or {}),
    )
