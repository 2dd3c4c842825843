"""Programs outside that are told what happens in a store, and what was sent to them."""

import uuid

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class Subscription(models.Model):
    """One receiver of one store's events. Its secret is made from the installation's key and `salt`: it is not here."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list, help_text="names of rules.EVENTS")
    salt = models.CharField(max_length=40)
    active = models.BooleanField(default=True)
    settled = models.BigIntegerField(help_text="entries of the record up to this key are dealt with")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One message to one receiver, with exactly the bytes that are sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    entry = models.BigIntegerField(null=True, help_text="key in the record; empty for a ping and for a repetition")
    event = models.CharField(max_length=30)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status of the last answer")
    trouble = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "entry"], name="webhook_told_once")]
        indexes = [
            models.Index(fields=["due_at"], name="webhook_due", condition=models.Q(state="waiting")),
            models.Index(fields=["subscription", "-id"], name="webhook_log"),
        ]
