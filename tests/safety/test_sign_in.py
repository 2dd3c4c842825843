"""The door: who comes in, who does not, and what it tells."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.utils import translation

from tests.cast import PASSWORD, Cast
from tests.safety.conftest import Snapshot
from tests.safety.pages import Page, text
from wanhui.accounts import actions as accounts
from wanhui.audit.models import Entry

WRONG = "a-wrong-password-nobody-has"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The client asks for English pages, so that sentences can be compared."""
    cache.clear()
    with translation.override("en"):
        yield


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponseBase:
    return client.post("/login/", {"username": name, "password": password, **more}, headers={"accept-language": "en"})


def lock(client: Client, name: str) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = sign_in(client, name, WRONG)
    assert response.status_code == 429


def test_a_wrong_password_lets_nobody_in_and_does_not_say_which_half_was_wrong(people: Cast, client: Client) -> None:
    known, unknown = sign_in(client, "mei", WRONG), sign_in(client, "nobody-of-this-name", WRONG)
    said = "Name and password do not match."
    assert known.status_code == unknown.status_code == 200
    assert said in text(known)
    assert said in text(unknown)
    assert client.get("/").status_code == 302


def test_many_wrong_passwords_close_the_door_with_a_plain_sentence(people: Cast, client: Client) -> None:
    lock(client, "mei")
    response = sign_in(client, "mei")
    assert response.status_code == 429
    words = Page(text(response)).words
    assert "Too many wrong passwords for this name. Wait 15 minutes, then try again." in words
    assert client.get("/").status_code == 302


def test_a_locked_name_does_not_lock_the_others_out(people: Cast, client: Client) -> None:
    lock(client, "mei")
    assert sign_in(Client(), "li").status_code == 302


def test_a_few_wrong_tries_are_forgiven_once_the_right_password_comes(people: Cast, client: Client) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        sign_in(client, "mei", WRONG)
    assert sign_in(client, "mei").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://example.invalid/", "//example.invalid/", "javascript:alert(1)",
                                       "/\\example.invalid/", "http:///example.invalid"])
def test_signing_in_never_leads_to_another_place(people: Cast, client: Client, elsewhere: str) -> None:
    response = sign_in(client, "mei", next=elsewhere)
    assert response.headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(people: Cast, client: Client) -> None:
    asked = client.get("/reviews/?mood=bad").headers["Location"]
    assert "next=" in asked
    assert sign_in(client, "mei", next="/reviews/?mood=bad").headers["Location"] == "/reviews/?mood=bad"


@pytest.mark.parametrize("elsewhere", ["https://example.invalid/", "//example.invalid/", "/\\example.invalid"])
def test_choosing_a_language_never_leads_to_another_place(people: Cast, client: Client, elsewhere: str) -> None:
    assert client.post("/language/", {"language": "de", "next": elsewhere}).headers["Location"] == "/"


def test_a_language_that_does_not_exist_changes_nothing(as_mei: Client, people: Cast) -> None:
    as_mei.post("/language/", {"language": "../../etc/passwd", "next": "/"})
    people.mei.refresh_from_db()
    assert people.mei.language == "zh-hans"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(people: Cast, client: Client) -> None:
    sign_in(client, "mei")
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_behind_https_cookies_never_travel_in_the_open(tmp_path: object) -> None:
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    code = f"import json; from wanhui.config import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    environment = os.environ | {"WANHUI_HTTPS": "1", "WANHUI_HOME": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == [True, True, True]


def test_signing_in_gives_a_new_session_so_that_a_planted_one_is_worth_nothing(people: Cast, client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/"})
    before = client.cookies["sessionid"].value
    sign_in(client, "mei")
    assert client.cookies["sessionid"].value != before


def test_a_new_password_signs_other_devices_out(people: Cast, client: Client) -> None:
    phone = Client()
    sign_in(phone, "mei")
    sign_in(client, "mei")
    new = "rainy-tuesday-teapot"
    client.post("/password/", {"present": PASSWORD, "new": new, "again": new})
    assert phone.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_a_password_is_stored_nowhere_but_as_its_hash(people: Cast, client: Client, snapshot: Snapshot) -> None:
    new = "rainy-tuesday-teapot"
    sign_in(client, "mei", WRONG)
    sign_in(client, "mei")
    client.post("/password/", {"present": PASSWORD, "new": new, "again": new})
    _person, first = accounts.make_person("newcomer", "新人", actor=people.mei)
    stored = json.dumps(snapshot(), default=str, ensure_ascii=False)
    assert not [password for password in (WRONG, PASSWORD, new, first) if password in stored]
    changed = Entry.objects.get(verb="accounts.change_password")
    assert (changed.fields, changed.counts) == (["password"], {})


def test_signing_out_needs_a_press_of_the_button_and_then_holds(people: Cast, client: Client) -> None:
    sign_in(client, "mei")
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/").status_code == 302
