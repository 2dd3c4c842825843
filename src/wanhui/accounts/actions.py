"""People come, change their password or language, let programs in by tokens, and leave."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from axes.utils import reset as forgive
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wanhui.accounts import queries, rules
from wanhui.accounts.models import Token, User
from wanhui.accounts.queries import digest, tokens_of
from wanhui.audit.actions import record
from wanhui.doors.actions import end_others
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.work.actions import note


def make_person(
    username: str,
    display_name: str,
    *,
    actor: User | None,
    language: str = "zh-hans",
    password: str | None = None,
    can_sign_in: bool = True,
) -> tuple[User, str]:
    """A new person and the first password, random unless given: shown once, kept nowhere. Refused if the name is taken.

    With `can_sign_in` false (the demo world's colleagues) there is no password and no way in until one is set.

    The caller has asked whether the actor may: people are made from a store's page (Verb.PEOPLE) or at first start.
    """
    username = username.strip().lower()
    if not username:
        raise Refused(_("Give the person a name to sign in with."))
    first = password or secrets.token_urlsafe(9)
    user = User(username=username, display_name=display_name.strip() or username, language=language)
    user.set_password(first if can_sign_in else None)
    try:
        with transaction.atomic():
            user.full_clean(exclude=["password"])
            user.save()
            record("accounts.make_person", actor=actor, kind="user", ref=user.pk)
    except (IntegrityError, ValidationError) as error:
        raise Refused(_("Somebody already signs in with this name. Choose another one.")) from error
    return user, first


def change_password(user: User, old: str, new: str, *, actor: User, here: str | None = None) -> None:
    """A person's own new password; every browser but `here` (a session key) is signed out.

    Refused with the reason when the old one is wrong or the new one too weak.
    """
    if actor.pk != user.pk:
        raise Refused(_("Everyone changes their own password."))
    if not user.check_password(old):
        raise Refused(_("The old password is not right. Try again."))
    _check_strength(user, new)
    _keep_password(user, new, "accounts.change_password", here, actor=actor)


def reset_password(user: User, *, actor: User | None) -> str:
    """A new random password for somebody who forgot theirs: shown once, kept nowhere; signs them out everywhere.

    actor: None is the person at the machine itself (the command line), the only one who may see a password of
    somebody else's. An owner makes a one-time link instead (`stores.reset_link`), and only for people of their own.
    """
    first = secrets.token_urlsafe(9)
    _keep_password(user, first, "accounts.reset_password", None, actor=actor)
    forgive(username=user.username)  # too many wrong tries are why most people ask
    return first


def set_password(user: User, link_key: str, new: str, *, actor: User | None) -> None:
    """A new password by a one-time link: signs the person out everywhere; the link is worth nothing afterwards.

    actor: None, the link says who it is, nobody is signed in. Refused when the link is used, too old or for somebody
    switched off, and with the reason when the password is too weak.
    """
    if not user.is_active or not default_token_generator.check_token(user, link_key):
        raise Refused(_("This link was used already or is too old. Ask for a new one."))
    _check_strength(user, new)
    _keep_password(user, new, "accounts.set_password", None, actor=actor)
    forgive(username=user.username)


def _check_strength(user: User, new: str) -> None:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _keep_password(user: User, new: str, verb: str, here: str | None, *, actor: User | None) -> None:
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record(verb, actor=actor, kind="user", ref=user.pk, fields=["password"])
        end_others(user, here, actor=actor)


def choose_language(user: User, language: str, *, actor: User) -> None:
    """Remember the language a person reads the desk in."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)
        record("accounts.choose_language", actor=actor, kind="user", ref=user.pk, fields=["language"])


def rename(user: User, display_name: str, *, actor: User) -> None:
    """The name that colleagues see; everyone chooses their own."""
    name = " ".join(display_name.split())[:60]
    if actor.pk != user.pk:
        raise Refused(_("Everyone chooses their own name."))
    if not name:
        raise Refused(_("Give a name that your colleagues know you by."))
    if name == user.display_name:
        return
    user.display_name = name
    with transaction.atomic():
        user.save(update_fields=["display_name"])
        record("accounts.rename", actor=actor, kind="user", ref=user.pk, fields=["display_name"])


def choose_address(user: User, address: str, password: str, *, actor: User) -> None:
    """One's own mail address; empty takes it away. It counts once the letter that goes there was answered.

    Asks for the password: whoever finds an open browser could otherwise have a new password sent to themselves.
    """
    if actor.pk != user.pk:
        raise Refused(_("Everyone sets their own mail address."))
    if not user.check_password(password):
        raise Refused(_("The password is not right. Try again."))
    address = queries.sound_address(address)
    if address and address == user.email:
        user.email_wanted = ""
    else:
        user.email_wanted, user.email = address, user.email if address else ""
    with transaction.atomic():
        user.save(update_fields=["email", "email_wanted"])
        record("accounts.choose_address", actor=actor, kind="user", ref=user.pk, fields=["email"])
        if user.email_wanted:
            note("address.wanted", f"{user.pk}:{uuid.uuid4().hex}", ids=[user.pk])


def confirm_address(user: User, key: str, *, actor: User) -> None:
    """The letter arrived: its link, opened by the person it is about, makes the address theirs."""
    address = queries.address_of_key(user, key)
    if actor.pk != user.pk or not address or address != user.email_wanted:
        raise Refused(_("This link does not fit any more. Open the newest letter, or enter the address again."))
    user.email, user.email_wanted = address, ""
    with transaction.atomic():
        user.save(update_fields=["email", "email_wanted"])
        record("accounts.confirm_address", actor=actor, kind="user", ref=user.pk, fields=["email"])


def shut_out(person: User, *, actor: User) -> None:
    """End every way in that is open now: tokens and signed-in browsers. The caller has asked whether the actor may."""
    with transaction.atomic():
        tokens = tokens_of(person).update(revoked_at=clock.now())
        end_others(person, None, actor=actor)
        record("accounts.shut_out", actor=actor, kind="user", ref=person.pk, counts={"tokens": tokens})


def switch(person: User, on: bool, *, actor: User) -> None:
    """Switch an account off, or on again. The caller has asked whether the actor may (`stores.switch_off`)."""
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk, is_active=not on).update(is_active=on):
            return
        record("accounts.switch_on" if on else "accounts.switch_off", actor=actor, kind="user", ref=person.pk)
        if not on:
            shut_out(person, actor=actor)
    person.is_active = on


