"""Roles × verbs at the doors themselves: every verb tried by every role, on a page and through the API.

What each role may do is written out here by hand; `accounts.rules.MATRIX` is what is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from tests import makers
from tests.api.conftest import Caller, token_for, unhurried
from tests.cast import PASSWORD, Cast, person, store
from tests.safety.conftest import Snapshot, own_files, snapshot
from tests.safety.pages import text
from wanhui.accounts.models import Token, User
from wanhui.accounts.rules import MATRIX, Role, Verb
from wanhui.cases.models import Case
from wanhui.language import DEFAULT_ENGINE
from wanhui.replies import actions as replies
from wanhui.replies.queries import digest
from wanhui.reviews.models import Review
from wanhui.stores.models import Membership, Store
from wanhui.triage.models import Verdict

__all__ = ["own_files", "snapshot", "unhurried"]

TABLE = """
role         see import correct rejudge claim write approve send close unmask settings people
owner        x   x      x       x       x     x     x       x    x     x      x        x
manager      x   x      x       x       x     x     x       x    x     x      x        .
lead         x   x      x       x       x     x     x       x    x     x      .        .
agent        x   x      x       .       x     x     .       x    x     .      .        .
scout        x   x      x       .       .     .     .       .    .     .      .        .
after_sales  x   .      x       .       x     x     .       x    x     .      .        .
quality      x   .      x       .       .     .     .       .    .     .      .        .
marketing    x   .      .       .       .     x     .       .    .     .      .        .
viewer       x   .      .       .       .     .     .       .    .     .      .        .
nobody       .   .      .       .       .     .     .       .    .     .      .        .
"""
# Their rooms are not built yet: these are held to the drawn matrix in tests/accounts/test_rules.py only.
NO_DOOR_YET = {Verb.GRANT_SMALL, Verb.GRANT_MEDIUM, Verb.GRANT_LARGE, Verb.APPEAL, Verb.EXPORT}
REPLY = "您好，裤子洗后起球给您添了麻烦，真对不起。请在订单里找客服，退换都可以商量。"
CSV = "评价内容,评价星级\n起球了,1\n很好,5\n".encode()
NAME = "欧阳翠花儿"


def cells() -> list[tuple[str, Verb, bool]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], Verb(verb), cell == "x") for row in rows for verb, cell in zip(head[1:], row[1:], strict=True)]


def named(cell: object) -> str:
    return cell.value if isinstance(cell, Verb) else str(cell)


@dataclass
class Place:
    """梅's shop with a case, a reply in the right state, and one person of the role that is tried."""

    people: Cast
    who: User
    case: Case
    review: Review
    verdict: Verdict

    def waiting(self) -> None:
        reply = replies.save_draft(self.review, REPLY, actor=self.people.li)
        replies.request_approval(reply, actor=self.people.li)

    def approved(self) -> None:
        self.waiting()
        reply = self.review.replies.get()
        replies.approve(reply, digest(REPLY), actor=self.people.mei)


@pytest.fixture
def place(people: Cast, role: str) -> Place:
    who = person("tried", "试试")
    if role != "nobody":
        Membership.objects.create(store=people.clothes, user=who, role=role)
    case = makers.case(people.clothes, "裤子洗了一次就起球", buyer=NAME)
    review = case.case_reviews.get().review
    return Place(people, who, case, review, review.verdicts.get())


def reads_case(place: Place, client: Client) -> HttpResponseBase:
    return client.get(f"/cases/{place.case.pk}/")


def finds_customer(place: Place, client: Client) -> HttpResponseBase:
    return client.get("/search/", {"q": NAME})


def sends_file(place: Place, client: Client) -> HttpResponseBase:
    file = SimpleUploadedFile("周.csv", CSV)
    return client.post("/imports/", {"store": place.people.clothes.pk, "file": file})


def corrects(place: Place, client: Client) -> HttpResponseBase:
    form = f"v{place.verdict.pk}"
    return client.post(f"/verdicts/{place.verdict.pk}/correct/",
                       {f"{form}-sentiment": "negative", f"{form}-causes": "price"})


def claims(place: Place, client: Client) -> HttpResponseBase:
    return client.post(f"/cases/{place.case.pk}/claim/", {"version": place.case.version})


def presses(place: Place, client: Client, action: str, **more: str) -> HttpResponseBase:
    return client.post(f"/reviews/{place.review.pk}/reply/", {"action": action, **more})


