"""What of a reply can be found by searching."""

from collections.abc import Sequence

from wanhui.kit.clock import day_in
from wanhui.replies.models import Reply
from wanhui.search import actions as search
from wanhui.search.rules import Item, Kind


def items(ids: Sequence[int]) -> list[Item]:
    """These replies by their words, those thrown away by none; listed under the day they were begun. One query."""
    found = Reply.objects.filter(pk__in=ids).values_list(
        "pk", "review__store_id", "review__store__timezone", "created_at", "text", "state"
    )
    return [
        Item(Kind.REPLY, pk, store, day_in(begun, zone), () if state == Reply.State.DROPPED else (text,))
        for pk, store, zone, begun, text, state in found
    ]


def renew(reply_id: int) -> None:
    """Find this reply by its present words. Part of the verb that wrote, in its transaction."""
    Reply.objects.select_for_update(no_key=True).filter(pk=reply_id).values_list("pk").first()
    search.put(items([reply_id]))
