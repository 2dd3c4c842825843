"""Reading receivers and their log, within the stores whose settings a person may change."""

from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.utils.crypto import salted_hmac

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.stores import queries as stores
from wanhui.webhooks.models import Delivery, Subscription


def subscriptions(user: User, store_id: int) -> QuerySet[Subscription]:
    """The receivers of a store, the newest first, with how many messages wait and failed and when one last arrived.

    Http404 for a store of strangers, Refused for a person who may not change its settings.
    """
    stores.require(user, Verb.SETTINGS, store_id)
    found = Subscription.objects.filter(store_id=store_id, ended_at=None)
    return found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED)),
        last_sent=Max("deliveries__sent_at"),
    ).order_by("-pk")


def subscription_for(user: User, pk: int) -> Subscription:
    """One receiver; Http404 where there is none in this person's stores, Refused where they may not change settings."""
    found = Subscription.objects.filter(pk=pk, ended_at=None, store__in=stores.reachable(user)).first()
    if found is None:
        raise Http404
    stores.require(user, Verb.SETTINGS, found.store_id)
    return found


def delivery_for(user: User, pk: int) -> Delivery:
    """One message that was sent or waits, as `subscription_for`."""
    found = Delivery.objects.filter(pk=pk).select_related("subscription").first()
    if found is None:
        raise Http404
    subscription_for(user, found.subscription_id)
    return found


def log(subscription: Subscription, *, before: int | None = None, limit: int = 50) -> list[Delivery]:
    """What was sent to a receiver, the newest first, below the key `before`."""
    found = subscription.deliveries.all()
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def secret_of(subscription: Subscription) -> bytes:
    """The key that signs what this receiver gets: 32 bytes from the installation's key, kept nowhere."""
    return salted_hmac("wanhui.webhooks", subscription.salt, algorithm="sha256").digest()


def anybody_listens() -> bool:
    """Whether there is a receiver at all: one look that spares every other."""
    return Subscription.objects.filter(active=True, ended_at=None).exists()
