"""Somebody forgot a password: the person at the machine helps, nobody else can."""

from django.conf import settings
from django.test import Client
from typer.testing import CliRunner

from tests.cast import PASSWORD, Cast
from wanhui.audit.models import Entry
from wanhui.cli import app


def reset(name: str) -> tuple[int, str]:
    """What `wanhui password NAME` answers."""
    done = CliRunner().invoke(app, ["password", name])
    return done.exit_code, done.output


def sign_in(client: Client, password: str) -> int:
    return client.post("/login/", {"username": "li", "password": password}).status_code


def test_the_command_gives_a_new_password_that_works_and_ends_the_old_one(people: Cast, client: Client) -> None:
    phone = Client()
    assert sign_in(phone, PASSWORD) == 302
    code, said = reset("Li")
    assert code == 0
    assert sign_in(client, PASSWORD) == 200
    assert sign_in(client, said.split()[-1]) == 302
    assert phone.get("/").status_code == 302, "whoever used the old password is out"


def test_it_also_opens_the_door_that_too_many_tries_had_closed(people: Cast, client: Client) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        locked = sign_in(client, "forgotten-by-li")
    assert locked == 429
    assert sign_in(client, reset("li")[1].split()[-1]) == 302


def test_its_entry_holds_no_password(people: Cast) -> None:
    new = reset("li")[1].split()[-1]
    entry = Entry.objects.get(verb="accounts.reset_password")
    assert (entry.actor, entry.ref, entry.fields) == (None, str(people.li.pk), ["password"])
    assert new not in str(entry.__dict__)


def test_an_unknown_name_is_answered_with_those_there_are(people: Cast) -> None:
    code, said = reset("lily")
    assert code == 2
    assert 'Nobody signs in as "lily".' in said
    assert "li, " in said
