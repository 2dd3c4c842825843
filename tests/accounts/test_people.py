"""People come and change their password."""

import pytest

from tests.cast import PASSWORD, Cast
from wanhui.accounts import actions
from wanhui.audit.models import Entry
from wanhui.kit.errors import Refused


def test_a_new_person_gets_a_random_first_password_that_works(people: Cast) -> None:
    hong, first = actions.make_person("Hong", "小红", actor=people.mei)
    _other, second = actions.make_person("lan", "小兰", actor=people.mei)
    assert hong.username == "hong"
    assert hong.check_password(first)
    assert first != second
    assert Entry.objects.filter(verb="accounts.make_person", ref=str(hong.pk), actor=people.mei).count() == 1


@pytest.mark.parametrize("name", ["", "  ", "li", "LI", "a b/c"])
def test_an_empty_taken_or_impossible_name_is_refused(people: Cast, name: str) -> None:
    with pytest.raises(Refused):
        actions.make_person(name, "x", actor=people.mei)


def test_the_entry_of_a_new_password_names_the_field_and_never_its_value(people: Cast) -> None:
    actions.change_password(people.li, PASSWORD, "another-long-secret-9", actor=people.li)
    people.li.refresh_from_db()
    assert people.li.check_password("another-long-secret-9")
    assert Entry.objects.get(verb="accounts.change_password").fields == ["password"]


@pytest.mark.parametrize(
    ("old", "new"), [("wrong", "another-long-secret-9"), (PASSWORD, "short"), (PASSWORD, "password1234")]
)
def test_a_wrong_old_or_weak_new_password_is_refused_with_a_reason(people: Cast, old: str, new: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.change_password(people.li, old, new, actor=people.li)
    assert refused.value.message


def test_nobody_changes_the_password_of_somebody_else(people: Cast) -> None:
    with pytest.raises(Refused):
        actions.change_password(people.li, PASSWORD, "another-long-secret-9", actor=people.mei)
