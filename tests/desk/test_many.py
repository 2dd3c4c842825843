"""Ticked cases on the page: one POST, an answer that names what was left alone, an Undo that works without a script."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests import cast
from tests.desk import world
from tests.desk.conftest import signed_in
from wanhui.cases.models import Case


@pytest.fixture
def cases(people: cast.Cast) -> list[Case]:
    return [world.case(people.clothes, hours_ago=1 + n) for n in range(3)]


def boxes(client: Client, address: str = "/") -> list[str]:
    """What the boxes on the page would send."""
    return re.findall(r'name="case" value="([^"]+)"', client.get(address).content.decode())


def post(client: Client, address: str = "/cases/many/", **sent: object) -> list[str]:
    """Send it from the queue; what the page then says."""
    answer = client.post(address, sent, headers={"referer": "http://testserver/?whose=nobody"})
    assert answer.status_code in (302, 303), answer.status_code
    assert answer.headers["Location"] == "/?whose=nobody"
    return [str(message) for message in get_messages(answer.wsgi_request)]


def owners(cases: list[Case]) -> list[object]:
    return [Case.objects.get(pk=case.pk).assignee for case in cases]


def test_taking_the_ticked_ones_leads_back_and_offers_the_undoing(
    people: cast.Cast, mei: Client, cases: list[Case]
) -> None:
    assert post(mei, case=boxes(mei)[:2], verb="claim") == ["2 cases are yours."]
    assert sum(owner == people.mei for owner in owners(cases)) == 2
    page = mei.get("/").content.decode()
    address = re.search(r'action="(/cases/undo/\d+/)"', page)
    assert address is not None
    assert post(mei, address[1]) == ["Undone: 2 cases are as they were."]
    assert owners(cases) == [None, None, None]
    assert 'action="/cases/undo/' not in mei.get("/queue/").content.decode()


def test_a_case_changed_meanwhile_is_named_with_who_did_what(
    people: cast.Cast, mei: Client, cases: list[Case]
) -> None:
    ticked = boxes(mei)
    signed_in(people, "wang").post(f"/cases/{cases[0].pk}/claim/", {"version": cases[0].version})
    said = post(mei, case=ticked, verb="claim")
    assert said[0] == "2 cases are yours."
    assert said[1].startswith(f"1 case was left alone – case {cases[0].pk}: Meanwhile: 老王 is in charge")
    assert owners(cases)[0] == people.wang


def test_handing_over_says_to_whom_and_why_stands_on_the_row(
    people: cast.Cast, mei: Client, cases: list[Case]
) -> None:
    said = post(mei, case=boxes(mei)[:1], verb="give", person=people.li.pk, why="她只接电话")
    assert said == ["小李 takes care of 1 case."]
    page = signed_in(people, "li").get("/?whose=handed").content.decode()
    assert "from 梅" in page
    assert "她只接电话" in page


def test_moving_many_says_where_they_stand(mei: Client, cases: list[Case]) -> None:
    assert post(mei, case=boxes(mei), verb="move", stage="verified") == ["3 cases stand at “Verified”."]
    assert {case.stage for case in Case.objects.all()} == {"verified"}


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"verb": "claim"}, "No case is ticked"),
        ({"verb": "claim", "case": ["x~1", "99999999999999999999~1", "1", "~"]}, "No case is ticked"),
        ({"verb": "burn", "case": "here"}, "Choose what to do"),
        ({"verb": "move", "case": "here"}, "Choose the stage"),
        ({"verb": "give", "case": "here"}, "Choose who takes over"),
        ({"verb": "give", "person": "999999", "case": "here"}, "does not work in this store"),
    ],
)
def test_nonsense_is_refused_in_words(
    mei: Client, cases: list[Case], sent: dict[str, object], answer: str
) -> None:
    if sent.get("case") == "here":
        sent = sent | {"case": boxes(mei)}
    assert answer in post(mei, **sent)[0]
    assert owners(cases) == [None, None, None]


def test_a_strangers_ticks_touch_nothing(people: cast.Cast, mei: Client, cases: list[Case]) -> None:
    ticked = boxes(mei)
    assert "No case is ticked" in post(signed_in(people, "anna"), case=ticked, verb="claim")[0]
    assert owners(cases) == [None, None, None]


def test_a_single_claim_can_be_undone_from_its_message(people: cast.Cast, mei: Client, cases: list[Case]) -> None:
    mei.post(f"/cases/{cases[0].pk}/claim/", {"version": cases[0].version})
    page = mei.get(f"/cases/{cases[0].pk}/").content.decode()
    address = re.search(r'class="undo" method="post" action="(/cases/undo/\d+/)"', page)
    assert address is not None
    mei.post(address[1])
    assert owners(cases)[0] is None


def test_after_closing_the_next_case_of_the_same_filter_is_offered(
    people: cast.Cast, mei: Client, cases: list[Case]
) -> None:
    Case.objects.filter(pk__in=[cases[0].pk, cases[2].pk]).update(assignee=people.mei)
    assert len(boxes(mei, "/?whose=mine")) == 2
    mei.post(f"/cases/{cases[2].pk}/close/", {
        "version": cases[2].version, "outcome": "satisfied", "conclusion": "已补发，顾客满意",
    })  # fmt: skip
    page = mei.get(f"/cases/{cases[2].pk}/").content.decode()
    offered = re.search(r'next-case.*?href="/cases/(\d+)/"', page, re.DOTALL)
    assert offered is not None
    assert int(offered[1]) == cases[0].pk