def make_token(
    person: User, name: str, scopes: Collection[str], expires_at: datetime, *, actor: User
) -> tuple[Token, str]:
    """A new access token and its secret ("wh_…"): shown once, kept nowhere.

    Refused for somebody else, without a name or scope, for an unknown scope, and for more than a year.
    """
    now, name = clock.now(), " ".join(name.split())
    if actor.pk != person.pk:
        raise Refused(_("Everyone makes their own access tokens."))
    if not name:
        raise Refused(_("Say what the token is for, so that you recognise it later."))
    if not scopes or set(scopes) - set(rules.Scope):
        raise Refused(_("Choose what the token may be used for."))
    if not rules.token_lasts(now, expires_at):
        raise Refused(_("A token ends after today and within a year. Choose another day."))
    alive = tokens_of(person).filter(expires_at__gt=now)
    if alive.filter(name=name[:60]).exists():
        # A page that is loaded again after its form was sent must not make a second one.
        raise Refused(_("You have a token of this name already. Revoke it first, or choose another name."))
    if alive.count() >= rules.MOST_TOKENS:
        raise Refused(_("You have very many tokens already. Revoke one that nobody uses, then make a new one."))
    raw = rules.TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(
        person=person, name=name[:60], scopes=[scope.value for scope in rules.Scope if scope in scopes],
        digest=digest(raw), created_at=now, expires_at=expires_at,
    )
    with transaction.atomic():
        token.save()
        record("accounts.make_token", actor=actor, kind="token", ref=token.pk)
    return token, raw


def revoke_token(token: Token, *, actor: User) -> Token:
    """End a token at once; revoking it again changes nothing. Refused for somebody else's."""
    if actor.pk != token.person_id:
        raise Refused(_("Everyone revokes their own access tokens."))
    now = clock.now()
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            record("accounts.revoke_token", actor=actor, kind="token", ref=token.pk)
            token.revoked_at = now
    return token


def note_token_use(token: Token, *, actor: User) -> None:
    """Remember that a token was just used, at most once a minute: bookkeeping, no deed of a person."""
    now = clock.now()
    stale = now - timedelta(minutes=1)
    if token.last_used_at is None or token.last_used_at <= stale:
        old = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        Token.objects.filter(old, pk=token.pk, person=actor).update(last_used_at=now)
