"""The API's door to stores, their people and products."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Query, Router
from pydantic import Field

from wanhui.accounts import actions as accounts
from wanhui.accounts.api import caller, needs
from wanhui.accounts.models import User
from wanhui.accounts.rules import MATRIX, Role, Scope, Verb
from wanhui.playbook.loader import book
from wanhui.stores import actions, queries
from wanhui.stores.models import Membership, Store
from wanhui.web.cursors import seal, unseal
from wanhui.web.shapes import SOUND, Asked, Id, Page, Paging, Told, Whole, Word

router = Router(tags=["Stores"], auth=needs(Scope.READ))


class StoreTold(Told):
    """A store one works in: `role` is one's own, `may` what it allows there."""

    id: int
    name: str
    platform: str
    kind: Literal["real", "demo", "drill"]
    trade: Literal["goods", "hotel"]
    timezone: str
    language: str
    reply_within_hours: int
    max_case_age_days: int
    created_at: datetime
    closed_at: datetime | None
    role: Role
    may: list[Verb]


class StoreAsked(Asked):
    """A new store: its name and the id of its platform (see /platforms)."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=SOUND)]
    platform: Word


class SettingsAsked(Asked):
    """What is to change; what is left out stays as it is."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=SOUND)] | None = None
    trade: Literal["goods", "hotel"] | None = None
    timezone: Annotated[str, Field(max_length=40, pattern=SOUND)] | None = None
    language: Literal["zh", "de", "en"] | None = None
    reply_within_hours: Annotated[int, Field(strict=True, ge=1, le=240), Whole] | None = None
    max_case_age_days: Annotated[int, Field(strict=True, ge=1, le=365), Whole] | None = None


class MemberTold(Told):
    """A person who works in a store."""

    id: int
    username: str
    name: str
    active: bool
    role: Role


class RoleAsked(Asked):
    """What a person is to be in a store."""

    role: Role


class PersonAsked(RoleAsked):
    """A person for a store: a new one, or one who signs in here already."""

    username: Annotated[str, Field(min_length=1, max_length=150, pattern=SOUND)]
    name: Annotated[str, Field(max_length=60, pattern=SOUND)] = ""


class AddedTold(MemberTold):
    """The person added; somebody new has a first password, told this once only."""

    first_password: str | None


class ProductTold(Told):
    """A product or room type."""

    id: int
    platform_id: str
    name: str
    url: str


class ProductPage(Page[ProductTold]):
    """Part of a store's products."""


class PlatformTold(Told):
    """A platform of the playbook."""

    id: str
    name: str
    market: str
    kind: str


@router.get("/platforms", response=list[PlatformTold])
def platforms(request: HttpRequest) -> list[PlatformTold]:
    """The platforms a store can be on."""
    words = get_language()
    packs = sorted(book().platforms.values(), key=lambda pack: pack.id)
    return [PlatformTold(id=p.id, name=p.names.say(words), market=p.market, kind=p.kind) for p in packs]


@router.get("/stores", response=list[StoreTold])
def stores(request: HttpRequest) -> list[StoreTold]:
    """The open stores I work in."""
    return [_store(found) for found in queries.memberships(caller(request))]


@router.post("/stores", response={201: StoreTold}, auth=needs(Scope.SETTINGS))
def open_store(request: HttpRequest, asked: StoreAsked) -> StoreTold:
    """Open a shop of my own."""
    person = caller(request)
    return _told(person, actions.open_store(asked.name, asked.platform, actor=person))


@router.get("/stores/{int:pk}", response=StoreTold)
def store(request: HttpRequest, pk: Id) -> StoreTold:
    """One store with its settings."""
    person = caller(request)
    return _told(person, queries.store_for(person, pk))


@router.patch("/stores/{int:pk}", response=StoreTold, auth=needs(Scope.SETTINGS))
def change_settings(request: HttpRequest, pk: Id, asked: SettingsAsked) -> StoreTold:
    """Change a store's settings."""
    person = caller(request)
    changes = asked.model_dump(exclude_none=True)
    return _told(person, actions.change_settings(queries.store_for(person, pk), changes, actor=person))


@router.get("/stores/{int:pk}/people", response=list[MemberTold])
def people(request: HttpRequest, pk: Id) -> list[MemberTold]:
    """Who works in a store, and as what."""
    return [_member(found.user, found) for found in queries.members_of(caller(request), pk)]


@router.post("/stores/{int:pk}/people", response={201: AddedTold}, auth=needs(Scope.PEOPLE))
def add_person(request: HttpRequest, pk: Id, asked: PersonAsked) -> AddedTold:
    """Add a person to a store; somebody new gets a first password, told this once."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    queries.require(actor, Verb.PEOPLE, pk)
    person = User.objects.filter(username=asked.username.strip().lower()).first()
    first = None
    if person is None:
        person, first = accounts.make_person(asked.username, asked.name, actor=actor, language=actor.language)
    member = _member(person, actions.set_role(found, person, asked.role, actor=actor))
    return AddedTold(**member.model_dump(), first_password=first)


@router.put("/stores/{int:pk}/people/{int:person}", response=MemberTold, auth=needs(Scope.PEOPLE))
def set_role(request: HttpRequest, pk: Id, person: Id, asked: RoleAsked) -> MemberTold:
    """Give a person of a store another role."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    member = get_object_or_404(queries.people_in(pk), pk=person)
    return _member(member, actions.set_role(found, member, asked.role, actor=actor))


@router.delete("/stores/{int:pk}/people/{int:person}", response={204: None}, auth=needs(Scope.PEOPLE))
def remove_person(request: HttpRequest, pk: Id, person: Id) -> None:
    """Take a person out of a store; what they did stays in the record."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    actions.remove_person(found, get_object_or_404(queries.people_in(pk), pk=person), actor=actor)


@router.get("/stores/{int:pk}/products", response=ProductPage)
def products(request: HttpRequest, pk: Id, page: Query[Paging]) -> ProductPage:
    """A store's products or room types, in the order in which the desk came to know them."""
    after = unseal("products", page.cursor)
    found = list(queries.products_of(caller(request), pk, after=after[0] if after else 0)[: page.limit + 1])
    shown = found[: page.limit]
    more = (shown[-1].pk,) if len(found) > page.limit else None
    items = [ProductTold(id=p.pk, platform_id=p.platform_id, name=p.name, url=p.url) for p in shown]
    return ProductPage(items=items, next=seal("products", more))


def _told(person: User, found: Store) -> StoreTold:
    return _store(Membership.objects.select_related("store").get(store=found, user=person))


def _store(membership: Membership) -> StoreTold:
    names = ("name", "platform", "kind", "trade", "timezone", "language", "reply_within_hours", "max_case_age_days",
             "created_at", "closed_at")
    role = Role(membership.role)
    may = [verb for verb in Verb if verb in MATRIX[role]]
    return StoreTold(id=membership.store_id, role=role, may=may,
                     **{name: getattr(membership.store, name) for name in names})


def _member(person: User, membership: Membership) -> MemberTold:
    return MemberTold(id=person.pk, username=person.username, name=str(person), active=person.is_active,
                      role=Role(membership.role))
