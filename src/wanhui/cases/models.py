"""Cases: one incident put right by people, from discovered to summed up."""

from django.conf import settings
from django.db import models

from wanhui.cases.rules import Outcome, Stage
from wanhui.customers.models import Contact, Customer
from wanhui.reviews.models import Review
from wanhui.stores.models import Store


class Case(models.Model):
    """One incident. `published_at` is the clock shown, `seen_at` the clock measured (design, section 1)."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="cases")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Stage], default=Stage.DISCOVERED.value)
    severity = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list, help_text="codes of triage.rules.reasons")
    primary = models.CharField(max_length=30, default="", blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned_cases"
    )
    published_at = models.DateTimeField(null=True)
    published_on = models.DateField(null=True)
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True, help_text="empty where the platform has no way to reply")
    first_reply_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=24, choices=[(o.value, o.value) for o in Outcome], default="", blank=True
    )
    conclusion = models.TextField(default="", blank=True, max_length=4000)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="counts changes: two people never overwrite each other")

    class Meta:
        indexes = [
            # Everything the queue orders, narrows and counts by: it never reads the rows it does not show.
            models.Index(
                fields=["store", "severity", "reply_due_at", "first_reply_at", "seen_at", "assignee", "primary",
                        "stage", "opened_at", "id"],
                name="case_open",
                condition=models.Q(closed_at=None),
            ),
            models.Index(fields=["store", "-closed_at"], name="case_closed"),
            models.Index(fields=["-closed_at", "-id"], name="case_shut"),
            models.Index(fields=["store", "outcome", "-closed_at", "-id"], name="case_ended",
                         condition=models.Q(closed_at__isnull=False)),
            models.Index(fields=["store", "-seen_at", "-id"], name="case_store_seen"),
            models.Index(fields=["-seen_at", "-id"], name="case_seen"),
        ]


class CaseReview(models.Model):
    """A review that belongs to a case; it belongs to one only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="case_reviews")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="case_review")


class Measure(models.Model):
    """What will be put right, by whom: planned, then done (M10). Money is not here: that is a Remedy's."""

    class Kind(models.TextChoices):
        SOLUTION = "solution"
        PAGE = "page"
        SUPPLIER = "supplier"
        PROCESS = "process"
        TRAINING = "training"
        OTHER = "other"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(max_length=1000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)


class LogLine(models.Model):
    """What happened in a case, for its readers: notes, contacts, stages, replies, in order."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=30, help_text="code, such as note, contact, stage, claimed, reply_sent")
    detail = models.JSONField(default=dict)
    text = models.TextField(default="", blank=True, max_length=4000)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="the case's version after it; 0 for lines of before")

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"]), models.Index(fields=["at"], name="case_log_at")]


class Handover(models.Model):
    """A case given to somebody by a colleague, with why; it stands on the case until the person says "I have it"."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers")
    at = models.DateTimeField()
    note = models.TextField(default="", blank=True, max_length=1000)
    ended_at = models.DateTimeField(null=True, help_text="accepted, or given on: no longer waiting")

    class Meta:
        indexes = [
            models.Index(fields=["to", "case"], name="handover_waiting", condition=models.Q(ended_at=None)),
            models.Index(fields=["case", "-at"], name="handover_case"),
        ]


class Deed(models.Model):
    """What one person did to one or many cases, as data for taking it back: what was before, the version after.

    `items`: {"case", "version", "before": {"assignee", "stage", "handover"}} each. Ids and stages only; scratch that
    is thrown away after a day.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=20)
    items = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
