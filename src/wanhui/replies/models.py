"""Replies: what we say in public, from a draft to what was recorded as sent."""

from typing import Any

from django.conf import settings
from django.db import models

from wanhui.cases.models import Case
from wanhui.reviews.models import FollowUp, Review


class Reply(models.Model):
    """One public reply to one text. `approved_digest` is of the exact bytes that were approved."""

    class State(models.TextChoices):
        DRAFT = "draft"
        AWAITING = "awaiting"
        APPROVED = "approved"
        SENT = "sent"
        DROPPED = "dropped"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="replies")
    follow_up = models.ForeignKey(FollowUp, null=True, on_delete=models.PROTECT, related_name="replies")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="replies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    style = models.CharField(max_length=20, default="", blank=True)
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    drafter = models.CharField(max_length=60, default="", blank=True, help_text="name and version of the drafter")
    rule_pack = models.CharField(max_length=60, default="", blank=True)
    warnings = models.JSONField(default=dict, help_text="rule -> the person's reason for going on")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(max_length=64, default="", blank=True)
    returned_note = models.CharField(max_length=500, default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    store_ref = models.BigIntegerField(null=True, help_text="of the review: a store's last replies are read here")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(follow_up=None, state__in=["draft", "awaiting", "approved"]),
                name="reply_open_review",
            ),
            models.UniqueConstraint(
                fields=["follow_up"],
                condition=models.Q(follow_up__isnull=False, state__in=["draft", "awaiting", "approved"]),
                name="reply_open_follow_up",
            ),
        ]
        indexes = [
            models.Index(fields=["store_ref", "-changed_at"], name="reply_recent",
                         condition=models.Q(approved_at__isnull=False)),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.store_ref = self.review.store_id
        super().save(*args, **kwargs)
