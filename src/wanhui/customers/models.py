"""The people behind orders and reviews, as far as the platform shows them, and every attempt to reach them."""

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class Customer(models.Model):
    """A buyer or guest. A masked name alone is no identity: `handle` is set only when the platform gives a real one."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="customers")
    handle = models.CharField(max_length=120, default="", blank=True)
    shown_name = models.CharField(max_length=120, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "handle"], condition=~models.Q(handle=""), name="customer_once")
        ]


class Contact(models.Model):
    """One attempt to reach a customer (M12), whoever made it and however it ended."""

    class Channel(models.TextChoices):
        CHAT = "chat"
        PHONE = "phone"
        SMS = "sms"
        MAIL = "mail"
        LETTER = "letter"

    class Result(models.TextChoices):
        REACHED = "reached"
        NO_ANSWER = "no_answer"
        REFUSED = "refused"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    result = models.CharField(max_length=10, choices=Result.choices)
    note = models.TextField(default="", blank=True, max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
