"""Every operation of the API, walked by those who may not: nothing is shown, nothing is written."""

import json

import pytest
from django.db import transaction

from tests.api.conftest import Caller, Calls
from tests.api.world import BODIES, OWN_ACCOUNT, PERSONAL, operations, send
from tests.safety.conftest import Shop, Snapshot
from wanhui.accounts.rules import Scope

ALL = operations()
SECRETS = ("裤子起球了", "77001122334455")


def changed(before: dict[str, list[dict[str, object]]], after: dict[str, list[dict[str, object]]]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def awake(caller: Caller) -> Caller:
    """Its token's first use is noted; what changes from here on is somebody's deed."""
    caller.get("/me")
    return caller


def test_there_are_operations_and_each_with_a_body_has_one_to_send() -> None:
    assert len(ALL) >= 50
    assert {one.key for one in ALL if one.media} == set(BODIES)


def test_the_owner_reaches_every_operation(shop: Shop, mei: Caller) -> None:
    """Else the tests below would prove nothing. Each is taken back before the next."""
    statuses = {}
    for one in ALL:
        with transaction.atomic():
            statuses[one.key] = send(mei, one, shop).status
            transaction.set_rollback(True)
    assert {key: status for key, status in statuses.items() if status not in (200, 201, 204, 409)} == {}
    assert sum(status < 300 for status in statuses.values()) > 60


def test_nobody_comes_in_without_a_token(shop: Shop, mei: Caller, snapshot: Snapshot) -> None:
    mei.secret = "wh_nobody"
    before = snapshot()
    statuses = {one.key: send(mei, one, shop).status for one in ALL}
    assert set(statuses.values()) == {401}
    assert snapshot() == before


@pytest.mark.parametrize("stranger", ["anna", "eve"])
def test_a_strangers_things_are_not_there_and_nothing_is_written(
    shop: Shop, call_as: Calls, snapshot: Snapshot, stranger: str
) -> None:
    caller = awake(call_as(stranger))
    before = snapshot()
    shown = []
    for one in ALL:
        if one.key in OWN_ACCOUNT:
            continue
        answer = send(caller, one, shop)
        about_the_shop = "{" in one.path or one.writes
        if answer.status != (404 if about_the_shop else 200) or any(word in answer.text for word in SECRETS):
            shown.append((one.key, answer.status))
    assert shown == []
    assert snapshot() == before


def test_a_strangers_filters_find_nothing_of_it(shop: Shop, call_as: Calls) -> None:
    anna = call_as("anna")
    store = shop.case.store_id
    for path in ("/cases", "/cases/all", "/reviews"):
        assert anna.get(f"{path}?store={store}")["items"] == []
    for path in ("/record", "/figures"):
        assert anna("get", f"{path}?store={store}").status_code == 404


def test_the_viewer_may_look_but_every_verb_is_refused(shop: Shop, call_as: Calls, snapshot: Snapshot) -> None:
    viewer = awake(call_as("viewer"))
    before = snapshot()
    wrong = []
    for one in ALL:
        if one.key in OWN_ACCOUNT:
            continue
        answer = send(viewer, one, shop)
        code = json.loads(answer.body)["code"] if answer.status >= 400 else ""
        no = (404, "not_found") if one.key in PERSONAL else (403, "not_allowed")
        if (answer.status, code) != ((200, "") if one.everybodys else no):
            wrong.append((one.key, answer.status, code))
    assert wrong == []
    assert changed(before, snapshot()) == []


def test_a_token_without_the_scope_opens_nothing_though_its_person_may(
    shop: Shop, call_as: Calls, snapshot: Snapshot
) -> None:
    for scope in Scope:
        caller = call_as("mei", *(other for other in Scope if other is not scope))
        before = snapshot()
        found = [one for one in ALL if one.scope == scope]
        assert found, f"nothing needs {scope}"
        for one in found:
            answer = send(caller, one, shop)
            assert (answer.status, json.loads(answer.body)["scope"]) == (403, scope.value), one.key
        assert snapshot() == before


def test_reading_needs_no_more_than_read_and_writing_never_only_that() -> None:
    assert [one.key for one in ALL if (one.scope == Scope.READ) != one.everybodys] == []
