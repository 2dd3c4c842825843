"""Access tokens: made, used, revoked, run out; the secret is kept nowhere."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.safety.conftest import Snapshot, snapshot
from wanhui.accounts import actions, queries
from wanhui.accounts.models import Token, User
from wanhui.accounts.rules import LONGEST_TOKEN, MOST_TOKENS, OPENS, Scope, Verb, opens, scope_of, token_lasts
from wanhui.kit import clock
from wanhui.kit.errors import Refused

__all__ = ["snapshot"]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTH = NOON + timedelta(days=30)


def made(person: User, *scopes: str) -> tuple[Token, str]:
    with clock.at(NOON):
        name = f"ERP {Token.objects.count()}"
        return actions.make_token(person, name, scopes or ("read",), MONTH, actor=person)


def test_the_secret_opens_the_door_for_its_person_and_its_scopes(people: Cast) -> None:
    token, raw = made(people.li, "replies", "read")
    assert raw.startswith("wh_")
    assert len(raw) > 40
    found = queries.bearer(raw, NOON)
    assert found == token
    assert (found.person, found.scopes) == (people.li, ["read", "replies"])


def test_the_secret_itself_is_stored_nowhere(people: Cast, snapshot: Snapshot) -> None:
    _token, raw = made(people.li)
    stored = json.dumps(snapshot(), default=str)
    assert raw not in stored
    assert raw.removeprefix("wh_") not in stored


@pytest.mark.parametrize("raw", ["", "wh_", "wh_guess", "mei", "Bearer wh_x", "wh_" + "a" * 5000, "wh_\ud800"])
def test_a_guess_opens_nothing(people: Cast, raw: str) -> None:
    made(people.li)
    assert queries.bearer(raw, NOON) is None


def test_a_token_ends_on_time_not_a_moment_later(people: Cast) -> None:
    _token, raw = made(people.li)
    assert queries.bearer(raw, MONTH - timedelta(seconds=1)) is not None
    assert queries.bearer(raw, MONTH) is None


def test_a_revoked_token_opens_nothing_and_is_not_listed(people: Cast) -> None:
    token, raw = made(people.li)
    actions.revoke_token(token, actor=people.li)
    assert queries.bearer(raw, NOON) is None
    assert not queries.tokens_of(people.li).exists()


def test_the_token_of_somebody_switched_off_opens_nothing(people: Cast) -> None:
    _token, raw = made(people.li)
    User.objects.filter(pk=people.li.pk).update(is_active=False)
    assert queries.bearer(raw, NOON) is None


def test_nobody_makes_or_revokes_a_token_of_somebody_else(people: Cast) -> None:
    token, raw = made(people.li)
    with pytest.raises(Refused):
        actions.make_token(people.li, "x", ["read"], MONTH, actor=people.mei)
    with pytest.raises(Refused):
        actions.revoke_token(token, actor=people.mei)
    assert queries.bearer(raw, NOON) == token


@pytest.mark.parametrize(("name", "scopes", "days"), [
    ("", ["read"], 30), ("  ", ["read"], 30), ("ERP", [], 30), ("ERP", ["root"], 30), ("ERP", ["read", "x"], 30),
    ("ERP", ["read"], 0), ("ERP", ["read"], -1), ("ERP", ["read"], 366),
])
def test_a_token_needs_a_name_known_scopes_and_an_end_within_a_year(
    people: Cast, name: str, scopes: list[str], days: int
) -> None:
    with clock.at(NOON), pytest.raises(Refused):
        actions.make_token(people.li, name, scopes, NOON + timedelta(days=days), actor=people.li)
    assert not Token.objects.exists()


def test_nobody_has_tokens_without_end(people: Cast) -> None:
    for _ in range(MOST_TOKENS):
        made(people.li)
    with pytest.raises(Refused):
        made(people.li)
    made(people.wang)


def test_use_is_written_at_most_once_a_minute(people: Cast) -> None:
    token, _raw = made(people.li)
    for seconds in (0, 20, 59):
        with clock.at(NOON + timedelta(seconds=seconds)):
            actions.note_token_use(Token.objects.get(), actor=people.li)
        assert Token.objects.get().last_used_at == NOON
    with clock.at(NOON + timedelta(seconds=60)):
        actions.note_token_use(token, actor=people.li)
    assert Token.objects.get().last_used_at == NOON + timedelta(seconds=60)


def test_every_verb_lies_in_exactly_one_scope() -> None:
    assert sorted(verb for verbs in OPENS.values() for verb in verbs) == sorted(Verb)
    assert set(OPENS) == set(Scope)
    for verb in Verb:
        assert [scope for scope in Scope if opens([scope], verb)] == [scope_of(verb)]
    assert not opens([], Verb.SEE)


def test_a_year_is_the_longest_life_of_a_token() -> None:
    assert token_lasts(NOON, NOON + LONGEST_TOKEN)
    assert not token_lasts(NOON, NOON + LONGEST_TOKEN + timedelta(seconds=1))
    assert not token_lasts(NOON, NOON)
