"""A rejudging: another engine, a store, a time window; what it would change, and how far the change has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wanhui.stores.models import Store


class Rejudging(models.Model):
    """One look at what another engine would say, and the change itself if somebody wanted it.

    `after` is the greatest review that the present walk has done; `upto` ends it, so that what comes in meanwhile is
    not concerned. `tally` is what the look found, `applied` what the change did (rejudging.rules.Tally).
    """

    class State(models.TextChoices):
        LOOKING = "looking"
        LOOKED = "looked"
        APPLYING = "applying"
        APPLIED = "applied"
        STOPPED = "stopped"

    UNDER_WAY = Q(state="looking") | Q(state="applying")

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="rejudgings")
    engine = models.CharField(max_length=60)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKING)
    upto = models.BigIntegerField()
    after = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict)
    applied = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store"], condition=Q(state="looking") | Q(state="applying"), name="rejudging_one_a_store"
            )
        ]
        indexes = [models.Index(fields=["store", "-id"], name="rejudging_by_store")]