def closes(place: Place, client: Client) -> HttpResponseBase:
    return client.post(f"/cases/{place.case.pk}/close/", {
        "version": place.case.version, "outcome": "satisfied", "conclusion": "面料批次有问题，已换货"})


Try = Callable[[Place, Client], HttpResponseBase]
PAGES: dict[Verb, Try] = {
    Verb.SEE: reads_case,
    Verb.UNMASK: finds_customer,
    Verb.IMPORT: sends_file,
    Verb.CORRECT: corrects,
    Verb.REJUDGE: lambda place, client: client.post(
        f"/stores/{place.people.clothes.pk}/rejudging/", {"engine": DEFAULT_ENGINE}),
    Verb.CLAIM: claims,
    Verb.WRITE: lambda place, client: presses(place, client, "save", text=REPLY),
    Verb.APPROVE: lambda place, client: presses(place, client, "approve", seen=digest(REPLY)),
    Verb.SEND: lambda place, client: presses(place, client, "sent"),
    Verb.CLOSE: closes,
    Verb.SETTINGS: lambda place, client: client.post(f"/stores/{place.people.clothes.pk}/settings/", {
        "name": "一家衣铺", "trade": "goods", "timezone": "Asia/Shanghai", "language": "zh",
        "reply_within_hours": "6", "max_case_age_days": "30"}),
    Verb.PEOPLE: lambda place, client: client.post(
        f"/stores/{place.people.clothes.pk}/people/{place.people.scout.pk}/role/", {"role": "agent"}),
}
Call = Callable[[Place, Caller], HttpResponseBase]
CALLS: dict[Verb, Call] = {
    Verb.SEE: lambda place, call: call("get", f"/cases/{place.case.pk}"),
    Verb.UNMASK: lambda place, call: call("get", f"/search?q={NAME}"),
    Verb.IMPORT: lambda place, call: call(
        "post", "/imports/rows", {"store": place.people.clothes.pk, "rows": [{"评价内容": "起球", "星级": 1}]}),
    Verb.CORRECT: lambda place, call: call(
        "post", f"/verdicts/{place.verdict.pk}/correct", {"sentiment": "negative", "causes": ["price"]}),
    Verb.REJUDGE: lambda place, call: call(
        "post", f"/stores/{place.people.clothes.pk}/rejudgings", {"engine": DEFAULT_ENGINE}),
    Verb.CLAIM: lambda place, call: call("post", f"/cases/{place.case.pk}/claim", {"version": place.case.version}),
    Verb.WRITE: lambda place, call: call("put", f"/reviews/{place.review.pk}/reply", {"text": REPLY}),
    Verb.APPROVE: lambda place, call: call(
        "post", f"/reviews/{place.review.pk}/reply/approve", {"seen": digest(REPLY)}),
    Verb.SEND: lambda place, call: call("post", f"/reviews/{place.review.pk}/reply/sent"),
    Verb.CLOSE: lambda place, call: call("post", f"/cases/{place.case.pk}/close", {
        "version": place.case.version, "outcome": "satisfied", "conclusion": "面料批次有问题，已换货"}),
    Verb.SETTINGS: lambda place, call: call(
        "patch", f"/stores/{place.people.clothes.pk}", {"reply_within_hours": 6}),
    Verb.PEOPLE: lambda place, call: call(
        "put", f"/stores/{place.people.clothes.pk}/people/{place.people.scout.pk}", {"role": "agent"}),
}
READING = {Verb.SEE, Verb.UNMASK}


def ready(place: Place, verb: Verb) -> None:
    if verb is Verb.APPROVE:
        place.waiting()
    elif verb is Verb.SEND:
        place.approved()


def judged(verb: Verb, answer: HttpResponseBase, *, written: bool) -> bool:
    """Whether the try came to something: what was read shows it, what writes has written."""
    if verb is Verb.SEE:
        return answer.status_code == 200
    if verb is Verb.UNMASK:
        return answer.status_code == 200 and "/reviews/?customer=" in text(answer)  # found by the whole name
    return written


def test_every_verb_has_a_door_or_is_named_as_waiting_for_one() -> None:
    drawn = {verb for _role, verb, _may in cells()}
    assert set(PAGES) == set(CALLS) == drawn
    assert drawn | NO_DOOR_YET == set(Verb)
    assert not drawn & NO_DOOR_YET


def test_the_table_here_says_what_the_matrix_says() -> None:
    for role, verb, may in cells():
        assert may == (role != "nobody" and verb in MATRIX[Role(role)]), (role, verb)


