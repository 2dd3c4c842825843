"""Receivers come and go; what happened is put down for them and sent, again and again until they have it."""

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.webhooks import door, rules
from wanhui.webhooks.models import Delivery, Subscription
from wanhui.webhooks.queries import secret_of

MOST_PER_STORE = 20
_BATCH = 500
# An entry gets its key before its transaction ends: one that shows up late is still found within this time.
_SETTLES = timedelta(minutes=15)
_LEASE = timedelta(seconds=60)
_KEPT = timedelta(days=30)


def subscribe(store: Store, url: str, events: Sequence[str], *, actor: User) -> Subscription:
    """Tell this address about these events of a store, from now on. Refused with what is wrong."""
    require(actor, Verb.SETTINGS, store.pk)
    url = url.strip()
    _check(url, events)
    if Subscription.objects.filter(store=store, ended_at=None).count() >= MOST_PER_STORE:
        raise Refused(_("A store has at most %(most)s receivers. Remove one first.") % {"most": MOST_PER_STORE})
    with transaction.atomic():
        made = Subscription.objects.create(
            store=store, url=url, events=_in_order(events), salt=secrets.token_hex(16), made_by=actor,
            created_at=clock.now(), settled=Entry.objects.aggregate(last=Max("pk"))["last"] or 0,
        )  # fmt: skip
        record("webhooks.subscribe", actor=actor, kind="webhook", ref=made.pk, store=store.pk)
    return made


def change(subscription: Subscription, url: str, events: Sequence[str], active: bool, *, actor: User) -> None:
    """Another address, other events, or a pause. What happens during a pause is not told later."""
    require(actor, Verb.SETTINGS, subscription.store_id)
    url = url.strip()
    _check(url, events)
    wanted = {"url": url, "events": _in_order(events), "active": active}
    changed = sorted(name for name, value in wanted.items() if getattr(subscription, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(subscription, name, wanted[name])
    if "active" in changed and active:
        subscription.settled = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    with transaction.atomic():
        subscription.save(update_fields=[*changed, "settled"])
        record("webhooks.change", actor=actor, kind="webhook", ref=subscription.pk, store=subscription.store_id,
               fields=changed)


def renew_secret(subscription: Subscription, *, actor: User) -> None:
    """A new secret; the old one signs nothing any more."""
    require(actor, Verb.SETTINGS, subscription.store_id)
    subscription.salt = secrets.token_hex(16)
    with transaction.atomic():
        subscription.save(update_fields=["salt"])
        record("webhooks.renew_secret", actor=actor, kind="webhook", ref=subscription.pk, store=subscription.store_id)


def unsubscribe(subscription: Subscription, *, actor: User) -> None:
    """Tell this address nothing more, not even what waits; its log stays for a month."""
    require(actor, Verb.SETTINGS, subscription.store_id)
    with transaction.atomic():
        Subscription.objects.filter(pk=subscription.pk).update(ended_at=clock.now(), active=False)
        _waiting_of(subscription).update(state=Delivery.State.FAILED, trouble="the receiver was removed")
        record("webhooks.unsubscribe", actor=actor, kind="webhook", ref=subscription.pk, store=subscription.store_id)


def ping(subscription: Subscription, *, actor: User) -> Delivery:
    """Send a message that says nothing, to see whether it arrives."""
    require(actor, Verb.SETTINGS, subscription.store_id)
    now = clock.now()
    body = rules.payload(rules.PING, at=now, store=subscription.store_id, kind="webhook", ref=str(subscription.pk),
                         actor=actor.pk, fields=(), counts={})
    with transaction.atomic():
        made = Delivery.objects.create(
            subscription=subscription, event=rules.PING, body=json.dumps(body), due_at=now, made_at=now
        )
        record("webhooks.ping", actor=actor, kind="webhook", ref=subscription.pk, store=subscription.store_id)
    return made


def replay(delivery: Delivery, *, actor: User) -> Delivery:
    """Send the same bytes again as a new message of the log; Refused while the receiver is gone or on pause."""
    subscription = delivery.subscription
    require(actor, Verb.SETTINGS, subscription.store_id)
    if not subscription.active:
        raise Refused(_("This receiver is paused. Switch it on first."))
    now = clock.now()
    with transaction.atomic():
        made = Delivery.objects.create(
            subscription=subscription, event=delivery.event, body=delivery.body, due_at=now, made_at=now
        )
        record("webhooks.replay", actor=actor, kind="webhook", ref=subscription.pk, store=subscription.store_id)
    return made


def _check(url: str, events: Sequence[str]) -> None:
    trouble = rules.trouble_with(url)
    if trouble == "scheme":
        raise Refused(_("The address must begin with https:// (or http:// inside your own network)."))
    if trouble == "user":
        raise Refused(_("Leave name and password out of the address: messages are signed instead."))
    if trouble is not None:
        raise Refused(_("This is no address a message can be sent to. Check it and try again."))
    if not events or set(events) - set(rules.EVENTS):
        raise Refused(_("Choose what this receiver is told about, from the list."))


def _in_order(events: Sequence[str]) -> list[str]:
    return [event for event in rules.EVENTS if event in set(events)]


def announce() -> int:
    """Put down a message for every receiver about every entry of the record it asked for; how many were put down.

    Idempotent: (receiver, entry) is told once. Entries of the last quarter of an hour are looked at again each time,
    because a key is given before its transaction ends.
    """
    now, told = clock.now(), 0
    horizon = Entry.objects.filter(at__lt=now - _SETTLES).aggregate(last=Max("pk"))["last"] or 0
    for subscription in Subscription.objects.filter(active=True, ended_at=None):
        told += _announce_to(subscription)
        if horizon > subscription.settled:
            Subscription.objects.filter(pk=subscription.pk, settled__lt=horizon).update(settled=horizon)
    Delivery.objects.filter(made_at__lt=now - _KEPT).exclude(state=Delivery.State.WAITING).delete()
    return told


def _announce_to(subscription: Subscription) -> int:
    now, after, told = clock.now(), subscription.settled, 0
    wanted = Entry.objects.filter(verb__in=rules.verbs_of(subscription.events), store_ref=subscription.store_id)
    while entries := list(wanted.filter(pk__gt=after).order_by("pk")[:_BATCH]):
        after = entries[-1].pk
        known = set(
            Delivery.objects.filter(subscription=subscription, entry__in=[e.pk for e in entries])
            .values_list("entry", flat=True)
        )  # fmt: skip
        fresh = [
            Delivery(subscription=subscription, entry=entry.pk, event=rules.event_of(entry.verb) or "", made_at=now,
                     body=_body(entry), due_at=now)
            for entry in entries if entry.pk not in known
        ]  # fmt: skip
        told += len(Delivery.objects.bulk_create(fresh, ignore_conflicts=True))
    return told


def _body(entry: Entry) -> str:
    said = rules.payload(
        rules.event_of(entry.verb) or "", at=entry.at, store=entry.store_ref, kind=entry.kind, ref=entry.ref,
        actor=entry.actor_id, fields=entry.fields, counts=entry.counts,
    )  # fmt: skip
    return json.dumps(said)


def deliver_due(limit: int = 200) -> int:
    """Send what is due; how many arrived. A receiver that fails holds up only itself until the next round."""
    arrived, silent = 0, set[int]()
    due = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=clock.now(), subscription__active=True)
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit]):
        delivery = _taken(pk, silent)
        if delivery is None:
            continue
        if _send(delivery):
            arrived += 1
        else:
            silent.add(delivery.subscription_id)
    return arrived


