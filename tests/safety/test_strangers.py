"""Ids of other people's things: nothing is shown, nothing is written, nothing is even admitted to exist."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern

from tests.cast import Cast
from tests.safety.conftest import Shop, Snapshot
from tests.safety.pages import patterns, read, text
from wanhui.accounts.queries import address_key

_HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
# What a hole of an address stands for where its name alone does not say it: the first words that fit count.
_MEANING = (
    ("cases/<int:pk>/measures/<int:measure>", {"pk": "case", "measure": "measure"}),
    ("cases/undo/", {"pk": "deed"}),
    ("cases/", {"pk": "case"}),
    ("views/", {"pk": "view"}),
    ("reviews/<int:pk>/screenshot/", {"pk": "picture"}),
    ("reviews/<int:review_id>/follow-ups/<int:follow_up_id>", {"review_id": "review", "follow_up_id": "follow_up"}),
    ("reviews/", {"pk": "review", "review_id": "review"}),
    ("verdicts/", {"pk": "verdict"}),
    ("webhooks/messages/", {"pk": "delivery"}),
    ("webhooks/", {"pk": "receiver"}),
    ("rejudgings/", {"pk": "rejudging"}),
    ("account/address/", {"key": "address_key"}),
    ("account/tokens/", {"pk": "token"}),
    ("stores/<int:pk>/invitations/", {"pk": "store", "invitation": "invitation"}),
    ("stores/<int:pk>/people/<int:person>", {"pk": "store", "person": "member"}),
    ("own-causes/found/", {"pk": "own_found"}),
    ("own-causes/", {"pk": "own_cause"}),
    ("stores/", {"pk": "store"}),
    ("imports/columns/", {"pk": "column_map"}),
    ("imports/", {"pk": "checking"}),
    ("import/", {"pk": "checking"}),
    ("replies/", {"pk": "reply"}),
)
# Whoever holds the secret in such a link may come in: that is what it is for (tests/stores, tests/doors).
OPEN_BY_LINK = ("join/", "password/new/")


def with_ids(route: str, shop: Shop) -> str:
    """The route with the ids of this shop's things in its holes."""
    meaning = next((words for start, words in _MEANING if route.startswith(start)), {})
    ids = {name: getattr(shop, name).pk for name in ("case", "picture", "review", "follow_up", "verdict", "measure",
                                                    "reply", "checking", "receiver", "delivery",
                                                    "own_cause", "own_found", "deed", "view", "token", "invitation",
                                                    "rejudging")}
    ids |= {"store": shop.case.store_id, "member": shop.people.li.pk,
            "address_key": address_key(shop.people.mei),
            "column_map": shop.brought.map_version.saved_id}
    holes = _HOLE.findall(route)
    assert all(hole in meaning for hole in holes), f"nobody has said yet what stands in {route}: add it above"
    return "/" + _HOLE.sub(lambda hole: str(ids[meaning[hole.group(1)]]), route)


def guarded() -> list[tuple[str, URLPattern]]:
    """Every address that names one thing."""
    return [(route, pattern) for route, pattern in patterns() if "<" in route and not route.startswith(OPEN_BY_LINK)]


def test_there_are_addresses_to_guard() -> None:
    assert len(guarded()) >= 20


@pytest.mark.parametrize("stranger", ["anna", "eve"])
def test_a_strangers_things_are_not_there_and_nothing_is_written(
    shop: Shop, snapshot: Snapshot, client: Client, stranger: str
) -> None:
    client.force_login(getattr(shop.people, stranger))
    before = snapshot()
    shown = []
    for route, _pattern in guarded():
        address = with_ids(route, shop)
        for answer in (client.get(address), client.post(address, {"action": "sent", "text": "x", "version": "1"})):
            if answer.status_code not in (404, 405):
                shown.append(f"{answer.status_code} {answer.request['REQUEST_METHOD']} {address}")
    assert not shown
    assert snapshot() == before


def test_the_same_addresses_do_exist_for_those_who_work_there(shop: Shop, as_mei: Client) -> None:
    """Else the test above would prove nothing."""
    answers = {}
    for route, _pattern in guarded():
        address = with_ids(route, shop)
        answers[address] = (read(as_mei.get(address)).status, read(as_mei.options(address)).status)
    assert not [address for address, statuses in answers.items() if 404 in statuses]


def test_a_strangers_lists_and_searches_show_nothing_of_it(shop: Shop, client: Client) -> None:
    client.force_login(shop.people.anna)
    store = shop.case.store_id
    for address in ("/", f"/?store={store}", "/reviews/", f"/reviews/?store={store}", "/cases/", "/cases/closed/",
                    "/record/", f"/record/?store={store}", "/figures/", f"/figures/?store={store}", "/stores/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "裤子起球了" not in text(answer)
        assert "77001122334455" not in text(answer)


def test_a_case_cannot_be_given_to_a_stranger(shop: Shop, as_mei: Client) -> None:
    as_mei.post(f"/cases/{shop.case.pk}/assign/", {"person": shop.people.eve.pk, "version": shop.case.version})
    shop.case.refresh_from_db()
    assert shop.case.assignee is None


def test_a_measure_of_another_case_cannot_be_finished_through_ones_own(shop: Shop, as_mei: Client) -> None:
    assert as_mei.post(f"/cases/{shop.closed.pk}/measures/{shop.measure.pk}/finish/").status_code == 404
    shop.measure.refresh_from_db()
    assert shop.measure.done_at is None


def test_nobody_comes_in_without_signing_in(shop: Shop, snapshot: Snapshot, client: Client) -> None:
    before = snapshot()
    for route, _pattern in patterns():
        if route.startswith(("login", "language", "logout", "health", "password/forgotten", *OPEN_BY_LINK)):
            continue
        address = with_ids(route, shop) if "<" in route else f"/{route}"
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/login/"), address
    assert snapshot() == before


def test_the_viewer_may_look_but_every_verb_is_refused(shop: Shop, snapshot: Snapshot, client: Client) -> None:
    """Whatever button is pressed by hand: a page that hides it is not the lock."""
    people: Cast = shop.people
    client.force_login(people.viewer)
    before = snapshot()
    posted = {"text": "x" * 20, "kind": "page", "channel": "phone", "result": "reached", "stage": "verified",
              "version": str(shop.case.version), "outcome": "satisfied", "conclusion": "全部谈妥", "role": "owner",
              "username": "viewer2", "name": "x", "sentiment": "negative", "person": str(people.viewer.pk)}
    for route, _pattern in guarded():
        for action in ("save", "approve", "sent", "request", "drop", "take_back", "autosave"):
            client.post(with_ids(route, shop), posted | {"action": action})
            if "reply" not in route:
                break
    after = snapshot()
    assert [table for table in before if before[table] != after[table]] == []
