"""What the desk remembers of a person: views they saved, their seat at the queue, which case they saw when."""

from django.conf import settings
from django.db import models

from wanhui.cases.models import Case
from wanhui.stores.models import Store


class SavedView(models.Model):
    """A filter and order of the queue under a name: its owner's alone, or shared with the people of a store."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    store = models.ForeignKey(Store, null=True, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300, help_text="the filter as it stands in the queue's address")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "id"], name="view_owner")]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One person at the queue: when they were here last, the visit before, and the view they begin with.

    Bookkeeping without audit: it says nothing that anybody did to anything.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat")
    here_at = models.DateTimeField()
    since = models.DateTimeField(help_text="the end of the visit before: what came later is new")
    view = models.ForeignKey(SavedView, null=True, on_delete=models.SET_NULL, related_name="+")


class Look(models.Model):
    """When one person last looked at one case, and whether they are on its page now. Bookkeeping without audit."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    since = models.DateTimeField(help_text="the last look of the visit before: later lines are marked")
    here_at = models.DateTimeField()
    writing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="look_once")]
        indexes = [models.Index(fields=["case", "here_at"], name="look_here")]
