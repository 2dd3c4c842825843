"""Reviews and follow-ups as they were said, with what came beside them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import models

from wanhui.connectors.models import Import
from wanhui.stores.models import Product, Store


class Said(models.Model):
    """What a first text and a later one share. Text is clean (LF, NFC, unescaped); the raw cell stays beside it."""

    text = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    said_on = models.DateField(null=True)
    said_at = models.DateTimeField(null=True)
    platform_reply = models.TextField(default="", blank=True, help_text="the shop's reply as the platform showed it")
    platform_reply_on = models.DateField(null=True)
    seen_at = models.DateTimeField(help_text="when the desk first saw it: the clock that is measured")

    class Meta:
        abstract = True

    def published(self, zone: str) -> datetime | None:
        """When it was published; where only its day is known, that day's first minute in `zone` (the careful reading
        for a window that may close), and None where nothing is known."""
        if self.said_at is not None or self.said_on is None:
            return self.said_at
        return datetime.combine(self.said_on, time.min, ZoneInfo(zone))


class Review(Said):
    """The first text of a customer about one purchase or stay."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="reviews")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="reviews")
    source = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="reviews")
    typed = models.BooleanField(default=False)
    platform_id = models.CharField(max_length=200, default="", blank=True)
    fingerprint = models.CharField(max_length=64)
    occurrence = models.PositiveIntegerField(default=1)
    text_digest = models.CharField(max_length=64, help_text="of words and stars: changes when the customer edits")
    no_text = models.BooleanField(default=False)
    stars = models.PositiveSmallIntegerField(null=True)
    platform_verdict = models.CharField(max_length=10, default="", blank=True)
    precision = models.CharField(max_length=10, default="", blank=True)
    readers = models.PositiveIntegerField(null=True, help_text="how many found it useful; null where nobody says so")
    buyer = models.CharField(max_length=120, default="", blank=True)
    anonymous = models.BooleanField(null=True)
    order_number = models.CharField(max_length=200, default="", blank=True)
    sku = models.CharField(max_length=300, default="", blank=True)
    link = models.URLField(max_length=500, default="", blank=True)
    screenshot = models.FileField(upload_to="screenshots/", max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "platform_id"], condition=~models.Q(platform_id=""), name="review_id_once"
            ),
            models.UniqueConstraint(
                fields=["store", "fingerprint", "occurrence"],
                condition=models.Q(platform_id=""),
                name="review_fingerprint_once",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-said_on", "-id"]),
            models.Index(fields=["store", "-seen_at"]),
            models.Index(fields=["store", "fingerprint"], name="review_fingerprint"),
            models.Index(fields=["store", "said_at"], name="review_second"),
            models.Index(fields=["product", "-said_on", "-id"], name="review_by_product"),
            models.Index(
                fields=["order_number", "store"], name="review_by_order", condition=~models.Q(order_number="")
            ),
        ]


class FollowUp(Said):
    """A later text to the same review (追评). It can carry its own reply."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="follow_ups")
    position = models.PositiveSmallIntegerField()
    days_after = models.PositiveSmallIntegerField(null=True)
    text_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "position"], name="follow_up_position_once")]
        ordering = ["position"]


class Edit(models.Model):
    """What a review said before its customer changed it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="edits")
    noticed_at = models.DateTimeField()
    old_fingerprint = models.CharField(max_length=64, db_index=True, help_text="an older export is known by it")
    old_text = models.TextField(blank=True)
    old_stars = models.PositiveSmallIntegerField(null=True)
    old_platform_verdict = models.CharField(max_length=10, default="", blank=True)
