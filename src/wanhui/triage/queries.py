"""Reading verdicts, from what a person may see."""

from django.db.models import Exists, OuterRef

from wanhui.accounts.models import User
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.triage.models import Verdict

MANY = 1000


def unjudged(user: User, kind: str) -> int:
    """How many reviews of the visible stores still wait for their first verdict; counted up to MANY."""
    judged = Verdict.objects.filter(review=OuterRef("pk"))
    waiting = Review.objects.filter(~Exists(judged), store__in=stores.visible(user, kind))
    return waiting.order_by()[:MANY].count()
