"""Stores, their products, and who works where."""

from django.conf import settings
from django.db import models

from wanhui.accounts.rules import Role


class Store(models.Model):
    """A shop or hotel on one platform. Only `real` stores count in figures."""

    class Kind(models.TextChoices):
        REAL = "real"
        DEMO = "demo"
        DRILL = "drill"

    class Trade(models.TextChoices):
        GOODS = "goods"
        HOTEL = "hotel"

    name = models.CharField(max_length=80)
    platform = models.CharField(max_length=30, help_text="id of a rule pack in the playbook")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REAL)
    trade = models.CharField(max_length=10, choices=Trade.choices, default=Trade.GOODS)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    language = models.CharField(max_length=10, default="zh", help_text="language of public replies: zh, de or en")
    reply_within_hours = models.PositiveSmallIntegerField(default=24)
    max_case_age_days = models.PositiveSmallIntegerField(default=30)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "platform", "kind"], name="store_named_once")]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What the review is about; a hotel's room type is a product. Known by the platform's id, else by its name."""

    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="products")
    platform_id = models.CharField(max_length=64, default="", blank=True)
    name = models.CharField(max_length=300)
    url = models.URLField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "platform_id"], condition=~models.Q(platform_id=""), name="product_id_once"
            ),
            models.UniqueConstraint(
                fields=["store", "name"], condition=models.Q(platform_id=""), name="product_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one store."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "user"], name="member_once")]


class Invitation(models.Model):
    """A place in a store, kept for whoever opens its link; by mail where there is an address.

    The link is signed with the installation's secret key over the id and `nonce`: this row alone opens nothing.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    email = models.EmailField(max_length=254, blank=True, default="", help_text="emptied when it is over")
    language = models.CharField(max_length=10, default="zh-hans", help_text="of the letter")
    nonce = models.CharField(max_length=40)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
