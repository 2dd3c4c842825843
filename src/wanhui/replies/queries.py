"""Reading replies, from what a person may see, and what the lint and the drafter need to know."""

import hashlib
from collections.abc import Sequence

from django.http import Http404

from wanhui.accounts.models import User
from wanhui.replies.models import Reply
from wanhui.replies.rules import DraftInput, Evidence, LintContext
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import queries as stores
from wanhui.triage.models import Verdict

OPEN = (Reply.State.DRAFT, Reply.State.AWAITING, Reply.State.APPROVED)
_RECENT = 50


def digest(text: str) -> str:
    """The fingerprint of the exact bytes of a reply."""
    return hashlib.sha256(text.encode()).hexdigest()


def reply_for(user: User, pk: int) -> Reply:
    """One reply of a store this person works in; Http404 otherwise."""
    found = Reply.objects.filter(review__store__in=stores.reachable(user)).select_related(
        "review__store", "review__product", "follow_up", "case", "author", "approved_by"
    )
    reply = found.filter(pk=pk).first()
    if reply is None:
        raise Http404
    return reply


def open_reply(review: Review, follow_up: FollowUp | None = None) -> Reply | None:
    """The reply being written to this text, if there is one."""
    replies = Reply.objects.filter(review=review, follow_up=follow_up, state__in=OPEN)
    return replies.select_related("author", "approved_by").first()


def sent_replies(review: Review) -> Sequence[Reply]:
    """Replies to this review and its follow-ups that were recorded as sent, oldest first."""
    return list(review.replies.filter(state=Reply.State.SENT).select_related("sent_by").order_by("sent_at", "pk"))


def recent_texts(store_id: int, *, but: int | None = None) -> tuple[str, ...]:
    """The store's last approved or sent replies, newest first: the next one should not be the same again."""
    replies = Reply.objects.filter(review__store_id=store_id, state__in=[Reply.State.APPROVED, Reply.State.SENT])
    if but is not None:
        replies = replies.exclude(pk=but)
    return tuple(replies.order_by("-changed_at").values_list("text", flat=True)[:_RECENT])


def verdict_of(review: Review, follow_up: FollowUp | None) -> Verdict | None:
    """The verdict that counts for this text."""
    return Verdict.objects.filter(review=review, follow_up=follow_up, current=True).first()
