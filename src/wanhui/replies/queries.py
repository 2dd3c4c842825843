"""Reading replies, from what a person may see, and what the lint needs to know around them."""

import hashlib
from collections.abc import Sequence

from django.http import Http404

from wanhui.accounts.models import User
from wanhui.kit import clock
from wanhui.replies.models import Reply
from wanhui.replies.rules import LintContext
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
    return replies.select_related("author", "approved_by", "case", "review__store").first()


def sent_replies(review: Review, follow_up: FollowUp | None = None) -> Sequence[Reply]:
    """Replies to this text that were recorded as sent, oldest first."""
    sent = review.replies.filter(follow_up=follow_up, state=Reply.State.SENT)
    return list(sent.select_related("sent_by").order_by("sent_at", "pk"))


def recent_texts(store_id: int, *, but: int | None = None) -> tuple[str, ...]:
    """The store's last approved or sent replies, newest first: the next one should not be the same again."""
    replies = Reply.objects.filter(review__store_id=store_id, state__in=[Reply.State.APPROVED, Reply.State.SENT])
    if but is not None:
        replies = replies.exclude(pk=but)
    return tuple(replies.order_by("-changed_at").values_list("text", flat=True)[:_RECENT])


def verdict_of(review: Review, follow_up: FollowUp | None) -> Verdict | None:
    """The verdict that counts for this text."""
    return Verdict.objects.filter(review=review, follow_up=follow_up, current=True).first()


def lint_context(review: Review, follow_up: FollowUp | None, *, but: int | None = None) -> LintContext:
    """What is known around a reply to this text: whose data must not be in it, and what the platform's rules ask.

    `but`: the reply itself, which is no earlier reply of the shop.
    """
    verdict = verdict_of(review, follow_up)
    return LintContext(
        buyer_name=review.buyer,
        order_ids=(review.order_number,) if review.order_number else (),
        recent=recent_texts(review.store_id, but=but),
        flags=frozenset(verdict.flags if verdict else ()),
        published=(follow_up or review).published(review.store.timezone),
        has_follow_up=review.follow_ups.exists(),
        answers_follow_up=follow_up is not None,
        now=clock.now(),
        replies_so_far=len(sent_replies(review, follow_up)),
    )

