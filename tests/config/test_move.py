"""From SQLite to PostgreSQL with one command, and back."""

import shutil
import time
from pathlib import Path

import pytest

from tests.config.conftest import COUNTS, Desk, NewDesk, open_store

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.xdist_group("processes")]

HARD_VALUES = """
from datetime import datetime, UTC
from wanhui.stores.models import Store
from wanhui.reviews.models import Review
from wanhui.triage.models import Verdict
store = Store.objects.get(name="安心布铺")
said = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
for n, text in enumerate(["「好」\\n\\t\\\\ \\" 😀 ä \\u2028", "NUL%sin it" % chr(0), "x" * 100_000]):
    review = Review.objects.create(store=store, text=text, raw=text, stars=1, said_at=said, said_on=said.date(),
        precision="second", seen_at=said, fingerprint=f"hard-{n}", text_digest=str(n), platform_id=str(2**62 + n))
    Verdict.objects.create(review=review, engine="t", made_at=said, text_digest=str(n), language="zh-Hans",
        causes=[{"code": "quality", "sub": None, "score": 0.1 + 0.2, "evidence": [[0, 2**53 + 1]], "ä": "%s" % chr(0)}],
        primary="quality", severity=3, bad=True, middling=False)
answer = 1
"""
PUT = """
from datetime import date
from django.db import transaction
from wanhui.search import actions
from wanhui.search.rules import Item, Kind
with transaction.atomic():
    actions.put([Item(Kind.REVIEW, 7, 990, date(2026, 3, 1), ("裤子起球了",)),
                 Item(Kind.REVIEW, 8, 990, None, ("起球, Reißverschluss kaputt",))])
answer = 1
"""
FIND = """
from wanhui.search import queries, rules
answer = [sorted(hit.ref for hit in queries.find([990], rules.read(words))) for words in ("裤子", "起球", "掉色")]
"""
LOOK = """
from wanhui.reviews.models import Review
from wanhui.triage.models import Verdict
answer = {"reviews": [[r.text, r.platform_id, r.said_at.isoformat(), str(r.said_on)] for r in
          Review.objects.filter(fingerprint__startswith="hard-").order_by("fingerprint")],
          "causes": [v.causes for v in Verdict.objects.filter(engine="t").order_by("pk")]}
"""
HIGHEST = "from wanhui.stores.models import Store\nanswer = Store.objects.order_by('-pk').first().pk"


