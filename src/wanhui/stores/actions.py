"""Opening a store, its settings, its people, its products."""

import secrets
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.accounts.queries import sound_address
from wanhui.accounts.rules import Role, Verb
from wanhui.audit.actions import record
from wanhui.doors import queries as doors
from wanhui.doors.letters import absolute, mail_works, send
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.playbook.loader import book
from wanhui.search import actions as search
from wanhui.stores import queries, rules
from wanhui.stores.models import Invitation, Membership, Product, Store
from wanhui.stores.sought import items
from wanhui.work import actions as work

ProductKey = tuple[str, str]


def open_store(name: str, platform: str, *, actor: User, kind: str = Store.Kind.REAL) -> Store:
    """A new store that the actor owns, with the platform's usual zone and language. Refused when the name is taken."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the store a name."))
    pack = book().platforms.get(platform)
    if pack is None:
        raise Refused(_("This platform is not in the playbook. Choose one from the list, or “other”."))
    store = Store(
        name=name,
        platform=platform,
        kind=kind,
        trade=Store.Trade.HOTEL if pack.kind == "hotel" else Store.Trade.GOODS,
        timezone=rules.usual_zone(pack.market),
        language=rules.usual_language(pack.market),
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            store.save()
            Membership.objects.create(store=store, user=actor, role=Role.OWNER)
            record("stores.open", actor=actor, kind="store", ref=store.pk, store=store.pk)
    except IntegrityError as error:
        raise Refused(_("There is already a store with this name on this platform. Choose another name.")) from error
    return store


def change_settings(store: Store, changes: dict[str, str | int], *, actor: User) -> Store:
    """Change name, timezone, language, trade, reply_within_hours or max_case_age_days. Refused with what is wrong."""
    queries.require(actor, Verb.SETTINGS, store.pk)
    allowed = {"name", "timezone", "language", "trade", "reply_within_hours", "max_case_age_days"}
    if unknown := set(changes) - allowed:
        raise ValueError(f"not a setting: {', '.join(sorted(unknown))}")
    if "timezone" in changes and not rules.known_zone(str(changes["timezone"])):
        raise Refused(_("This time zone is not known. Use a name such as Asia/Shanghai."))
    changed = sorted(key for key, value in changes.items() if getattr(store, key) != value)
    if not changed:
        return store
    for key in changed:
        setattr(store, key, changes[key])
    try:
        with transaction.atomic():
            store.save(update_fields=changed)
            if "timezone" in changed:
                work.mark_stale(store.pk)  # moments fall on other days now
            record("stores.settings", actor=actor, kind="store", ref=store.pk, store=store.pk, fields=changed)
    except IntegrityError as error:
        raise Refused(_("There is already a store with this name on this platform. Choose another name.")) from error
    return store


def set_role(store: Store, user: User, role: Role, *, actor: User) -> Membership:
    """Add a person to a store or change their role. Refused when the store would be left without an owner."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    if role is not Role.OWNER:
        _refuse_without_owner(store, user)
    with transaction.atomic():
        membership, made = Membership.objects.update_or_create(store=store, user=user, defaults={"role": role})
        verb = "stores.add_person" if made else "stores.change_role"
        record(verb, actor=actor, kind="user", ref=user.pk, store=store.pk, fields=["role"])
    return membership


def remove_person(store: Store, user: User, *, actor: User, successor: User | None = None) -> None:
    """Take a person out of a store; their deeds stay. Their open cases there go to `successor`, or to nobody.

    Who works nowhere any more is signed out and their tokens end. Refused when the store would be left without an
    owner, and for a successor who does not work on cases there.
    """
    queries.require(actor, Verb.PEOPLE, store.pk)
    _refuse_without_owner(store, user)
    _refuse_successor(successor, user, [store.pk])
    with transaction.atomic():
        Membership.objects.filter(store=store, user=user).delete()
        record("stores.remove_person", actor=actor, kind="user", ref=user.pk, store=store.pk)
        _hand_over([store.pk], user, successor, actor=actor)
        if not Membership.objects.filter(user=user).exists():
            accounts.shut_out(user, actor=actor)


