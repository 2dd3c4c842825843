"""The API's lock: access tokens and their scopes, and what a person can do with their own account."""

from datetime import datetime
from typing import Annotated, Literal

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle
from pydantic import Field

from wanhui.accounts import actions, queries
from wanhui.accounts.models import Token, User
from wanhui.accounts.rules import Scope
from wanhui.kit import clock
from wanhui.web.problems import Problem
from wanhui.web.shapes import SOUND, Asked, Id, Told

REALM = 'Bearer realm="Wanhui"'
WINDOW = 60  # seconds in which a token's requests are counted


class Bearer(HttpBearer):
    """Lets a request in whose token is alive and has the scope; from here on it acts for the token's person."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """The living token behind a secret, None for any other. Problem when it lacks the scope."""
        found = queries.bearer(token.strip(), clock.now())
        if found is None:
            return None
        request.user = found.person
        if "Accept-Language" not in request.headers:
            translation.activate(found.person.language)
        if self.scope not in found.scopes:
            detail = _("This needs an access token with the scope “%(scope)s”. Make one on your account page.")
            header = f'{REALM}, error="insufficient_scope", scope="{self.scope}"'
            raise Problem("missing_scope", detail % {"scope": self.scope.value}, scope=self.scope.value,
                          headers={"WWW-Authenticate": header})
        actions.note_token_use(found, actor=found.person)
        return found


def needs(scope: Scope) -> Bearer:
    """The lock of an address that takes a token with this scope."""
    return Bearer(scope)


def caller(request: HttpRequest) -> User:
    """The person whose token came with this request."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token.person


class Pace(BaseThrottle):
    """So many requests a minute for each token, counted by each process of the server for itself."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this request; False when its token has used up this minute."""
        token: Token = request.auth  # type: ignore[attr-defined]
        key = f"api-pace-{token.pk}-{int(clock.now().timestamp()) // WINDOW}"
        cache.add(key, 0, WINDOW)
        try:
            return int(cache.incr(key)) <= settings.WANHUI_API_PER_MINUTE
        except ValueError:  # the minute ended between the two
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return WINDOW - clock.now().timestamp() % WINDOW


class PersonTold(Told):
    """A colleague."""

    id: int
    name: str


def person_told(person: User | None) -> PersonTold | None:
    """A person as the API names them."""
    return PersonTold(id=person.pk, name=str(person)) if person else None


class TokenTold(Told):
    """An access token, without its secret, which nobody knows but its owner."""

    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class MeTold(Told):
    """Who calls: the person, and the token used."""

    id: int
    username: str
    name: str
    language: str
    token: TokenTold


class MeAsked(Asked):
    """What is to change about me: the language I read the desk in, the name colleagues see."""

    language: Literal["zh-hans", "de", "en"] | None = None
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=SOUND)] | None = None


router = Router(tags=["Account"], auth=needs(Scope.READ))


@router.get("/me", response=MeTold)
def me(request: HttpRequest) -> MeTold:
    """Who I am, and what my token opens."""
    return _me(request)


@router.patch("/me", response=MeTold, auth=needs(Scope.SETTINGS))
def change_me(request: HttpRequest, asked: MeAsked) -> MeTold:
    """Change my language or my name. Password, mail address and second factor change on the account page only."""
    person = caller(request)
    if asked.language is not None and person.language != asked.language:
        actions.choose_language(person, asked.language, actor=person)
    if asked.name is not None and person.display_name != asked.name:
        actions.rename(person, asked.name, actor=person)
    person.refresh_from_db(fields=["language", "display_name"])
    return _me(request)


@router.get("/me/tokens", response=list[TokenTold])
def my_tokens(request: HttpRequest) -> list[TokenTold]:
    """My access tokens that were not revoked, newest first. New ones are made on the account page only."""
    return [_token(token) for token in queries.tokens_of(caller(request))]


@router.delete("/me/tokens/{int:pk}", response={204: None}, auth=needs(Scope.SETTINGS))
def revoke_my_token(request: HttpRequest, pk: Id) -> None:
    """End one of my access tokens at once; the one used for this call may be it."""
    person = caller(request)
    actions.revoke_token(get_object_or_404(queries.tokens_of(person), pk=pk), actor=person)


def _me(request: HttpRequest) -> MeTold:
    person = caller(request)
    token: Token = request.auth  # type: ignore[attr-defined]
    return MeTold(id=person.pk, username=person.username, name=str(person), language=person.language,
                  token=_token(token))


def _token(token: Token) -> TokenTold:
    names = ("name", "scopes", "created_at", "expires_at", "last_used_at")
    return TokenTold(id=token.pk, **{name: getattr(token, name) for name in names})
