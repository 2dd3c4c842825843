"""Writing, approving and recording replies. Nothing goes out by itself (design 5.2)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.cases import actions as cases
from wanhui.cases.models import CaseReview
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.playbook.rules import can_reply
from wanhui.replies import queries, sought
from wanhui.replies.models import Reply
from wanhui.replies.rules import may_send
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.queries import how_many_may, may, require
from wanhui.triage import actions as triage


def save_draft(
    review: Review,
    text: str,
    *,
    actor: User,
    follow_up: FollowUp | None = None,
    style: str = "",
    drafter: str = "",
) -> Reply:
    """Keep what a person has written so far. Scratch: saved by itself while writing, so without an audit entry.

    Refused when the platform takes no reply, or when the text is being approved or is approved already.
    """
    require(actor, Verb.WRITE, review.store_id)
    if can_reply(review.store.platform) == "no":
        raise Refused(
            _("This platform takes no reply from shops. Solve the case, correct the page or tell the supplier.")
        )
    now = clock.now()
    fields = {"text": text, "style": style, "drafter": drafter, "author": actor, "changed_at": now}
    reply = queries.open_reply(review, follow_up)
    if reply is None:
        return _new_draft(review, follow_up, fields, now)
    if reply.state != Reply.State.DRAFT:
        raise Refused(_("This reply is being approved. Take it back first if you want to change it."))
    with transaction.atomic():
        if not Reply.objects.filter(pk=reply.pk, state=Reply.State.DRAFT).update(**fields):
            raise Refused(_("Somebody else changed this reply meanwhile. Look at it as it is now, then try again."))
        sought.renew(reply.pk)
    reply.refresh_from_db()
    return reply


def _new_draft(review: Review, follow_up: FollowUp | None, fields: dict[str, object], now: datetime) -> Reply:
    link = CaseReview.objects.filter(review=review).first()
    reply = Reply(review=review, follow_up=follow_up, case=link.case if link else None, created_at=now, **fields)
    try:
        with transaction.atomic():
            reply.save()
            sought.renew(reply.pk)
    except IntegrityError as error:
        raise Refused(
            _("Somebody else began a reply meanwhile. Look at it as it is now, then try again.")
        ) from error
    return reply


def _may_approve(reply: Reply, user: User) -> bool:
    """Whether this person may approve this reply: not their own, unless nobody else in the store may approve."""
    store_id = reply.review.store_id
    if not may(user, Verb.APPROVE, store_id):
        return False
    return reply.author_id != user.pk or how_many_may(Verb.APPROVE, store_id) == 1


def request_approval(reply: Reply, *, actor: User, reasons: Mapping[str, str] | None = None) -> None:
    """Put a draft before somebody who may approve. Refused while the lint blocks or a warning has no reason."""
    require(actor, Verb.WRITE, reply.review.store_id)
    given = _clean_enough(reply, reasons)
    with transaction.atomic():
        _move(reply, Reply.State.DRAFT, Reply.State.AWAITING, warnings=given, returned_note="")
        record("replies.request_approval", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def approve(reply: Reply, seen: str, *, actor: User, reasons: Mapping[str, str] | None = None) -> None:
    """Approve exactly the text that was seen. `seen`: digest of the text on the approver's page.

    A draft may be approved at once by somebody who may. Refused for one's own text where a second person could
    approve, while the lint blocks, while a warning has no reason, or when the text has changed since it was seen.
    """
    require(actor, Verb.APPROVE, reply.review.store_id)
    if not _may_approve(reply, actor):
        raise Refused(_("A second person approves what you wrote. Ask somebody who may approve in this store."))
    if seen != queries.digest(reply.text):
        raise Refused(_("The text has changed since you looked. Read it again, then approve it."))
    given = _clean_enough(reply, {**reply.warnings, **(reasons or {})})
    now = clock.now()
    with transaction.atomic():
        _move(reply, (Reply.State.DRAFT, Reply.State.AWAITING), Reply.State.APPROVED, warnings=given, approved_by=actor,
              approved_at=now, approved_digest=seen, returned_note="", rule_pack=_pack(reply))
        record("replies.approve", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def send_back(reply: Reply, note: str, *, actor: User) -> None:
    """Give a reply back to its author with a word on what to change."""
    require(actor, Verb.APPROVE, reply.review.store_id)
    if not note.strip():
        raise Refused(_("Say in a few words what should be changed."))
    with transaction.atomic():
        _move(reply, Reply.State.AWAITING, Reply.State.DRAFT, returned_note=note.strip()[:500])
        record("replies.send_back", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def take_back(reply: Reply, *, actor: User) -> None:
    """Make a waiting or approved reply a draft again, to change it; an approval is gone with that."""
    require(actor, Verb.WRITE, reply.review.store_id)
    with transaction.atomic():
        _move(reply, (Reply.State.AWAITING, Reply.State.APPROVED), Reply.State.DRAFT, approved_by=None,
              approved_at=None, approved_digest="")
        record("replies.take_back", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def drop(reply: Reply, *, actor: User) -> None:
    """Throw away a reply that was not sent."""
    require(actor, Verb.WRITE, reply.review.store_id)
    with transaction.atomic():
        _move(reply, queries.OPEN, Reply.State.DROPPED)
        sought.renew(reply.pk)
        record("replies.drop", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def record_sent(reply: Reply, *, actor: User) -> None:
    """Record that a person has put the approved text on the platform. Stops the clock of its case.

    The lint runs again on the exact bytes that were approved: a rule that has become stricter, or a window that has
    closed meanwhile, is noticed here.
    """
    require(actor, Verb.SEND, reply.review.store_id)
    if reply.state != Reply.State.APPROVED:
        raise Refused(_("Only an approved reply can be recorded as sent. Have it approved first."))
    if queries.digest(reply.text) != reply.approved_digest:
        raise Refused(_("This text is not the one that was approved. Have it approved again."))
    _clean_enough(reply, reply.warnings)
    now = clock.now()
    with transaction.atomic():
        _move(reply, Reply.State.APPROVED, Reply.State.SENT, sent_at=now, sent_by=actor)
        triage.note_answered([reply.review_id])
        if reply.case is not None:
            cases.reply_recorded(reply.case, now, actor=actor)
        record("replies.record_sent", actor=actor, kind="reply", ref=reply.pk, store=reply.review.store_id)


def _clean_enough(reply: Reply, reasons: Mapping[str, str] | None) -> dict[str, str]:
    """The reasons that count, or Refused with the first finding that stands in the way."""
    result = queries.lint_reply(reply.review, reply.text, follow_up=reply.follow_up, but=reply.pk)
    given = {rule: reason.strip()[:300] for rule, reason in (reasons or {}).items() if reason.strip()}
    if may_send(result, given):
        return given
    in_the_way = [f for f in result.findings if f.severity == "block" or (f.severity == "warn" and f.rule not in given)]
    first = in_the_way[0]
    if first.severity == "block":
        raise Refused(_("This cannot go out as it is: %(why)s") % {"why": first.message})
    raise Refused(_("Give a reason for going on, or change the text: %(why)s") % {"why": first.message})


def _pack(reply: Reply) -> str:
    return queries.lint_reply(reply.review, reply.text, follow_up=reply.follow_up, but=reply.pk).pack_version


def _move(reply: Reply, before: str | tuple[str, ...], after: str, **fields: object) -> None:
    """Change the state only from where it was when the person looked, and only if the text is still the same."""
    states = (before,) if isinstance(before, str) else before
    rows = Reply.objects.filter(pk=reply.pk, state__in=states, text=reply.text)
    if not rows.update(state=after, changed_at=clock.now(), **fields):
        raise Refused(_("Somebody else changed this reply meanwhile. Look at it as it is now, then try again."))
    reply.refresh_from_db()
