"""What decides whether a review opens a case, what the case is about, and when its reply is due."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from wanhui.cases import rules
from wanhui.cases.models import CaseReview
from wanhui.kit import clock
from wanhui.playbook import rules as playbook
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict
from wanhui.triage.rules import reasons as codes


def current_verdicts(review_ids: Sequence[int]) -> dict[int, list[Verdict]]:
    """The verdicts that count for these reviews and their follow-ups, by the review's id. One query."""
    found: dict[int, list[Verdict]] = {}
    current = Verdict.objects.filter(review_id__in=review_ids, current=True).select_related("follow_up")
    for verdict in current.order_by("pk"):
        found.setdefault(verdict.review_id, []).append(verdict)
    return found


def concerned(review_ids: Sequence[int]) -> list[int]:
    """Those of these reviews that have a bad text or a case already: an import is mostly praise, and praise needs
    nobody. Two small queries."""
    bad = Verdict.objects.filter(review_id__in=review_ids, current=True, bad=True).values_list("review_id", flat=True)
    known = CaseReview.objects.filter(review_id__in=review_ids).values_list("review_id", flat=True)
    return sorted({*bad, *known})


def worst(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict a case is about: the worst bad text, first review or follow-up; None when none is bad."""
    return min((v for v in verdicts if v.bad), key=lambda v: (v.severity, v.pk), default=None)


def opens(review: Review, worst: Verdict) -> bool:
    """Whether this review's worst text opens a case: bad, young enough, in an open store."""
    text = worst.follow_up or review
    store = review.store
    return rules.opens_case(
        bad=worst.bad,
        store_is_open=store.closed_at is None and store.kind != Store.Kind.DRILL,
        said_on=text.said_on,
        today=clock.now().astimezone(ZoneInfo(store.timezone)).date(),
        max_age_days=store.max_case_age_days,
    )


def reasons(verdict: Verdict) -> tuple[str, ...]:
    """Why this verdict is urgent, as codes, the most urgent first; weighed anew where that was not kept."""
    if verdict.reasons is not None:
        return tuple(verdict.reasons)
    return codes(verdict.as_judgement(), None if verdict.follow_up_id else verdict.review.stars)


def reply_due(review: Review, text: Review | FollowUp) -> datetime | None:
    """When the first public reply to this text is due; None where the platform has no way to reply."""
    store = review.store
    published = text.published(store.timezone)
    closes = playbook.reply_window_closes(store.platform, published, has_follow_up=False) if published else None
    return rules.reply_due(
        text.seen_at,
        store.reply_within_hours,
        can_reply=playbook.can_reply(store.platform) != "no",
        window_closes=closes if isinstance(closes, datetime) else None,
    )
