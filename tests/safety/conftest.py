"""A shop whose customers, colleagues and files try everything."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings

from tests import makers
from tests.cast import PASSWORD, Cast
from wanhui.accounts import actions as accounts
from wanhui.accounts.models import Token
from wanhui.accounts.rules import Role
from wanhui.cases import actions as cases
from wanhui.cases.models import Case, Deed, Measure
from wanhui.connectors import actions as connectors
from wanhui.connectors.models import Import
from wanhui.desk import actions as desk
from wanhui.desk.models import SavedView
from wanhui.doors.models import Visit
from wanhui.kit import clock
from wanhui.language import DEFAULT_ENGINE
from wanhui.language.own_causes import Recipe
from wanhui.pipeline.advance import drain
from wanhui.replies import actions as replies
from wanhui.replies.models import Reply
from wanhui.reviews import actions as reviews
from wanhui.reviews.models import FollowUp, Review
from wanhui.reviews.typed import Typed
from wanhui.stores import actions as stores
from wanhui.stores.models import Invitation
from wanhui.triage.models import OwnCause, OwnFound, Rejudging, Verdict
from wanhui.triage.own import actions as own
from wanhui.triage.rejudging import actions as triage
from wanhui.webhooks import actions as webhooks
from wanhui.webhooks.models import Delivery, Subscription

Snapshot = Callable[[], dict[str, list[dict[str, object]]]]
FORMULA = '=HYPERLINK("http://example.invalid/","领奖")'


def attack(where: str) -> str:
    """Words that would run on a page that does not escape them; `where` says through which field they came."""
    return f'"><script>alert("{where}")</script><img src=x onerror=alert(1)>\'{{{{ 7|add:7 }}}}'


@dataclass
class Shop:
    """梅's clothing shop with one of everything in it; `attacks` are the words that stand in its fields."""

    people: Cast
    case: Case
    closed: Case
    review: Review
    follow_up: FollowUp
    picture: Review
    verdict: Verdict
    measure: Measure
    reply: Reply
    brought: Import
    checking: Import
    receiver: Subscription
    delivery: Delivery
    deed: Deed
    view: SavedView
    token: Token
    invitation: Invitation
    rejudging: Rejudging
    own_cause: OwnCause
    own_found: OwnFound
    attacks: list[str] = field(default_factory=list)


@pytest.fixture(autouse=True)
def own_files(settings: LazySettings, tmp_path: Path) -> None:
    """Files that a test brings in lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def snapshot(db: None) -> Snapshot:
    """Everything the database holds, table by table: what was written shows as a difference."""
    def take() -> dict[str, list[dict[str, object]]]:
        models = [m for m in apps.get_models() if m._meta.app_label != "contenttypes" and m is not Visit]
        return {m._meta.label: list(m._default_manager.order_by("pk").values()) for m in models}

    return take


@pytest.fixture
def shop(people: Cast) -> Shop:
    """Told through the desk's own verbs, so that what is stored is what these fields let in."""
    return furnished(people)


def furnished(people: Cast) -> Shop:
    """The shop of these people, in the database of the moment."""
    words = {name: attack(name) for name in ("text", "buyer", "product", "sku", "later", "note", "contact", "measure",
                                             "conclusion", "reply", "typed", "file", "row", "platform")}
    mei, store = people.mei, people.clothes
    stores.change_settings(store, {"name": attack("store")[:80]}, actor=mei)
    product = store.products.create(name=words["product"])
    case = makers.case(store, words["text"] + "\n裤子起球了", buyer=words["buyer"][:120], sku=words["sku"],
                       product=product, order_number="77001122334455")
    review = case.case_reviews.get().review
    later = makers.follow_up(review, words["later"])
    makers.verdict(review, "service", later=later)
    brought, checking = _imports(people, words)
    closed = makers.case(store, "色差很大", platform_reply=words["platform"])
    deed = cases.claim(closed, actor=mei)
    cases.close(closed, "not_won", words["conclusion"], actor=mei)
    cases.add_note(case, words["note"], actor=mei)
    cases.log_contact(case, "phone", "no_answer", words["contact"], actor=mei)
    measure = cases.plan_measure(case, "page", words["measure"], actor=mei)
    reply = replies.save_draft(review, words["reply"], actor=people.li)
    picture = reviews.type_in(store, Typed(text=words["typed"], stars=1), actor=mei, screenshot=BytesIO(tiny_png()))
    drain()
    verdict = Verdict.objects.get(review=review, follow_up=None, current=True)
    receiver = webhooks.subscribe(store, "https://chat.example/hook", ["case.opened"], actor=mei)
    delivery = webhooks.ping(receiver, actor=mei)
    view = desk.save_view("梅的", "whose=mine", actor=mei)
    words["token"], words["name"] = attack("token")[:60], attack("name")[:60]
    token, _secret = accounts.make_token(mei, words["token"], ["read"], clock.now() + timedelta(days=9), actor=mei)
    invitation = stores.invite(store, Role.AGENT, "yu@example.com", "de", actor=mei)
    accounts.rename(people.wang, words["name"], actor=people.wang)
    accounts.choose_address(mei, "mei@example.com", PASSWORD, actor=mei)
    rejudging = triage.ask_rejudging(store, DEFAULT_ENGINE, actor=mei)
    words["own"] = attack("own")[:40]
    recipe = Recipe(words=("裤子",), examples=(attack("example"),), counters=(attack("counter"),))
    own_cause = own.add_own_cause(store, words["own"], recipe, actor=mei)
    own.find_own_causes([review.pk], actor=None)
    drain()
    return Shop(people, case, closed, review, later, picture, verdict, measure, reply, brought, checking, receiver,
                delivery, deed, view, token, invitation, rejudging, own_cause, own_cause.found.get(),
                [*words.values(), attack("store")[:80]])


def _imports(people: Cast, words: dict[str, str]) -> tuple[Import, Import]:
    """One that is done, with a line about a row, and one whose columns wait for a person's word."""
    cell = words["row"].replace('"', '""')
    first = f'"{cell}",{FORMULA.replace(",", "，")},1,2026-11-20 10:00:00'
    rows = f"评价内容,买家昵称,星级,评价时间\n{first}\n,,,,\n不喜欢,衣*,九颗,昨天\n"
    name = words["file"].replace("/", "") + ".csv"
    done = connectors.receive(people.clothes, BytesIO(rows.encode()), name, actor=people.mei)
    connectors.confirm(done, actor=people.mei)
    drain()
    waiting = connectors.receive(people.clothes, BytesIO(rows.encode()), name, actor=people.mei)
    done.refresh_from_db()
    assert done.state == Import.State.DONE
    return done, waiting


def tiny_png() -> bytes:
    """A picture of one grey dot."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
