"""Imports: a file brought in, what its columns mean, how far it came, and what became of each row; and the column maps
that people confirmed."""

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class SavedMap(models.Model):
    """What the columns of one kind of export mean in one store: the header it is about, and its versions."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="column_maps")
    name = models.CharField(max_length=120)
    signature = models.CharField(max_length=64, help_text="of the header's names, in any order")
    header = models.JSONField(default=list)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    newest_first: "list[MapVersion]"  # fetched with it by queries.saved_maps

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "signature"], condition=models.Q(withdrawn_at=None), name="column_map_once"
            )
        ]
        indexes = [models.Index(fields=["signature"], name="column_map_signature")]

    def __str__(self) -> str:
        return self.name


class MapVersion(models.Model):
    """A person's word on the columns. `fields`: field → the header's text. `year`: what dates without one were last
    said to mean; offered the next time, never taken silently. `by` None is the command line."""

    saved = models.ForeignKey(SavedMap, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "number"], name="column_map_version_once")]


class Import(models.Model):
    """One file for one store. `columns` maps a field to a column's index; `done_rows` is the row to go on from.

    `header` holds the names of the columns ([] where they are ours), `first_row` the number of the first row of data as
    a spreadsheet shows it. `map_version` is the saved map it used; `asks` are codes of what a person must look at
    before it can be confirmed with others. Files that came together share a `batch`.

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
    header = models.JSONField(default=list)
    first_row = models.PositiveIntegerField(default=1)
    map_version = models.ForeignKey(MapVersion, null=True, on_delete=models.SET_NULL, related_name="imports")
    batch = models.CharField(max_length=32, default="", blank=True)
    asks = models.JSONField(default=list)
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
        indexes = [
            models.Index(fields=["store", "-id"]),
            models.Index(fields=["store", "sha256"]),
            models.Index(fields=["batch"], name="import_batch", condition=~models.Q(batch="")),
            models.Index(fields=["created_at"], name="import_unconfirmed", condition=models.Q(state="checking")),
        ]


class ImportLine(models.Model):
    """A row that needs a word: refused, or taken with something to know. `row` is its number in the file,
    as a spreadsheet shows it."""

    class Outcome(models.TextChoices):
        REFUSED = "refused"
        NOTED = "noted"

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "row", "reason"], name="import_line_once")]
