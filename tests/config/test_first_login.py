"""The first login: made once, told once, kept for its owner until it is no longer true."""

from pathlib import Path

import pytest

from wanhui.accounts import actions as accounts
from wanhui.accounts.models import User
from wanhui.audit.models import Entry
from wanhui.config import first_login

pytestmark = pytest.mark.django_db


def _kept(folder: Path) -> list[str]:
    return (folder / "first-login.txt").read_text(encoding="utf-8").split()


def test_the_first_person_gets_a_password_that_opens_and_leaves_one_entry(tmp_path: Path) -> None:
    said = first_login.ensure(tmp_path)
    name, password = _kept(tmp_path)
    assert name in said
    assert password in said
    assert User.objects.get(username=name).check_password(password)
    assert list(Entry.objects.values_list("verb", "actor")) == [("accounts.make_person", None)]


def test_a_person_whom_the_demo_world_brought_along_gets_one_too(tmp_path: Path) -> None:
    brought = User.objects.create_user(first_login.NAME, display_name="梅")
    brought.set_unusable_password()
    brought.save()
    first_login.ensure(tmp_path)
    brought.refresh_from_db()
    assert brought.check_password(_kept(tmp_path)[1])
    assert Entry.objects.get().verb == "accounts.reset_password"


def test_a_later_start_names_the_file_and_not_the_password(tmp_path: Path) -> None:
    first_login.ensure(tmp_path)
    said = first_login.ensure(tmp_path)
    assert str(tmp_path) in said
    assert _kept(tmp_path)[1] not in said
    assert User.objects.count() == 1


def test_the_file_goes_away_with_the_first_password(tmp_path: Path) -> None:
    first_login.ensure(tmp_path)
    person = User.objects.get()
    accounts.change_password(person, _kept(tmp_path)[1], "喜欢吃糖炒栗子2026", actor=person)
    assert "the password you chose" in first_login.ensure(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "Sign in with your own name" in first_login.ensure(tmp_path)


def test_a_lost_file_makes_nobody_new(tmp_path: Path) -> None:
    first_login.ensure(tmp_path)
    (tmp_path / "first-login.txt").unlink()
    first_login.ensure(tmp_path)
    assert User.objects.count() == 1
    assert list(tmp_path.iterdir()) == []
