"""Reading people and their access tokens."""

import hashlib
from datetime import datetime
from typing import cast

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from wanhui.accounts.models import Token, User
from wanhui.accounts.rules import TOKEN_PREFIX
from wanhui.kit.errors import Refused


def signed_in(request: HttpRequest) -> User:
    """The person signed in; every page but the sign-in page has one (LoginRequiredMiddleware)."""
    return cast("User", request.user)


def digest(raw: str) -> str:
    """What is kept of a random secret: its SHA-256 in hex."""
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


def bearer(raw: str, now: datetime) -> Token | None:
    """The token whose secret this is, with its person; None if unknown, expired, revoked or its person switched off."""
    if not raw.startswith(TOKEN_PREFIX):
        return None
    found = Token.objects.filter(digest=digest(raw), revoked_at=None, expires_at__gt=now, person__is_active=True)
    return found.select_related("person").first()


def tokens_of(user: User) -> QuerySet[Token]:
    """A person's own tokens that were not revoked, newest first; expired ones too, so that they are not missed."""
    return Token.objects.filter(person=user, revoked_at=None).order_by("-created_at", "-pk")


def named(typed: str) -> QuerySet[User]:
    """The active people whom this sign-in name or confirmed mail address means; an empty one means nobody."""
    typed = typed.strip()
    if not typed:
        return User.objects.none()
    return User.objects.filter(Q(username=typed.lower()) | Q(email__iexact=typed), is_active=True).order_by("pk")


def sound_address(address: str) -> str:
    """A mail address without the spaces around it; empty stays empty. Refused when it is none."""
    address = address.strip()
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Refused(_("This is not a mail address. Check it for typing mistakes.")) from error
    return address


_ADDRESS = "wanhui.accounts.address"
_ADDRESS_SECONDS = 3 * 24 * 3600


def address_key(user: User) -> str:
    """What a link in a letter carries to say: this address is this person's. Three days good."""
    return signing.dumps([user.pk, user.email_wanted], salt=_ADDRESS)


def address_of_key(user: User, key: str) -> str:
    """The address that such a key is about; empty when it is forged, too old or somebody else's."""
    try:
        pk, address = signing.loads(key, salt=_ADDRESS, max_age=_ADDRESS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(address) if pk == user.pk else ""
