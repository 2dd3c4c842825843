"""What was done, by whom: written once, never changed, without personal data or text."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One verb. `actor` is empty when the desk itself acted (a step of the pipeline)."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60, db_index=True)
    store_ref = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=30)
    ref = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "ref"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("an audit entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("an audit entry is never deleted")
