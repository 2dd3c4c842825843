"""A store's own severity tables, version by version."""

from types import MappingProxyType

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store
from wanhui.triage.rules import Urgencies


class SeverityTable(models.Model):
    """One version of a store's own severity table; the newest one counts, older ones stay. Without any, the shipped
    table counts."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="severity_tables")
    version = models.PositiveIntegerField()
    levels = models.JSONField(help_text="code of a reason: 1 to 4, as in triage.rules.Urgencies")
    mass_from = models.PositiveIntegerField()
    readers_from = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "version"], name="severity_table_version_once")]

    def urgencies(self) -> Urgencies:
        """The same as the rules take it."""
        return Urgencies(MappingProxyType(dict(self.levels)), self.mass_from, self.readers_from)
