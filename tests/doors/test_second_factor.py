"""The second factor: set up, asked for at the door, lost, turned off."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from typer.testing import CliRunner

from tests.cast import PASSWORD, Cast
from tests.doors.conftest import Phone
from tests.safety.conftest import Snapshot, snapshot
from tests.safety.pages import Page, text
from wanhui.accounts import actions as accounts
from wanhui.accounts import queries as accounts_queries
from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.cli import app
from wanhui.doors import actions, queries
from wanhui.kit import clock
from wanhui.kit.errors import Refused

__all__ = ["snapshot"]
Locked = tuple[User, Phone, list[str]]


def half_way(client: Client, password: str = PASSWORD, **more: str) -> str:
    """Name and password; where the door leads then."""
    answer = client.post("/login/", {"username": "li", "password": password, **more})
    return str(answer.headers.get("Location", ""))


def enter(client: Client, code: str) -> int:
    return client.post("/login/code/", {"code": code}).status_code


def forget_waiting() -> None:
    """As if the time to wait after wrong codes had passed."""
    TOTPDevice.objects.update(throttling_failure_count=0)
    StaticDevice.objects.update(throttling_failure_count=0)


def test_the_door_asks_for_a_code_and_nothing_is_open_before_it(locked: Locked, client: Client) -> None:
    assert half_way(client) == "/login/code/"
    assert client.get("/").status_code == 302
    assert client.get("/account/").status_code == 302
    assert enter(client, locked[1].code()) == 302
    assert client.get("/").status_code == 200


def test_it_leads_to_the_page_that_was_asked_for_and_nowhere_else(locked: Locked, client: Client) -> None:
    half_way(client, next="/reviews/")
    assert client.post("/login/code/", {"code": locked[1].code()}).headers["Location"] == "/reviews/"
    other = Client()
    half_way(other, next="https://example.invalid/")
    assert other.post("/login/code/", {"code": locked[1].code()}).headers["Location"] == "/"


def test_without_a_password_before_it_the_code_page_lets_nobody_in(locked: Locked, client: Client) -> None:
    assert client.post("/login/code/", {"code": locked[1].code()}).headers["Location"] == "/login/"
    assert half_way(client, "wrong-password-x") == ""
    assert enter(client, locked[1].code()) == 302
    assert client.get("/").status_code == 302


def test_a_code_opens_once_only(locked: Locked) -> None:
    user, phone, _codes = locked
    code = phone.code()
    actions.check_code(user, code, actor=user)
    with pytest.raises(Refused):
        actions.check_code(user, code, actor=user)


def test_wrong_codes_make_one_wait_longer_and_longer_even_for_the_right_one(locked: Locked, client: Client) -> None:
    half_way(client)
    for _ in range(3):
        assert enter(client, "000000") == 200
        TOTPDevice.objects.update(throttling_failure_timestamp=clock.now() - timedelta(seconds=60))
    TOTPDevice.objects.update(throttling_failure_timestamp=clock.now())
    said = text(client.post("/login/code/", {"code": locked[1].code()}, headers={"accept-language": "en"}))
    assert "Too many wrong codes. Wait 4 seconds" in Page(said).words
    assert client.get("/").status_code == 302


def test_the_half_way_ends_after_five_minutes_and_when_the_password_changes(locked: Locked, client: Client) -> None:
    half_way(client)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert client.get("/login/code/").status_code == 302
    half_way(client)
    accounts.change_password(locked[0], PASSWORD, "another-long-secret-9", actor=locked[0])
    assert client.get("/login/code/").status_code == 302


def test_each_recovery_code_opens_once_and_leaves_an_entry(locked: Locked, client: Client) -> None:
    user, _phone, codes = locked
    assert len(set(codes)) == 10
    half_way(client)
    assert enter(client, codes[0].lower().replace("-", " ")) == 302
    assert client.get("/").status_code == 200
    assert Entry.objects.get(verb="doors.use_recovery_code").actor == user
    assert queries.codes_left(user) == 9
    other = Client()
    half_way(other)
    assert enter(other, codes[0]) == 200
    forget_waiting()
    assert enter(other, codes[1]) == 302


def test_recovery_codes_are_stored_as_marks_only(locked: Locked, snapshot: Snapshot) -> None:
    stored = json.dumps(snapshot(), default=str)
    assert not [code for code in locked[2] if code in stored or code.replace("-", "") in stored]
    assert not StaticToken.objects.filter(token__in=[code.replace("-", "") for code in locked[2]]).exists()


def test_new_recovery_codes_need_a_code_and_end_the_old_ones(locked: Locked) -> None:
    user, phone, old = locked
    with pytest.raises(Refused):
        actions.new_codes(user, "000000", actor=user)
    forget_waiting()
    fresh = actions.new_codes(user, phone.code(), actor=user)
    assert not set(fresh) & set(old)
    with pytest.raises(Refused):
        actions.check_code(user, old[3], actor=user)
    forget_waiting()
    actions.check_code(user, fresh[3], actor=user)


def test_setting_it_up_asks_for_a_first_code_and_until_then_nothing_changes(people: Cast, client: Client) -> None:
    client.force_login(people.li)
    page = "/account/second-factor/"
    client.post(page, {"do": "begin"})
    assert not queries.has_second_factor(people.li)
    device = queries.unconfirmed(people.li)
    assert device is not None
    shown = client.get(page)
    assert queries.key_words(device) in text(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    picture = client.get("/account/second-factor/key.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"style=" not in picture.content
    client.post(page, {"do": "confirm", "code": "123"})
    assert not queries.has_second_factor(people.li)
    forget_waiting()
    done = text(client.post(page, {"do": "confirm", "code": Phone(device.bin_key).code()}))
    assert queries.has_second_factor(people.li)
    assert 'id="codes"' in done
    assert 'id="codes"' not in text(client.get(page))
    assert client.get("/account/second-factor/key.svg").status_code == 302, "the key is never shown again"


def test_nobody_sees_the_key_of_somebody_else(people: Cast, client: Client) -> None:
    actions.begin_second_factor(people.li, actor=people.li)
    client.force_login(people.mei)
    assert client.get("/account/second-factor/key.svg").status_code == 302


def test_turning_it_off_asks_for_the_password_and_a_code(locked: Locked, client: Client) -> None:
    user, phone, _codes = locked
    client.force_login(user)
    page, right = "/account/second-factor/", phone.code()
    for password, code in (("wrong", right), (PASSWORD, "000000")):
        client.post(page, {"do": "off", "off-present": password, "off-code": code})
        forget_waiting()
        assert queries.has_second_factor(user)
    client.post(page, {"do": "off", "off-present": PASSWORD, "off-code": right})
    assert not queries.has_second_factor(user)
    assert half_way(Client()) == "/"


def test_nobody_touches_the_second_factor_of_somebody_else(locked: Locked, people: Cast) -> None:
    user, phone, _codes = locked
    for verb in (
        lambda: actions.begin_second_factor(user, actor=people.mei),
        lambda: actions.confirm_second_factor(user, "000000", actor=people.mei),
        lambda: actions.new_codes(user, phone.code(), actor=people.mei),
        lambda: actions.turn_off_second_factor(user, PASSWORD, phone.code(), actor=people.mei),
    ):
        with pytest.raises(Refused):
            verb()
    assert queries.has_second_factor(user)


def test_the_command_line_leaves_it_on_unless_told_otherwise(locked: Locked, client: Client) -> None:
    run = CliRunner()
    new = run.invoke(app, ["password", "li"]).output.split()[-1]
    assert half_way(client, new) == "/login/code/"
    said = run.invoke(app, ["password", "li", "--also-second-factor"]).output
    assert "The second factor is off." in said
    assert half_way(Client(), said.split()[-1]) == "/"
    assert Entry.objects.get(verb="doors.second_factor_off").actor is None


def test_a_link_for_a_new_password_does_not_go_round_it(locked: Locked, client: Client) -> None:
    user, _phone, _codes = locked
    new = "rainy-tuesday-teapot"
    client.post(queries.reset_path(user), {"new": new, "again": new})
    assert half_way(client, new) == "/login/code/"


def test_tokens_go_on_working_without_a_code(locked: Locked) -> None:
    user = locked[0]
    _token, raw = accounts.make_token(user, "ERP", ["read"], clock.now() + timedelta(days=1), actor=user)
    assert accounts_queries.bearer(raw, clock.now()) is not None
