"""The shop answered on the platform itself: a later export shows it, and the case's clock stops."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.reviews.models import Review
from wanhui.triage import actions as triage
from wanhui.work.models import Step


def on_the_platform(step: Step) -> None:
    """For each of these reviews: the first reply of its case is on the platform. Idempotent: a case that has a first
    reply keeps it."""
    triage.note_answered(step.ids)
    waiting = Case.objects.filter(case_reviews__review__in=step.ids, first_reply_at=None).distinct().order_by("pk")
    for case in waiting.select_related("store"):
        said = Review.objects.filter(case_review__case=case, pk__in=step.ids).exclude(platform_reply="")
        moments = [_by(review, case.store.timezone, step.noted_at) for review in said if not _spoken_since(review)]
        if moments:
            cases.reply_recorded(case, min(moments), actor=None)


def _by(review: Review, zone: str, noticed: datetime) -> datetime:
    """When it was on the platform at the latest: exports name its day at most, and no earlier hour is made up."""
    if review.platform_reply_on is None:
        return noticed
    end = datetime.combine(review.platform_reply_on + timedelta(days=1), time.min, ZoneInfo(zone))
    return min(end, noticed)


def _spoken_since(review: Review) -> bool:
    """Whether the customer spoke again after that reply: then it answers nothing they said last."""
    replied = review.platform_reply_on
    return replied is not None and review.follow_ups.filter(said_on__gt=replied, platform_reply="").exists()
