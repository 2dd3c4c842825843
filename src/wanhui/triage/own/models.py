"""A shop's own causes, and where they were found: beside the verdict, never in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wanhui.language.own_causes import Recipe
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store


class OwnCause(models.Model):
    """What a shop wants to see beside the causes of the playbook, by its own words and examples.

    `version` is raised with every change of the recipe. `asked_version` is the recipe for which somebody wanted the
    stored reviews looked through; `after` is the greatest review that the walk has done, `done_at` when it ended.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="own_causes")
    name = models.CharField(max_length=40)
    words = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    counters = models.JSONField(default=list, help_text="sentences that only look as if they were about it")
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    asked_version = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    upto = models.BigIntegerField(default=0)
    after = models.BigIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], condition=Q(retired_at=None), name="own_cause_name_once")
        ]
        indexes = [models.Index(fields=["store", "id"], name="own_cause_by_store")]

    def __str__(self) -> str:
        return self.name

    @property
    def recipe(self) -> Recipe:
        """The same as the language room takes it."""
        return Recipe(tuple(self.words), tuple(self.examples), tuple(self.counters))

    @property
    def looking(self) -> bool:
        """Whether the stored reviews are being looked through at this moment."""
        return self.asked_at is not None and self.done_at is None


class OwnFound(models.Model):
    """An own cause in a review: once a review, in its first text or the first follow-up that has it.

    `right` is a person's word: None where nobody looked. `by_hand`: a person saw what the recipe did not.
    """

    cause = models.ForeignKey(OwnCause, on_delete=models.CASCADE, related_name="found", db_index=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="own_found")
    follow_up = models.ForeignKey(FollowUp, null=True, on_delete=models.CASCADE, related_name="+")
    said_on = models.DateField(null=True, help_text="of the review: lists are read here")
    text_digest = models.CharField(max_length=64)
    version = models.PositiveIntegerField(help_text="of the recipe that found it")
    evidence = models.JSONField(default=list, help_text="code points, end exclusive")
    like = models.FloatField(help_text="1 for a word, else the likeness to an example")
    by_hand = models.BooleanField(default=False)
    right = models.BooleanField(null=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    HOLDS = Q(right=None) | Q(right=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause", "review"], name="own_found_once")]
        indexes = [
            models.Index(fields=["cause", "-said_on", "-review"], name="own_found_listed",
                         condition=Q(right=None) | Q(right=True)),
        ]  # fmt: skip