def switch_off(store: Store, user: User, *, actor: User, successor: User | None = None) -> None:
    """Switch off the account of a person who only ever worked for the actor; their open cases go to `successor`."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    _refuse_others(actor, user)
    theirs = list(Membership.objects.filter(user=user).values_list("store_id", flat=True))
    _refuse_successor(successor, user, [store.pk])
    with transaction.atomic():
        accounts.switch(user, False, actor=actor)
        for store_id in theirs:
            heir = successor if successor and queries.may(successor, Verb.CLAIM, store_id) else None
            _hand_over([store_id], user, heir, actor=actor)


def switch_on(store: Store, user: User, *, actor: User) -> None:
    """Let a person in again whose account was switched off; they keep their roles and their password."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    _refuse_others(actor, user)
    accounts.switch(user, True, actor=actor)


def reset_link(store: Store, user: User, *, actor: User) -> str:
    """The path of a one-time link with which a person of the actor's chooses a new password: shown once, kept nowhere.

    Refused for whoever also works, or has worked, in somebody else's store, or owns one: the owner of one store must
    not come into another as somebody else.
    """
    queries.require(actor, Verb.PEOPLE, store.pk)
    _refuse_others(actor, user)
    if not user.is_active:
        raise Refused(_("This account is switched off. Switch it on first."))
    with transaction.atomic():
        record("stores.reset_link", actor=actor, kind="user", ref=user.pk, store=store.pk)
    return doors.reset_path(user)


def _refuse_others(actor: User, user: User) -> None:
    if not queries.is_theirs_alone(actor, user):
        raise NotAllowed(_(
            "This person owns a store, or works or has worked in somebody else's, so their account is not yours to "
            "change. They can have a link sent to their mail address, or ask whoever runs the desk."
        ))


def _refuse_successor(successor: User | None, leaving: User, store_ids: Iterable[int]) -> None:
    if successor is None:
        return
    if successor.pk == leaving.pk or not all(queries.may(successor, Verb.CLAIM, pk) for pk in store_ids):
        raise Refused(_("This person does not work on cases of this store. Choose somebody else."))


def _hand_over(store_ids: Iterable[int], leaving: User, successor: User | None, *, actor: User) -> None:
    """Cases stand above this room: the step "person.left" takes them over (pipeline.leaving)."""
    for store_id in store_ids:
        ids = [store_id, leaving.pk, successor.pk if successor else 0, actor.pk]
        work.note("person.left", uuid.uuid4().hex, ids=ids)


def _refuse_without_owner(store: Store, leaving: User) -> None:
    others = Membership.objects.filter(store=store, role=Role.OWNER, user__is_active=True).exclude(user=leaving)
    if not others.exists():
        raise Refused(_("A store needs an owner. Make another person owner first."))


def invite(store: Store, role: Role, email: str, language: str, *, actor: User) -> Invitation:
    """Keep a place in a store for whoever opens the link, seven days long. With an address a letter brings it there."""
    queries.require(actor, Verb.PEOPLE, store.pk)
    if store.closed_at is not None:
        raise Refused(_("This store is closed. Nobody new can join it."))
    if len(queries.invitations(actor, store.pk)) >= rules.MOST_INVITATIONS:
        raise Refused(_("Very many invitations are open already. Withdraw some that nobody needs."))
    now, email = clock.now(), sound_address(email)
    if language not in dict(settings.LANGUAGES):
        language = actor.language
    invitation = Invitation(
        store=store, role=role, email=email, language=language, nonce=secrets.token_urlsafe(24),
        invited_by=actor, created_at=now, expires_at=now + rules.INVITED_FOR,
    )
    with transaction.atomic():
        invitation.save()
        record("stores.invite", actor=actor, kind="invitation", ref=invitation.pk, store=store.pk, fields=["role"])
        if invitation.email and mail_works():
            work.note("invitation.made", str(invitation.pk), ids=[invitation.pk])
    return invitation


def withdraw(invitation: Invitation, *, actor: User) -> None:
    """Take an invitation back: its link opens nothing any more. A second time changes nothing."""
    queries.require(actor, Verb.PEOPLE, invitation.store_id)
    with transaction.atomic():
        open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if open_ones.update(withdrawn_at=clock.now(), email=""):
            record("stores.withdraw", actor=actor, kind="invitation", ref=invitation.pk, store=invitation.store_id)


