"""What a person may see and do, store by store. Every other room's reads begin here."""

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Role, Verb, allows, roles_that_may
from wanhui.kit.errors import NotAllowed
from wanhui.stores.models import Membership, Store


def visible(user: User, kind: str = Store.Kind.REAL) -> QuerySet[Store]:
    """The open stores of one kind that this person works in; real ones unless asked otherwise."""
    return Store.objects.filter(memberships__user=user, kind=kind, closed_at=None).order_by("name", "pk")


def reachable(user: User) -> QuerySet[Store]:
    """Every store this person works in, practice and closed ones too: for opening one known thing by its address."""
    return Store.objects.filter(memberships__user=user)


def store_for(user: User, pk: int) -> Store:
    """One store this person works in; Http404 otherwise, whether it exists or not."""
    store = reachable(user).filter(pk=pk).first()
    if store is None:
        raise Http404
    return store


def shown_kind(user: User) -> str:
    """The kind of stores this person's pages show: real ones, or the demo world where they have nothing else."""
    kinds = set(Store.objects.filter(memberships__user=user, closed_at=None).values_list("kind", flat=True).distinct())
    return Store.Kind.DEMO if Store.Kind.DEMO in kinds and Store.Kind.REAL not in kinds else Store.Kind.REAL


def role_in(user: User, store_id: int) -> Role | None:
    """This person's role in one store, or None."""
    role = Membership.objects.filter(user=user, store_id=store_id).values_list("role", flat=True).first()
    return Role(role) if role else None


def may(user: User, verb: Verb, store_id: int) -> bool:
    """Whether this person may do this in this store."""
    return user.is_active and allows(role_in(user, store_id), verb)


def stores_where(user: User, verb: Verb, kind: str = Store.Kind.REAL) -> QuerySet[Store]:
    """The visible stores where this person may do this."""
    return visible(user, kind).filter(memberships__role__in=roles_that_may(verb)).distinct()


def require(user: User, verb: Verb, store_id: int) -> None:
    """Go on only if this person may do this here: Http404 for a stranger's store, else NotAllowed saying who may."""
    role = role_in(user, store_id)
    if role is None:
        raise Http404
    if not user.is_active or not allows(role, verb):
        raise NotAllowed(_("Your role in this store does not allow this. Ask the owner or the lead."))


def people_in(store_id: int) -> QuerySet[User]:
    """Active people who work in a store, by name."""
    return User.objects.filter(memberships__store_id=store_id, is_active=True).order_by("display_name", "pk")


def how_many_may(verb: Verb, store_id: int) -> int:
    """How many active people of a store may do this."""
    return Membership.objects.filter(
        store_id=store_id, role__in=roles_that_may(verb), user__is_active=True
    ).count()


def members_of(user: User, store_id: int) -> QuerySet[Membership]:
    """Who works in a store, as far as this person may see the store; Http404 otherwise."""
    store_for(user, store_id)
    return Membership.objects.filter(store_id=store_id).select_related("user").order_by("user__display_name", "pk")


def memberships(user: User) -> QuerySet[Membership]:
    """Where this person works and as what: open stores of every kind, with how many people work in each."""
    mine = Membership.objects.filter(user=user, store__closed_at=None).select_related("store")
    return mine.annotate(people=Count("store__memberships")).order_by("store__name", "pk")


def colleagues(user: User) -> QuerySet[User]:
    """Everybody who works in one of this person's stores, by name."""
    return User.objects.filter(memberships__store__in=reachable(user)).distinct().order_by("display_name", "pk")
