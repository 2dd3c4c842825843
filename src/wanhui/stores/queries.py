"""What a person may see and do, store by store. Every other room's reads begin here."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Role, Verb, allows, roles_that_may
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed
from wanhui.stores.models import Invitation, Membership, Product, Store
from wanhui.work.models import Step


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
    # Both about the same membership: a role alone would count when anybody has it there.
    return visible(user, kind).filter(memberships__user=user, memberships__role__in=roles_that_may(verb)).distinct()


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


def people_who_may(verb: Verb, store_id: int) -> QuerySet[User]:
    """Active people of a store who may do this, by name."""
    return people_in(store_id).filter(memberships__store_id=store_id, memberships__role__in=roles_that_may(verb))


def how_many_may(verb: Verb, store_id: int) -> int:
    """How many active people of a store may do this."""
    return Membership.objects.filter(
        store_id=store_id, role__in=roles_that_may(verb), user__is_active=True
    ).count()


def members_of(user: User, store_id: int) -> QuerySet[Membership]:
    """Who works in a store, as far as this person may see the store; Http404 otherwise."""
    store_for(user, store_id)
    return Membership.objects.filter(store_id=store_id).select_related("user").order_by("user__display_name", "pk")


def member_of(user: User, store_id: int, person_id: int) -> Membership:
    """One person of a store whose people this user may change; Http404 for a stranger, NotAllowed for a weak role."""
    require(user, Verb.PEOPLE, store_id)
    found = members_of(user, store_id).filter(user_id=person_id).first()
    if found is None:
        raise Http404
    return found


def memberships(user: User) -> QuerySet[Membership]:
    """Where this person works and as what: open stores of every kind, with how many people work in each."""
    mine = Membership.objects.filter(user=user, store__closed_at=None).select_related("store")
    return mine.annotate(people=Count("store__memberships")).order_by("store__name", "pk")


def colleagues(user: User) -> QuerySet[User]:
    """Everybody who works in one of this person's stores, by name."""
    return User.objects.filter(memberships__store__in=reachable(user)).distinct().order_by("display_name", "pk")


def products_of(user: User, store_id: int, *, after: int = 0) -> QuerySet[Product]:
    """A store's products behind the id `after`, as far as this person may see the store; Http404 otherwise."""
    store_for(user, store_id)
    return Product.objects.filter(store_id=store_id, pk__gt=after).order_by("pk")


def colleagues_ever(user: User) -> QuerySet[User]:
    """Colleagues, and those who left one of this person's stores: what they did stands in the record."""
    mine = reachable(user).values_list("pk", flat=True)
    gone = Entry.objects.filter(verb="stores.remove_person", store_ref__in=list(mine)).values_list("ref", flat=True)
    left = [int(ref) for ref in gone if ref.isdecimal()]
    return User.objects.filter(Q(memberships__store__in=list(mine)) | Q(pk__in=left)).distinct().order_by(
        "display_name", "pk")


def is_theirs_alone(owner: User, person: User) -> bool:
    """Whether this person has only ever worked for this owner: in stores the owner owns, and owning none themselves.

    Only then may the owner let them choose a new password or switch their account off. Anybody else's account is a
    way into somebody else's store, now or when its owner takes the person back.
    """
    mine = set(Membership.objects.filter(user=owner, role=Role.OWNER).values_list("store_id", flat=True))
    works = list(Membership.objects.filter(user=person).values_list("store_id", "role"))
    if owner.pk == person.pk or not works or any(pk not in mine or role == Role.OWNER for pk, role in works):
        return False
    came = Entry.objects.filter(kind="user", ref=str(person.pk), verb__in=["stores.add_person", "stores.join"])
    elsewhere = came.exclude(store_ref__in=mine).exists()
    return not elsewhere and not Entry.objects.filter(actor=person, verb="stores.open").exists()


def invitations(user: User, store_id: int) -> list[Invitation]:
    """The open invitations of a store, newest first, for those who may change its people; nobody else sees links."""
    if not may(user, Verb.PEOPLE, store_id):
        return []
    return list(_open_invitations().filter(store_id=store_id).select_related("invited_by").order_by("-pk"))


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())


def invitation_key(invitation: Invitation) -> str:
    """The secret half of an invitation's link: an HMAC with the installation's key, 160 bits."""
    said = f"{invitation.pk}:{invitation.nonce}"
    return salted_hmac("wanhui.stores.invitation", said, algorithm="sha256").hexdigest()[:40]


def invitation_path(invitation: Invitation) -> str:
    """The path of an invitation's link."""
    return reverse("stores:join", args=[invitation.pk, invitation_key(invitation)])


def invitation_by(pk: int, key: str) -> Invitation:
    """The invitation of a link, over or not; Http404 when the link is made up."""
    found = Invitation.objects.filter(pk=pk).select_related("store", "invited_by").first()
    if found is None or not constant_time_compare(invitation_key(found), key):
        raise Http404
    return found


def still_open(invitation: Invitation) -> bool:
    """Whether it can be accepted: not used, withdrawn or expired, and whoever invited may still do so."""
    return (_open_invitations().filter(pk=invitation.pk, store__closed_at=None).exists()
            and may(invitation.invited_by, Verb.PEOPLE, invitation.store_id))


def letter_states(found: Iterable[Invitation]) -> dict[int, str]:
    """How far the letters of these invitations are: "waiting", "again" (failed, will be tried again), "failed"."""
    refs = [str(invitation.pk) for invitation in found if invitation.email and invitation.mailed_at is None]
    steps = Step.objects.filter(kind="invitation.made", ref__in=refs).values_list("ref", "state", "error")
    words = {(Step.State.FAILED, True): "failed", (Step.State.WAITING, True): "again"}
    return {int(ref): words.get((Step.State(state), bool(error)), "waiting") for ref, state, error in steps}
