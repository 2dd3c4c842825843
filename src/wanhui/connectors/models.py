"""Imports: a file brought in, what its columns mean, how far it came, and what became of each row."""

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class Import(models.Model):
    """One file for one store. `columns` maps a field to a column's index; `done_rows` is the row to go on from."""

    class State(models.TextChoices):
        CHECKING = "checking"
        CONFIRMED = "confirmed"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

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
    message = models.TextField(default="", blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class ImportLine(models.Model):
    """A row that needs a word: refused, or taken with something missing. `row` is 1-based below the header."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "row", "reason"], name="import_line_once")]


class Occurrence(models.Model):
    """How many equal rows one import has met so far: the k-th equal row matches the k-th stored (design 5.1)."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="occurrences")
    fingerprint = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "fingerprint"], name="occurrence_once")]
