"""A store's own bars, version by version."""

from django.conf import settings
from django.db import models

from wanhui.stores.models import Store


class StoreBars(models.Model):
    """One version of a store's bars for an engine: the newest one of each engine counts, older ones stay. A version
    without bars is a revoked one: the engine's own count again. Versions count through all engines of a store."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="bars")
    version = models.PositiveIntegerField()
    engine = models.CharField(max_length=60)
    bars = models.JSONField(default=dict, help_text="code of a cause: the score from which it is said")
    checked = models.PositiveIntegerField(default=0, help_text="checked verdicts of the engine when it was made")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "version"], name="store_bars_version_once")]
        indexes = [models.Index(fields=["store", "engine", "-version"], name="store_bars_newest")]