def _taken(pk: int, silent: set[int]) -> Delivery | None:
    """This message for this worker, or None when another has it or its receiver does not answer today."""
    now = clock.now()
    free = Delivery.objects.filter(Q(due_at__lte=now), pk=pk, state=Delivery.State.WAITING)
    if silent:
        free = free.exclude(subscription_id__in=silent)
    if not free.update(due_at=now + _LEASE, attempts=F("attempts") + 1):
        return None
    return Delivery.objects.select_related("subscription").get(pk=pk)


def _send(delivery: Delivery) -> bool:
    body, stamp = delivery.body.encode(), int(clock.now().timestamp())
    message = str(delivery.message_id)
    answer = door.post(
        delivery.subscription.url, body,
        {
            "Content-Type": "application/json",
            "User-Agent": "Wanhui",
            "webhook-id": message,
            "webhook-timestamp": str(stamp),
            "webhook-signature": rules.signature(secret_of(delivery.subscription), message, stamp, body),
        },
        private_allowed=settings.WANHUI_WEBHOOKS_PRIVATE,
    )  # fmt: skip
    taken = answer.status is not None and rules.was_taken(answer.status)
    now = clock.now()
    wait = None if taken else rules.wait_after(delivery.attempts)
    state = Delivery.State.SENT if taken else Delivery.State.WAITING if wait else Delivery.State.FAILED
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
        state=state, status=answer.status, trouble=answer.trouble, sent_at=now if taken else None,
        due_at=now + wait if wait else now,
    )  # fmt: skip
    return taken


def _waiting_of(subscription: Subscription) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription=subscription, state=Delivery.State.WAITING)
