"""Rollups: counts by day, kept so that no page counts raw rows (docs/decisions/0007-rollups.md).

Every row can be made again from reviews, verdicts and cases. Days are days in the store's time zone.
"""

from django.db import models
from django.db.models import Q

from wanhui.stores.models import Product, Store


class ReviewDay(models.Model):
    """First texts that have a verdict, by day and main cause; "" is no main cause.

    `praised` counts the texts of that day that praise what the cause is about, whatever their own main cause.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    cause = models.CharField(max_length=30, default="", blank=True)
    judged = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()
    middling = models.PositiveIntegerField()
    praised = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day", "cause"], name="review_day_once")]


class SubDay(models.Model):
    """Bad first texts by day and the finer cause of their main one; those whose text does not say have no row."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    sub = models.CharField(max_length=60)
    bad = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day", "sub"], name="sub_day_once")]


class ProductDay(models.Model):
    """The same for one product, without praise."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    cause = models.CharField(max_length=30, default="", blank=True)
    judged = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "day", "cause"], name="product_day_once")]
        indexes = [
            models.Index(fields=["store", "day"], name="product_day"),
            # The worst products are looked for among the bad reviews only, which are few.
            models.Index(fields=["store", "day", "product", "cause", "bad"], name="product_day_bad",
                         condition=Q(bad__gt=0)),
        ]  # fmt: skip


class CaseDay(models.Model):
    """Cases by the day they were seen: all of them, those with a reply clock, and how these were answered.

    `in_time`: first answered within 24 hours of being seen; `late`: answered later. The rest is unanswered.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    seen = models.PositiveIntegerField()
    clocked = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    late = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="case_day_once")]


class EndingDay(models.Model):
    """Closed cases by the day they were closed and by outcome."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    outcome = models.CharField(max_length=24)
    closed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day", "outcome"], name="ending_day_once")]


class Count(models.Model):
    """How often the days of a store were counted anew: of two workers that count at once, one begins again."""

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
