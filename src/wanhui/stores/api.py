"""The API's door to stores, their people and products."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Query, Router
from pydantic import BaseModel, Field

from wanhui.accounts import actions as accounts
from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.models import User
from wanhui.accounts.rules import MATRIX, Role, Scope, Verb
from wanhui.playbook.loader import book
from wanhui.stores import actions, queries
from wanhui.stores.models import Invitation, Membership, Store
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


class LeavingAsked(BaseModel):
    """Who takes over the open cases of somebody who leaves; nobody without."""

    heir: Id | None = None


class InvitationAsked(RoleAsked):
    """A place to keep: as what, and for whom where a letter is to go out (in the caller's language unless told)."""

    email: Annotated[str, Field(max_length=254, pattern=r"^([A-Za-z0-9._+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+)?$")] = ""
    language: Literal["zh-hans", "de", "en"] | None = None


class InvitationTold(Told):
    """A place that is kept. Whoever opens `link` may take it: pass it on to the right person only."""

    id: int
    role: Role
    email: str
    link: str
    invited_by: PersonTold | None
    created_at: datetime
    expires_at: datetime


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
    member = queries.member_of(actor, pk, person).user
    return _member(member, actions.set_role(found, member, asked.role, actor=actor))


@router.delete("/stores/{int:pk}/people/{int:person}", response={204: None}, auth=needs(Scope.PEOPLE))
def remove_person(request: HttpRequest, pk: Id, person: Id, leaving: Query[LeavingAsked]) -> None:
    """Take a person out of a store; what they did stays in the record, their open cases go to `heir`."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    member = queries.member_of(actor, pk, person).user
    actions.remove_person(found, member, actor=actor, successor=_heir(pk, leaving.heir))


@router.post("/stores/{int:pk}/people/{int:person}/switch-off", response=MemberTold, auth=needs(Scope.PEOPLE))
def switch_off(request: HttpRequest, pk: Id, person: Id, leaving: Query[LeavingAsked]) -> MemberTold:
    """Switch off the account of somebody who only ever worked for me; their open cases go to `heir`."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    member = queries.member_of(actor, pk, person)
    actions.switch_off(found, member.user, actor=actor, successor=_heir(pk, leaving.heir))
    return _member(member.user, member)


@router.post("/stores/{int:pk}/people/{int:person}/switch-on", response=MemberTold, auth=needs(Scope.PEOPLE))
def switch_on(request: HttpRequest, pk: Id, person: Id) -> MemberTold:
    """Let somebody in again whose account was switched off; they keep their role and password."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    member = queries.member_of(actor, pk, person)
    actions.switch_on(found, member.user, actor=actor)
    return _member(member.user, member)


@router.get("/stores/{int:pk}/invitations", response=list[InvitationTold], auth=needs(Scope.PEOPLE))
def invitations(request: HttpRequest, pk: Id) -> list[InvitationTold]:
    """The open invitations of a store with their links, newest first."""
    actor = caller(request)
    queries.require(actor, Verb.PEOPLE, pk)
    return [_invitation(request, found) for found in queries.invitations(actor, pk)]


@router.post("/stores/{int:pk}/invitations", response={201: InvitationTold}, auth=needs(Scope.PEOPLE))
def invite(request: HttpRequest, pk: Id, asked: InvitationAsked) -> InvitationTold:
    """Keep a place for whoever opens the link, seven days long; with an address a letter brings it there."""
    actor = caller(request)
    found = queries.store_for(actor, pk)
    made = actions.invite(found, asked.role, asked.email, asked.language or actor.language, actor=actor)
    return _invitation(request, made)


@router.delete("/stores/{int:pk}/invitations/{int:invitation}", response={204: None}, auth=needs(Scope.PEOPLE))
def withdraw_invitation(request: HttpRequest, pk: Id, invitation: Id) -> None:
    """Take an invitation back: its link opens nothing any more."""
    actor = caller(request)
    queries.require(actor, Verb.PEOPLE, pk)
    actions.withdraw(get_object_or_404(Invitation, pk=invitation, store=pk), actor=actor)


@router.get("/stores/{int:pk}/products", response=ProductPage)
def products(request: HttpRequest, pk: Id, page: Query[Paging]) -> ProductPage:
    """A store's products or room types, in the order in which the desk came to know them."""
    after = unseal("products", page.cursor)
    found = list(queries.products_of(caller(request), pk, after=after[0] if after else 0)[: page.limit + 1])
    shown = found[: page.limit]
    more = (shown[-1].pk,) if len(found) > page.limit else None
    items = [ProductTold(id=p.pk, platform_id=p.platform_id, name=p.name, url=p.url) for p in shown]
    return ProductPage(items=items, next=seal("products", more))


def _heir(store_id: int, heir: int | None) -> User | None:
    return get_object_or_404(queries.people_in(store_id), pk=heir) if heir is not None else None


def _invitation(request: HttpRequest, found: Invitation) -> InvitationTold:
    return InvitationTold(
        id=found.pk, role=Role(found.role), email=found.email, invited_by=person_told(found.invited_by),
        link=request.build_absolute_uri(queries.invitation_path(found)), created_at=found.created_at,
        expires_at=found.expires_at,
    )


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
