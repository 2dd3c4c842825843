"""Verdicts: what triage said of one text, by which engine or person. An older verdict stays beside a newer one."""

from typing import Any

from django.conf import settings
from django.db import models

from wanhui.language import Judgement
from wanhui.reviews.models import FollowUp, Review
from wanhui.triage.corrections.models import StoreBars
from wanhui.triage.own.models import OwnCause, OwnFound
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.severity.models import SeverityTable

__all__ = ["OwnCause", "OwnFound", "Rejudging", "SeverityTable", "StoreBars", "Verdict"]


class Verdict(models.Model):
    """One judgement of one text. `current` marks the one that counts; a person's word outranks every engine's."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    follow_up = models.ForeignKey(FollowUp, null=True, on_delete=models.CASCADE, related_name="verdicts")
    current = models.BooleanField(default=True)
    engine = models.CharField(max_length=60, help_text="frozen name of the engine, or 'person'")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    text_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    no_text = models.BooleanField(default=False)
    unsure = models.BooleanField(default=False)
    sentiment = models.CharField(max_length=10, default="", blank=True)
    causes = models.JSONField(default=list, help_text="as in the contract of `wanhui triage`")
    praises = models.JSONField(default=list)
    primary = models.CharField(max_length=30, default="", blank=True)
    sub = models.CharField(max_length=60, default="", blank=True, help_text="the finer cause of the primary one")
    flags = models.JSONField(default=list)
    severity = models.PositiveSmallIntegerField()
    reasons = models.JSONField(null=True, help_text="codes of triage.rules.reasons; null before they were kept")
    table_version = models.PositiveIntegerField(default=0, help_text="of the store's severity table; 0: shipped")
    bad = models.BooleanField()
    middling = models.BooleanField()
    store_ref = models.BigIntegerField(null=True, help_text="of the review, as its day: lists are read here")
    said_on = models.DateField(null=True)
    answered = models.BooleanField(default=False, help_text="the shop's answer is known; False proves nothing")
    to_check = models.BooleanField(default=False, help_text="unsure, and waits for a person's yes or correction")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=12, default="", blank=True, help_text="of a follow-up: language.followups.KINDS")
    kind_evidence = models.JSONField(default=list)
    kind_sure = models.BooleanField(default=True)
    about = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="corrections",
                              help_text="of a person's: the engine's verdict it corrects")
    near = models.JSONField(default=list, help_text="causes that bars left out, with their scores")
    bars_version = models.PositiveIntegerField(default=0, help_text="of the store's bars; 0: the engine's own")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=models.Q(current=True, follow_up=None), name="verdict_current_review"
            ),
            models.UniqueConstraint(
                fields=["follow_up"],
                condition=models.Q(current=True, follow_up__isnull=False),
                name="verdict_current_follow_up",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "current"]),
            # One a mood, because SQLite looks no truth value up in an index, but knows which index holds the true ones.
            models.Index(fields=["store_ref", "-said_on", "-review"], name="verdict_bad",
                         condition=models.Q(current=True, follow_up=None, bad=True)),
            models.Index(fields=["store_ref", "-said_on", "-review"], name="verdict_not_bad",
                         condition=models.Q(current=True, follow_up=None, bad=False)),
            models.Index(fields=["store_ref", "-said_on", "-review"], name="verdict_middling",
                         condition=models.Q(current=True, follow_up=None, middling=True)),
            models.Index(fields=["store_ref", "primary", "-said_on", "-review"], name="verdict_by_cause",
                         condition=models.Q(current=True, follow_up=None)),
            models.Index(fields=["store_ref", "sub", "-said_on", "-review"], name="verdict_by_sub",
                         condition=models.Q(current=True, follow_up=None)),
            models.Index(fields=["store_ref", "-said_on", "-review"], name="verdict_unanswered",
                         condition=models.Q(models.Q(bad=True) | models.Q(middling=True),
                                            current=True, follow_up=None, no_text=False, answered=False)),
            models.Index(fields=["store_ref", "-said_on", "severity", "id"], name="verdict_waiting",
                         condition=models.Q(current=True, to_check=True)),
            models.Index(fields=["store_ref", "kind", "-said_on", "-review"], name="verdict_by_kind",
                         condition=models.Q(current=True, follow_up__isnull=False)),
            models.Index(fields=["store_ref", "-id"], name="verdict_checked",
                         condition=models.Q(by__isnull=False) | models.Q(checked_by__isnull=False)),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.place()
        super().save(*args, **kwargs)

    def place(self) -> None:
        """Note where the review is listed, and under what; whoever stores many at once does it for each."""
        self.sub = next((cause.get("sub") or "" for cause in self.causes if cause["code"] == self.primary), "")
        self.store_ref, self.said_on = self.review.store_id, self.review.said_on
        self.answered = self.follow_up_id is None and (self.answered or self.review.platform_reply != "")

    @property
    def human(self) -> bool:
        """Whether a person gave or confirmed it: no engine's later word replaces it unasked."""
        return self.by_id is not None or self.checked_by_id is not None

    def as_judgement(self) -> Judgement:
        """The same words as the language room's value, for rules that know no database."""
        return Judgement.from_json(
            {
                "language": self.language,
                "no_text": self.no_text,
                "unsure": self.unsure,
                "sentiment": self.sentiment or None,
                "causes": self.causes,
                "praises": self.praises,
                "primary": self.primary or None,
                "flags": self.flags,
                "engine": self.engine,
            }
        )
