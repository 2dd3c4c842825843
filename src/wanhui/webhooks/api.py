"""The API's door to receivers of a store's events, and to what was sent to them."""

from datetime import datetime
from typing import Annotated, Literal, cast

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from wanhui.accounts.api import caller, needs
from wanhui.accounts.rules import Scope
from wanhui.stores import queries as stores
from wanhui.web.cursors import seal, unseal
from wanhui.web.shapes import SOUND, Asked, Id, Page, Paging, Told, Yes
from wanhui.webhooks import actions, queries, rules
from wanhui.webhooks.models import Delivery, Subscription

router = Router(tags=["Webhooks"], auth=needs(Scope.SETTINGS))
State = Literal["waiting", "sent", "failed"]
Event = Literal[
    "reviews.received", "verdicts.given", "verdict.confirmed", "verdict.corrected", "case.opened", "case.assigned",
    "cases.assigned", "case.accepted", "case.moved", "cases.moved", "cases.undone", "case.told", "case.closed",
    "case.reopened", "reply.approved", "reply.recorded", "import.finished",
]  # fmt: skip


class ReceiverAsked(Asked):
    """Where messages go, and about which events."""

    url: Annotated[str, Field(min_length=1, max_length=500, pattern=SOUND)]
    events: Annotated[list[Event], Field(min_length=1, max_length=20)]


class ChangeAsked(ReceiverAsked):
    """The same, and whether messages are sent at present."""

    active: Yes


class ReceiverTold(Told):
    """A receiver. Messages are signed after the Standard Webhooks specification."""

    id: int
    store: int
    url: str
    events: list[Event]
    active: bool
    created_at: datetime


class SecretTold(ReceiverTold):
    """A receiver with the secret that signs its messages, told this once only."""

    secret: str


class MessageTold(Told):
    """One message and how it fared; `body` is exactly what was sent."""

    id: int
    message_id: str
    event: str
    body: str
    state: State
    attempts: int
    status: int | None
    trouble: str
    made_at: datetime
    due_at: datetime
    sent_at: datetime | None


class MessagePage(Page[MessageTold]):
    """Part of what was sent to a receiver, the newest first."""


@router.get("/stores/{int:pk}/webhooks", response=list[ReceiverTold])
def receivers(request: HttpRequest, pk: Id) -> list[ReceiverTold]:
    """The receivers of a store."""
    return [_told(found) for found in queries.subscriptions(caller(request), pk)]


@router.post("/stores/{int:pk}/webhooks", response={201: SecretTold})
def subscribe(request: HttpRequest, pk: Id, asked: ReceiverAsked) -> SecretTold:
    """Tell an address about events of a store from now on."""
    person = caller(request)
    made = actions.subscribe(stores.store_for(person, pk), asked.url, asked.events, actor=person)
    return _with_secret(made)


@router.get("/webhooks/{int:pk}", response=ReceiverTold)
def receiver(request: HttpRequest, pk: Id) -> ReceiverTold:
    """One receiver."""
    return _told(queries.subscription_for(caller(request), pk))


@router.put("/webhooks/{int:pk}", response=ReceiverTold)
def change(request: HttpRequest, pk: Id, asked: ChangeAsked) -> ReceiverTold:
    """Another address, other events, or a pause; what happens during a pause is not told later."""
    person = caller(request)
    found = queries.subscription_for(person, pk)
    actions.change(found, asked.url, asked.events, asked.active, actor=person)
    return _told(found)


@router.delete("/webhooks/{int:pk}", response={204: None})
def unsubscribe(request: HttpRequest, pk: Id) -> None:
    """Tell this address nothing more."""
    person = caller(request)
    actions.unsubscribe(queries.subscription_for(person, pk), actor=person)


@router.post("/webhooks/{int:pk}/secret", response=SecretTold)
def renew_secret(request: HttpRequest, pk: Id) -> SecretTold:
    """A new secret; the old one signs nothing any more."""
    person = caller(request)
    found = queries.subscription_for(person, pk)
    actions.renew_secret(found, actor=person)
    return _with_secret(found)


@router.post("/webhooks/{int:pk}/ping", response={201: MessageTold})
def ping(request: HttpRequest, pk: Id) -> MessageTold:
    """Send a message that says nothing, to see whether it arrives."""
    person = caller(request)
    return _message(actions.ping(queries.subscription_for(person, pk), actor=person))


@router.get("/webhooks/{int:pk}/messages", response=MessagePage)
def messages(request: HttpRequest, pk: Id, paging: Query[Paging]) -> MessagePage:
    """What was sent to a receiver in the last month."""
    found = queries.subscription_for(caller(request), pk)
    key = unseal("webhooks", paging.cursor)
    sent = queries.log(found, before=key[0] if key else None, limit=paging.limit + 1)
    more = sent[paging.limit - 1].pk if len(sent) > paging.limit else None
    return MessagePage(
        items=[_message(each) for each in sent[: paging.limit]], next=seal("webhooks", (more,) if more else None)
    )


@router.post("/webhooks/messages/{int:pk}/replay", response={201: MessageTold})
def replay(request: HttpRequest, pk: Id) -> MessageTold:
    """Send the same bytes again, as a new message of the log."""
    person = caller(request)
    return _message(actions.replay(queries.delivery_for(person, pk), actor=person))


def _told(found: Subscription) -> ReceiverTold:
    return ReceiverTold(
        id=found.pk, store=found.store_id, url=found.url, events=found.events, active=found.active,
        created_at=found.created_at,
    )  # fmt: skip


def _with_secret(found: Subscription) -> SecretTold:
    secret = rules.shown_secret(queries.secret_of(found))
    return SecretTold(**_told(found).model_dump(), secret=secret)


def _message(found: Delivery) -> MessageTold:
    return MessageTold(
        id=found.pk, message_id=str(found.message_id), event=found.event, body=found.body,
        state=cast("State", found.state), attempts=found.attempts, status=found.status, trouble=found.trouble,
        made_at=found.made_at, due_at=found.due_at, sent_at=found.sent_at,
    )  # fmt: skip
