"""Reading the trace, within the stores a person may see."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from wanhui.accounts.models import User
from wanhui.audit.models import Entry


def entries(
    user: User, store_ids: Sequence[int], *, before: int | None = None, verb: str = "", actor_id: int | None = None
) -> QuerySet[Entry]:
    """Entries of these stores and of the person's own account, newest first, below the key `before`.

    store_ids: what the caller found visible for this user (stores stand above this room).
    """
    found = Entry.objects.filter(Q(store_ref__in=store_ids) | Q(store_ref=None, actor=user)).select_related("actor")
    if before is not None:
        found = found.filter(pk__lt=before)
    if verb:
        found = found.filter(verb__startswith=verb)
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    return found.order_by("-pk")
