"""People come, change their password or language, let programs in by tokens, and leave."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wanhui.accounts import rules
from wanhui.accounts.models import Token, User
from wanhui.accounts.queries import digest, tokens_of
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused


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


def change_password(user: User, old: str, new: str, *, actor: User) -> None:
    """A person's own new password. Refused with the reason when the old one is wrong or the new one too weak."""
    if actor.pk != user.pk:
        raise Refused(_("Everyone changes their own password."))
    if not user.check_password(old):
        raise Refused(_("The old password is not right. Try again."))
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record("accounts.change_password", actor=actor, kind="user", ref=user.pk, fields=["password"])


def reset_password(user: User, *, actor: User | None) -> str:
    """A new random password for somebody who forgot theirs: shown once, kept nowhere; signs them out everywhere.

    actor: None is the person at the machine itself (the command line), the only one who may: a page would let the
    owner of one store in as somebody who also works in another.
    """
    first = secrets.token_urlsafe(9)
    user.set_password(first)
    with transaction.atomic():
        user.save(update_fields=["password"])
        record("accounts.reset_password", actor=actor, kind="user", ref=user.pk, fields=["password"])
    reset(username=user.username)  # too many wrong tries are why most people ask
    return first


def choose_language(user: User, language: str, *, actor: User) -> None:
    """Remember the language a person reads the desk in."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)
        record("accounts.choose_language", actor=actor, kind="user", ref=user.pk, fields=["language"])


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
    if tokens_of(person).filter(expires_at__gt=now).count() >= rules.MOST_TOKENS:
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