@pytest.mark.parametrize(("role", "verb", "may"), cells(), ids=named)
def test_on_pages_a_role_does_what_it_may_and_nothing_else(
    place: Place, snapshot: Snapshot, client: Client, role: str, verb: Verb, may: bool
) -> None:
    ready(place, verb)
    client.force_login(place.who)
    before = snapshot()
    answer = PAGES[verb](place, client)
    written = snapshot() != before
    assert judged(verb, answer, written=written) == may
    if role == "nobody" and verb not in READING | {Verb.IMPORT}:
        assert answer.status_code == 404, "a stranger does not even learn that it exists"


@pytest.mark.parametrize(("role", "verb", "may"), cells(), ids=named)
def test_through_the_api_a_role_does_what_it_may_and_nothing_else(
    place: Place, snapshot: Snapshot, role: str, verb: Verb, may: bool
) -> None:
    ready(place, verb)
    call = Caller(place.who, *token_for(place.who))
    call("get", "/me")  # the token's use is written now, and not again within this minute
    before = snapshot()
    answer = CALLS[verb](place, call)
    written = snapshot() != before
    assert judged(verb, answer, written=written) == may
    if not may and verb not in READING:
        assert answer.status_code == (404 if role == "nobody" else 403)


def own_reply_approved(author: User, where: Store, client: Client) -> bool:
    """Whether somebody who wrote a reply gets it approved by themselves."""
    review = makers.case(where, "裤子洗了一次就起球").case_reviews.get().review
    client.force_login(author)
    client.post(f"/reviews/{review.pk}/reply/", {"action": "save", "text": REPLY})
    client.post(f"/reviews/{review.pk}/reply/", {"action": "approve", "seen": digest(REPLY), "text": REPLY})
    return bool(review.replies.get().state == "approved")


@pytest.mark.parametrize(("others", "may"), [((), True), ((Role.AGENT, Role.VIEWER), True), ((Role.LEAD,), False),
                                            ((Role.MANAGER,), False), ((Role.OWNER,), False)])
def test_an_author_approves_their_own_reply_only_where_nobody_else_may(
    people: Cast, client: Client, others: tuple[Role, ...], may: bool
) -> None:
    """A shop of one person; then colleagues come."""
    alone = store("一人小店")
    Membership.objects.create(store=alone, user=people.eve, role=Role.OWNER)
    for number, role in enumerate(others):
        Membership.objects.create(store=alone, user=person(f"colleague-{number}", "同事"), role=role)
    assert own_reply_approved(people.eve, alone, client) == may


def test_somebody_switched_off_does_not_count_as_somebody_else_who_may(people: Cast, client: Client) -> None:
    alone = store("一人小店")
    Membership.objects.create(store=alone, user=people.eve, role=Role.OWNER)
    Membership.objects.create(store=alone, user=person("away", "走了"), role=Role.LEAD)
    User.objects.filter(username="away").update(is_active=False)
    assert own_reply_approved(people.eve, alone, client)


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_a_role_counts_in_its_own_store_only(people: Cast, client: Client, role: str) -> None:
    """An owner next door is a viewer here, and the other way round."""
    Membership.objects.filter(user=people.anna).delete()
    Membership.objects.create(store=people.otto, user=people.anna, role=role)
    Membership.objects.create(store=people.clothes, user=people.anna, role="viewer" if role == "owner" else "owner")
    client.force_login(people.anna)
    for shop in (people.otto, people.clothes):
        client.post(f"/stores/{shop.pk}/settings/", {
            "name": shop.name, "trade": "goods", "timezone": shop.timezone, "language": shop.language,
            "reply_within_hours": "6", "max_case_age_days": "30"})
        shop.refresh_from_db()
    mine, other = (people.otto, people.clothes) if role == "owner" else (people.clothes, people.otto)
    assert (mine.reply_within_hours, other.reply_within_hours) == (6, 24)


@pytest.mark.parametrize("language", ["zh-hans", "de", "en"])
def test_the_page_who_may_do_what_is_drawn_from_the_matrix(people: Cast, client: Client, language: str) -> None:
    people.viewer.language = language
    people.viewer.save()
    client.post("/login/", {"username": "viewer", "password": PASSWORD})
    page = text(client.get("/people/roles/"))
    assert page.count("✓") == sum(len(verbs) for verbs in MATRIX.values())
    assert page.count("<tr>") == len(Verb) + 1
    assert Token.objects.count() == 0
