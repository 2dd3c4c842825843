"""People, and what lets a program in for them."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. What they may do is said per store, by `stores.Membership`."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    # `email` is confirmed by a letter; until then an address only stands here, and nothing but that letter goes to it.
    email_wanted = models.EmailField(max_length=254, blank=True, default="")

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def __str__(self) -> str:
        return self.get_full_name()


class Token(models.Model):
    """An access token for the API: lets a program act for one person, within its scopes, until it expires.

    The secret itself is shown once and kept nowhere; `digest` is its SHA-256. A fast hash is right here: the secret
    is 32 random bytes, there is nothing to guess.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    def alive(self, now: datetime) -> bool:
        """Whether it still opens anything at this moment."""
        return self.revoked_at is None and now < self.expires_at
