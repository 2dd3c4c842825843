"""Reading verdicts, from what a person may see."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.triage.models import Verdict
from wanhui.work.models import Step

MANY = 1000
_STEPS = 40  # of five hundred reviews at most


def unjudged(user: User, kind: str) -> int:
    """How many reviews of the visible stores still wait for their first verdict; counted up to MANY. Asked of the
    steps that wait, never of all reviews."""
    # The kind is looked at here: asked for it, SQLite would read every step of that kind that was ever done.
    waiting = Step.objects.filter(Step.OPEN).order_by("due_at").values_list("kind", "ids")[:_STEPS]
    judged = Verdict.objects.filter(review=OuterRef("pk"))
    mine = Review.objects.filter(~Exists(judged), store__in=stores.visible(user, kind)).order_by()
    found = 0
    for _kind, ids in (step for step in waiting if step[0] == "reviews.received"):
        found += mine.filter(pk__in=ids).count()
        if found >= MANY:
            break
    return min(found, MANY)


def history(user: User, review_pk: int) -> list[Verdict]:
    """Every verdict that one review and its follow-ups ever had, the newest first; Http404 for a stranger's review."""
    found = Verdict.objects.filter(review=review_pk, review__store__in=stores.reachable(user))
    verdicts = list(found.select_related("review__store", "follow_up", "by", "checked_by").order_by("-pk"))
    if not verdicts:
        raise Http404
    return verdicts


def hold(review_ids: Sequence[int]) -> None:
    """Let no other worker or person change the verdicts of these reviews until this transaction ends: whoever looks
    which verdict counts, and then stores another, holds them first. (SQLite has one writer anyway.)"""
    if connection.features.has_select_for_update:
        held = Review.objects.select_for_update(no_key=True).filter(pk__in=review_ids).order_by("pk")
        list(held.values_list("pk", flat=True))
