"""Imports: a file brought in, what its columns mean, how far it came, and what became of each row."""

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class Import(models.Model):
    """One file for one store. `columns` maps a field to a column's index; `done_rows` is the row to go on from.

    done_rows = new + edited + duplicate + refused at every moment; `edited` counts changed words or stars and new
    follow-ups alike. A dry run fills the same figures without writing a review.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        CONFIRMED = "confirmed"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=100, help_text="path below the data folder's files")
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(null=True, help_text="a person's word for dates without a year")
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    total_rows = models.PositiveIntegerField(null=True)
    done_rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    edited = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    follow_ups = models.PositiveIntegerField(default=0, help_text="later texts that came with these rows")
    message = models.TextField(default="", blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-id"]), models.Index(fields=["store", "sha256"])]


class ImportLine(models.Model):
    """A row that needs a word: refused, or taken with something to know. `row` is 1-based below the header."""

    class Outcome(models.TextChoices):
        REFUSED = "refused"
        NOTED = "noted"

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "row", "reason"], name="import_line_once")]
