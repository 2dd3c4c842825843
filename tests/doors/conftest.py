"""People at the door: a phone app that shows codes, and a desk that can send mail."""

import time
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.utils import translation
from django_otp.oath import TOTP

from tests.cast import Cast
from wanhui.accounts.models import User
from wanhui.doors import actions, queries


class Phone:
    """An app with a person's key. It shows a new code each time it is asked, as if half a minute had passed."""

    def __init__(self, key: bytes) -> None:
        self.key, self.steps = key, 0

    def code(self) -> str:
        totp = TOTP(self.key)
        totp.time = time.time() + 30 * self.steps
        self.steps += 1
        return f"{totp.token():06d}"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def mail_set_up(settings: LazySettings) -> None:
    settings.WANHUI_MAIL = True
    settings.WANHUI_URL = "https://desk.example.org"


@pytest.fixture
def locked(people: Cast) -> tuple[User, Phone, list[str]]:
    """小李 with a second factor: the person, the phone, the recovery codes."""
    phone = Phone(actions.begin_second_factor(people.li, actor=people.li).bin_key)
    codes = actions.confirm_second_factor(people.li, phone.code(), actor=people.li)
    assert queries.has_second_factor(people.li)
    return people.li, phone, codes
