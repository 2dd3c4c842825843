"""A caller for every person of the cast: tokens with all scopes unless told otherwise."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from tests.safety.conftest import own_files, shop, snapshot
from wanhui.accounts import actions as accounts
from wanhui.accounts.models import Token, User
from wanhui.accounts.rules import Scope
from wanhui.kit import clock

_counter = itertools.count(1)
__all__ = ["own_files", "shop", "snapshot"]  # the shop with one of everything in it


@dataclass
class Caller:
    """A program with a person's access token."""

    person: User
    token: Token
    secret: str
    client: Client = field(default_factory=Client)

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> HttpResponse:
        """One call below /api/v1; `body` goes as JSON."""
        headers = {"authorization": f"Bearer {self.secret}", "accept-language": "en"} | more.pop("headers", {})
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        send = getattr(self.client, method.lower())
        response: HttpResponse = send(f"/api/v1{path}", headers=headers, **more)
        return response

    def get(self, path: str, **more: Any) -> Any:
        """What a list or a thing says; it must be there."""
        response = self("get", path, **more)
        assert response.status_code == 200, response.content
        return response.json()

    def do(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """Do something that must come out with this status; what was answered."""
        response = self(method, path, body, **more)
        assert response.status_code == status, response.content
        return response.json() if response.content else None


def token_for(person: User, *scopes: Scope) -> tuple[Token, str]:
    """A token good for a month; every scope unless some are named."""
    end = clock.now() + timedelta(days=30)
    name = f"tests {next(_counter)}"
    return accounts.make_token(person, name, scopes or tuple(Scope), end, actor=person)


Calls = Callable[..., Caller]


@pytest.fixture(autouse=True)
def unhurried(settings: LazySettings) -> None:
    """Tests call faster than people's programs; one test is about the pace itself."""
    settings.WANHUI_API_PER_MINUTE = 1_000_000
    cache.clear()


@pytest.fixture
def call_as(people: Cast) -> Calls:
    """`call_as("li")` is a program of 小李's; scopes can be named."""
    def caller(name: str, *scopes: Scope) -> Caller:
        person = getattr(people, name)
        return Caller(person, *token_for(person, *scopes))

    return caller


@pytest.fixture
def mei(call_as: Calls) -> Caller:
    """The owner's program."""
    return call_as("mei")
