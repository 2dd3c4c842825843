"""What can be found. Beside each row the database keeps its tokens, in the way it searches best (migration 0002)."""

from django.db import models


class Findable(models.Model):
    """One thing that can be found. Its id is `rules.key`: day, number and kind; the room knows no other room's tables.

    `text` holds its words as they are compared (`rules.stored`): a query is checked against it, and SQLite needs it
    to take the tokens out again.
    """

    kind = models.PositiveSmallIntegerField()
    ref = models.BigIntegerField()
    store_ref = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="findable_once")]