@pytest.fixture(scope="module")
def hard(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a SQLite desk with the demo world and values that databases like to change; never changed."""
    desk = Desk(tmp_path_factory.mktemp("hard") / "home", None)
    shutil.copytree(world, desk.home)
    desk.ask(HARD_VALUES)
    return desk.home


@pytest.fixture
def small(hard: Path, tmp_path: Path) -> Desk:
    """One of these."""
    return Desk(shutil.copytree(hard, tmp_path / "small"), None)


def _target(new_desk: NewDesk, tmp_path: Path) -> Desk:
    """An empty database of the suite's kind."""
    desk = new_desk("target", prepare=False)
    if desk.url is None:
        desk = Desk(tmp_path / "target", f"sqlite:///{tmp_path / 'target' / 'moved.sqlite3'}")
    return desk


def test_a_desk_moves_with_one_command_and_equal_counts(small: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    target = _target(new_desk, tmp_path)
    before, values = small.ask(COUNTS), small.ask(LOOK)
    assert target.url is not None
    said = small.run("move", "--to", target.url).out
    assert small.ask(COUNTS) == before, "the old one stays as it is"
    assert target.ask(COUNTS) == before
    moved = target.ask(LOOK)
    if target.url.startswith("postgresql"):
        assert "reviews_review: 2 cells held a NUL" in said
        assert "triage_verdict: 1 cells held a NUL" in said or "triage_verdict: 3 cells held a NUL" in said
        values = _without_nul(values)
    assert moved == values
    assert "Now set WANHUI_DATABASE_URL" in said
    highest = target.ask(HIGHEST)
    assert target.ask(open_store("后来的店", "jd")) == highest + 1, "new rows go on after the highest number"
    assert "ready" not in target.run("prepare").err


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    return {key: _without_nul(one) for key, one in value.items()} if isinstance(value, dict) else value


def test_the_way_back_is_the_same_command(small: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    target = _target(new_desk, tmp_path)
    assert target.url is not None
    small.run("move", "--to", target.url)
    target.home.mkdir(exist_ok=True)
    said = target.run("move", "--to", "sqlite").out
    assert "take WANHUI_DATABASE_URL out" in said
    back = Desk(target.home, None)
    assert back.ask(COUNTS) == target.ask(COUNTS) == small.ask(COUNTS)
    assert back.ask(LOOK) == target.ask(LOOK)


def test_a_moved_desk_finds_what_the_old_one_found(small: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    small.ask(PUT)
    target = _target(new_desk, tmp_path)
    assert target.url is not None
    small.run("move", "--to", target.url)
    assert target.ask(FIND) == small.ask(FIND) == [[7], [7, 8], []]


def test_a_database_with_a_desk_or_something_else_in_it_is_refused(
    small: Desk, new_desk: NewDesk, tmp_path: Path
) -> None:
    target = _target(new_desk, tmp_path)
    assert target.url is not None
    small.run("move", "--to", target.url)
    counts = target.ask(COUNTS)
    assert "holds a desk with" in small.run("move", "--to", target.url, code=2).err
    assert target.ask(COUNTS) == counts
    target.ask("from django.db import connection\n"
               "connection.cursor().execute('CREATE TABLE payroll (id integer)'); answer = 1")
    assert "it has a table payroll" in small.run("move", "--to", target.url, code=2).err


def test_a_prepared_but_empty_database_is_taken(small: Desk, new_desk: NewDesk, tmp_path: Path) -> None:
    target = _target(new_desk, tmp_path)
    assert target.url is not None
    target.home.mkdir(exist_ok=True)
    target.run("prepare")
    small.run("move", "--to", target.url)
    assert target.ask(COUNTS) == small.ask(COUNTS)


def test_nothing_moves_while_the_desk_runs(small: Desk, tmp_path: Path) -> None:
    worker = small.start("work")
    alive = "from wanhui.config.keeping import alive\nanswer = len(alive.running('default'))"
    try:
        until = time.monotonic() + 120
        while not small.ask(alive):
            assert time.monotonic() < until
        said = small.run("move", "--to", f"sqlite:///{tmp_path / 'x.sqlite3'}", code=2).err
    finally:
        worker.terminate()
        worker.communicate(timeout=60)
    assert "The desk is running: steps" in said


def test_what_is_written_meanwhile_is_noticed_and_nothing_is_put_in_place(small: Desk, tmp_path: Path) -> None:
    """A program that leaves no heartbeat writes between the two readings."""
    said = small.ask(f"""
from wanhui.config.keeping import filling, move, places
from wanhui.config.keeping.trouble import Trouble
fill, mine = filling.fill, places.own()
def and_write(*args):
    filled = fill(*args)
    with places.opened(mine, "other") as alias:
        from wanhui.stores.models import Store
        Store.objects.using(alias).filter(name="安心布铺").update(name="两家布铺")
    return filled
filling.fill = and_write
try:
    move.move(places.of_url("sqlite:///{tmp_path / 'x.sqlite3'}"), progress=lambda done, total: None)
    answer = "moved"
except Trouble as trouble:
    answer = str(trouble)
""")
    assert "wrote into stores_store while" in said
    assert list(tmp_path.glob("x.*")) == []


def test_a_wrong_address_is_told_in_words(desk: Desk, tmp_path: Path) -> None:
    for address in ("mysql://a:b@c/d", "hello", "postgresql://"):
        assert "Name the database like this" in desk.run("move", "--to", address, code=2).err
    far = "postgresql://desk:very-secret@127.0.0.1:9/desk"
    said = desk.run("move", "--to", far, code=1)
    assert "cannot be reached" in said.err
    assert "very-secret" not in said.err + said.out
    own = desk.url or f"sqlite:///{desk.home / 'desk.sqlite3'}"
    assert "in this database already" in desk.run("move", "--to", own, code=2).err
