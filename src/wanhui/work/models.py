"""Steps: the truth about what has still to be done; turns, for what is done once a minute; and who is alive."""

from django.db import models


class Step(models.Model):
    """One thing to do next, noted in the transaction that made it necessary. (kind, ref) is noted once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        DONE = "done"
        FAILED = "failed"

    OPEN = models.Q(state="waiting") | models.Q(state="claimed")

    kind = models.CharField(max_length=60)
    ref = models.CharField(max_length=120)
    ids = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claim = models.CharField(max_length=40, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    noted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="step_noted_once")]
        indexes = [
            # Said with "or": SQLite does not see that a list of values in a question is the list of an index.
            models.Index(fields=["due_at"], name="step_open",
                         condition=models.Q(state="waiting") | models.Q(state="claimed")),
        ]


class Turn(models.Model):
    """Whose turn a periodic task is: the worker that moves `taken` to this minute does it, the others leave it."""

    name = models.CharField(max_length=60, unique=True)
    taken = models.DateTimeField()


class Heartbeat(models.Model):
    """A running process of the desk: it touches its row about once a minute and takes it away when it stops."""

    class Kind(models.TextChoices):
        STEPS = "steps"
        PAGES = "pages"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "host", "pid"], name="heartbeat_once_a_process")]


class Stale(models.Model):
    """Days of a store whose figures must be counted anew: noted in the transaction that changed what they count.

    Rows are only added and, once counted, deleted: two writers never wait for each other here.
    """

    store_ref = models.PositiveBigIntegerField()
    days = models.JSONField(default=list, help_text="ISO dates; an empty list means every day")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["store_ref", "at"], name="stale_by_store")]
