"""A forgotten password, by mail: what is sent, what is not told, what a link is worth."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.safety.pages import Page, text
from wanhui.accounts import actions as accounts
from wanhui.accounts import queries as accounts_queries
from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.config import mail as mail_settings
from wanhui.doors import queries, rules
from wanhui.doors.models import Visit
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.pipeline.advance import drain
from wanhui.work.models import Step

NEW = "rainy-tuesday-teapot"


def ask(client: Client, who: str) -> str:
    answer = client.post("/password/forgotten/", {"who": who}, headers={"accept-language": "en"})
    return Page(text(answer)).words


def with_address(person: User, address: str = "li@example.com") -> User:
    User.objects.filter(pk=person.pk).update(email=address)
    person.refresh_from_db()
    return person


def link_in(letter: object) -> str:
    body = str(getattr(letter, "body", ""))
    return next(word for word in body.split() if word.startswith("https://")).removeprefix("https://desk.example.org")


@pytest.mark.parametrize("who", ["li", " LI ", "Li@Example.com"])
def test_a_letter_with_a_link_goes_to_the_confirmed_address(
    people: Cast, client: Client, mail_set_up: None, who: str
) -> None:
    with_address(people.li)
    ask(client, who)
    assert mail.outbox == [], "nothing leaves inside a request"
    drain()
    (letter,) = mail.outbox
    assert letter.to == ["li@example.com"]
    assert "一天内有效" in letter.body or "one day" in letter.body
    assert client.get(link_in(letter)).status_code == 200
    assert Entry.objects.filter(verb="doors.mail_reset", actor=None, ref=str(people.li.pk)).count() == 1


def test_the_answer_never_says_whether_somebody_exists(people: Cast, client: Client, mail_set_up: None) -> None:
    with_address(people.li)
    answers = {ask(client, who) for who in ("li", "li@example.com", "nobody-here", "wang")}
    assert len(answers) == 1
    assert Step.objects.filter(kind="reset.asked").count() == 4, "and the same is written"


def test_an_address_that_was_never_confirmed_gets_nothing(people: Cast, client: Client, mail_set_up: None) -> None:
    User.objects.filter(pk=people.li.pk).update(email_wanted="li@example.com")
    ask(client, "li")
    ask(client, "li@example.com")
    drain()
    assert mail.outbox == []


def test_somebody_switched_off_gets_nothing(people: Cast, client: Client, mail_set_up: None) -> None:
    with_address(people.li)
    User.objects.filter(pk=people.li.pk).update(is_active=False)
    ask(client, "li")
    drain()
    assert mail.outbox == []


def test_however_many_ask_one_person_gets_one_letter_in_ten_minutes(
    people: Cast, mail_set_up: None
) -> None:
    with_address(people.li)
    with clock.at(clock.now().replace(minute=1)):
        for number, who in enumerate(["li", "li@example.com", "LI", "li"]):
            Client(REMOTE_ADDR=f"10.0.0.{number}").post("/password/forgotten/", {"who": who})
        drain()
    assert len(mail.outbox) == 1


def test_too_many_questions_from_one_place_are_refused_and_other_places_are_not(
    people: Cast, client: Client, mail_set_up: None
) -> None:
    for number in range(rules.ASK_MOST):
        ask(client, f"somebody-{number}")
    assert "Too many links were asked for." in ask(client, "li")
    assert "Too many" not in ask(Client(REMOTE_ADDR="10.9.9.9"), "li")


def test_without_mail_the_page_says_whom_to_ask_and_writes_nothing(people: Cast, client: Client) -> None:
    with_address(people.li)
    assert "Ask the owner of your store" in ask(client, "li")
    assert not Step.objects.filter(kind="reset.asked").exists()


def test_the_link_sets_a_password_once_and_signs_out_everywhere(people: Cast, client: Client) -> None:
    phone = Client()
    phone.post("/login/", {"username": "li", "password": PASSWORD})
    people.li.refresh_from_db()
    path = queries.reset_path(people.li)
    assert client.post(path, {"new": NEW, "again": NEW}).headers["Location"] == "/login/"
    people.li.refresh_from_db()
    assert people.li.check_password(NEW)
    assert phone.get("/").status_code == 302
    assert not Visit.objects.filter(person=people.li).exists()
    assert client.get("/").status_code == 302, "the link signs nobody in"
    assert client.get(path).status_code == 410
    assert client.post(path, {"new": "yet-another-secret-1", "again": "yet-another-secret-1"}).status_code == 410


@pytest.mark.parametrize(("new", "again"), [("short", "short"), ("password1234", "password1234"), (NEW, NEW + "x")])
def test_a_weak_or_mistyped_password_is_refused_and_the_link_stays_good(
    people: Cast, client: Client, new: str, again: str
) -> None:
    path = queries.reset_path(people.li)
    assert client.post(path, {"new": new, "again": again}).status_code == 200
    people.li.refresh_from_db()
    assert people.li.check_password(PASSWORD)
    assert client.get(path).status_code == 200


def test_a_forged_foreign_or_old_link_opens_nothing(people: Cast, client: Client) -> None:
    _nothing, _password, _new, uid, key, _end = queries.reset_path(people.li).split("/")
    mei = queries.reset_path(people.mei).split("/")[3]
    for who, secret in ((mei, key), (uid, key[:-1] + "x"), ("MQ", "x"), ("!!", key), ("", key)):
        assert client.get(f"/password/new/{who}/{secret}/").status_code in (404, 410)
    with pytest.raises(Refused):
        accounts.set_password(people.mei, key, NEW, actor=None)


def test_signing_in_ends_a_link_that_was_not_used(people: Cast, client: Client) -> None:
    path = queries.reset_path(people.li)
    with clock.at(clock.now() + timedelta(seconds=2)):
        client.post("/login/", {"username": "li", "password": PASSWORD})
    assert Client().get(path).status_code == 410


def test_an_address_counts_once_its_letter_was_answered(people: Cast, client: Client, mail_set_up: None) -> None:
    client.force_login(people.li)
    client.post("/account/", {"address": "xiaoli@example.com", "present": PASSWORD})
    people.li.refresh_from_db()
    assert (people.li.email, people.li.email_wanted) == ("", "xiaoli@example.com")
    drain()
    (letter,) = mail.outbox
    assert letter.to == ["xiaoli@example.com"]
    client.get(link_in(letter))
    people.li.refresh_from_db()
    assert people.li.email == "", "a mail program that opens links confirms nothing"
    client.post(link_in(letter))
    people.li.refresh_from_db()
    assert (people.li.email, people.li.email_wanted) == ("xiaoli@example.com", "")


def test_setting_an_address_asks_for_the_password(people: Cast, client: Client) -> None:
    client.force_login(people.li)
    client.post("/account/", {"address": "thief@example.com", "present": "not-the-password"})
    people.li.refresh_from_db()
    assert (people.li.email, people.li.email_wanted) == ("", "")


def test_nobody_confirms_an_address_for_somebody_else(people: Cast, client: Client) -> None:
    accounts.choose_address(people.li, "li@example.com", PASSWORD, actor=people.li)
    key = accounts_queries.address_key(people.li)
    client.force_login(people.mei)
    assert client.post(f"/account/address/{key}/").status_code == 404
    with pytest.raises(Refused):
        accounts.confirm_address(people.li, key, actor=people.mei)


def test_an_older_letter_does_not_bring_an_older_address_back(people: Cast) -> None:
    accounts.choose_address(people.li, "old@example.com", PASSWORD, actor=people.li)
    old = accounts_queries.address_key(people.li)
    accounts.choose_address(people.li, "new@example.com", PASSWORD, actor=people.li)
    with pytest.raises(Refused):
        accounts.confirm_address(people.li, old, actor=people.li)


def test_a_letter_that_no_server_takes_is_tried_again_and_then_shown(
    people: Cast, client: Client, mail_set_up: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("wanhui.doors.actions.send", refuse)
    accounts.choose_address(people.li, "li@example.com", PASSWORD, actor=people.li)
    now = clock.now()
    for hour in range(8):
        with clock.at(now + timedelta(hours=2 * hour)):
            drain()
    assert queries.letter_failed(people.li)
    client.force_login(people.li)
    assert "could not be sent" in Page(text(client.get("/account/", headers={"accept-language": "en"}))).words


def test_the_address_of_the_mail_server_is_read_as_documented() -> None:
    read = mail_settings.read
    assert read("") == {}
    found = read("smtps://desk%40example.org:p%2Fw@mail.example.org?from=desk@example.org")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_SSL"]) == ("mail.example.org", 465, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("desk@example.org", "p/w")
    assert read("smtp://desk%40example.org:x@h")["EMAIL_USE_TLS"] is True
    assert read("smtp+plain://h?from=a@b.c")["EMAIL_USE_TLS"] is False
    assert read("file:///tmp/letters?from=a@b.c")["EMAIL_FILE_PATH"] == "/tmp/letters"
    assert read("smtp://h?from=a@b.c")["EMAIL_TIMEOUT"] > 0
    for wrong in ("smtp://h", "http://h?from=a@b.c", "smtp://?from=a@b.c", "mail.example.org"):
        with pytest.raises(ValueError, match="WANHUI_EMAIL_URL"):
            read(wrong)
