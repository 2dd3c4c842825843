"""People come, change their password or language, and leave."""

import secrets

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.audit.actions import record
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