def join(invitation: Invitation, *, actor: User) -> Membership:
    """The actor takes the place that was kept for them. Refused when it is gone, or they work there already."""
    if not queries.still_open(invitation):
        raise Refused(_("This invitation is over. Ask for a new one."))
    if queries.role_in(actor, invitation.store_id) is not None:
        raise Refused(_("You work in this store already."))
    with transaction.atomic():
        mine = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if not mine.update(accepted_at=clock.now(), accepted_by=actor, email=""):
            raise Refused(_("This invitation is over. Ask for a new one."))
        membership = Membership.objects.create(store=invitation.store, user=actor, role=invitation.role)
        record("stores.join", actor=actor, kind="user", ref=actor.pk, store=invitation.store_id, fields=["role"])
    return membership


def join_as_new(
    invitation: Invitation, username: str, display_name: str, password: str, language: str, *, actor: None
) -> User:
    """Somebody new takes the place: with a sign-in name, a password and a language of their choice.

    actor: nobody yet; from `join` on it is the new person. All or nothing: a refused place leaves no person behind.
    """
    if not queries.still_open(invitation):
        raise Refused(_("This invitation is over. Ask for a new one."))
    try:
        validate_password(password, User(username=username, display_name=display_name))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    address = invitation.email
    with transaction.atomic():
        person, _password = accounts.make_person(
            username, display_name, actor=actor, language=language, password=password
        )
        join(invitation, actor=person)
        if address:
            accounts.choose_address(person, address, password, actor=person)
    return person


def mail_invitation(pk: int, *, actor: User | None) -> None:
    """Send an invitation's letter, in the language the owner chose for it; nothing for one that is over or was sent."""
    found = Invitation.objects.filter(pk=pk, mailed_at=None).exclude(email="").select_related("store", "invited_by")
    invitation = found.first()
    if invitation is None or not queries.still_open(invitation) or not mail_works():
        return
    with translation.override(invitation.language):
        values = {"store": invitation.store, "name": invitation.invited_by,
                  "link": absolute(queries.invitation_path(invitation))}
        send(invitation.email, _("%(name)s invites you to %(store)s") % values, _(
            "Hello,\n\n%(name)s invites you to work with them on the reviews of “%(store)s”. Open this link to choose "
            "a name and a password:\n\n%(link)s\n\nIt works once, for seven days. If you do not know %(name)s, do "
            "nothing."
        ) % values)
    with transaction.atomic():
        Invitation.objects.filter(pk=pk).update(mailed_at=clock.now())
        record("stores.mail_invitation", actor=actor, kind="invitation", ref=pk, store=invitation.store_id)


def know_products(
    store_id: int, wanted: Iterable[ProductKey], *, actor: User | None
) -> dict[ProductKey, int]:
    """The ids of products by (platform id or "", name), made where new. Part of an import: its entry counts them."""
    keys = {(i, name): (i[:64], " ".join(name.split())[:300]) for i, name in wanted}
    found = _known(store_id, keys.values())
    missing = [(i, n) for i, n in keys.values() if (i or n) and (i, n) not in found]
    new = {i or n: Product(store_id=store_id, platform_id=i, name=n or i) for i, n in missing}
    if new:
        with transaction.atomic():
            made = Product.objects.bulk_create(new.values(), ignore_conflicts=True)
            record("stores.know_products", actor=actor, kind="store", ref=store_id, store=store_id,
                   counts={"products": len(made)})
            found = _known(store_id, keys.values())
            search.put(items(sorted({found[key] for key in missing if key in found})))
    return {original: found[key] for original, key in keys.items() if key in found}


def _known(store_id: int, keys: Iterable[ProductKey]) -> dict[ProductKey, int]:
    wanted = list(keys)
    # The index of platform ids holds none that is empty; told so, SQLite uses it instead of reading the whole store.
    by_id = dict(
        Product.objects.exclude(platform_id="")
        .filter(store_id=store_id, platform_id__in=[i for i, _n in wanted if i])
        .values_list("platform_id", "pk")
    )
    by_name = dict(
        Product.objects.filter(store_id=store_id, platform_id="", name__in=[n for i, n in wanted if not i and n])
        .values_list("name", "pk")
    )
    found = {(i, n): by_id[i] for i, n in wanted if i in by_id}
    return found | {(i, n): by_name[n] for i, n in wanted if not i and n in by_name}
