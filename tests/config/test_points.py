"""What `wanhui check` thinks of what it finds: pure decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from wanhui.config.checking import points

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
WHOLE = points.Database("SQLite, desk.sqlite3", True, 0, "", 1_000_000, journal="wal", synchronous=2)
SERVER = points.Database("PostgreSQL, desk at db", False, 0, "", 1_000_000, version=170_002, encoding="UTF8")


def _beat(seconds: int, *, alive: bool = True, kind: str = "steps", version: str = "1.0") -> points.Beat:
    return points.Beat(kind, "shop", 7, version, NOW - timedelta(seconds=seconds), alive)


@pytest.mark.parametrize(
    ("length", "variety", "mode", "state"),
    [(67, 40, 0o600, "ok"), (67, 40, None, "ok"), (67, 40, 0o640, "wrong"), (20, 15, 0o600, "wrong"),
     (80, 1, 0o600, "wrong")],
)  # fmt: skip
def test_a_weak_or_open_key_is_wrong(length: int, variety: int, mode: int | None, state: str) -> None:
    point = points.key("secret.key", length, variety, mode)
    assert point.state == state
    assert bool(point.todo) == (state != "ok")


@pytest.mark.parametrize(
    ("hosts", "https", "state"),
    [(["127.0.0.1", "localhost", "[::1]"], False, "ok"), (["127.0.0.1", "192.168.1.20"], False, "soon"),
     (["desk.lan", "127.0.0.1"], False, "soon"), (["desk.example.com", "127.0.0.1"], False, "wrong"),
     (["desk.example.com", "127.0.0.1"], True, "ok"), (["*"], True, "wrong"),
     (["8.8.8.8", "localhost"], False, "wrong"), (["desk.example.com"], True, "soon")],
)  # fmt: skip
def test_passwords_never_travel_in_the_open_unnoticed(hosts: list[str], https: bool, state: str) -> None:
    assert points.addresses(hosts, [], https=https, debug=False).state == state


def test_debug_and_plain_origins_are_told() -> None:
    assert points.addresses(["127.0.0.1"], [], https=False, debug=True).state == "wrong"
    point = points.addresses(["desk.example.com"], ["http://desk.example.com"], https=True, debug=False)
    assert (point.state, "http://desk.example.com" in point.found) == ("soon", True)


@pytest.mark.parametrize("facts", [WHOLE, SERVER])
def test_a_good_database_is_ok(facts: points.Database) -> None:
    assert points.database(facts).state == "ok"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("journal", "delete", "WAL"), ("synchronous", 1, "FULL"), ("damage", "row 7 missing", "row 7 missing"),
     ("waiting", 3, "3 steps"), ("newer", "It is newer.", "newer")],
)  # fmt: skip
def test_a_database_in_another_mode_is_wrong(name: str, value: object, word: str) -> None:
    facts = points.Database(**({field: getattr(WHOLE, field) for field in points.Database.__slots__} | {name: value}))
    point = points.database(facts)
    assert point.state == "wrong"
    assert word in point.found
    assert point.todo


@pytest.mark.parametrize(("name", "value"), [("version", 130_010), ("encoding", "SQL_ASCII")])
def test_a_server_that_is_too_old_or_keeps_other_letters_is_wrong(name: str, value: object) -> None:
    facts = points.Database(**({field: getattr(SERVER, field) for field in points.Database.__slots__} | {name: value}))
    assert points.database(facts).state == "wrong"


def test_without_a_worker_waiting_steps_make_it_wrong() -> None:
    assert points.workers([], 0, "1.0", NOW).state == "soon"
    assert points.workers([], 4, "1.0", NOW).state == "wrong"
    dead = points.workers([_beat(4000, alive=False)], 0, "1.0", NOW)
    assert "the last was seen 66 minutes ago" in dead.found


def test_a_page_server_alone_is_no_worker() -> None:
    assert points.workers([_beat(5, kind="pages")], 1, "1.0", NOW).state == "wrong"


def test_a_worker_of_another_version_should_be_started_anew() -> None:
    assert points.workers([_beat(5)], 9, "1.0", NOW).state == "ok"
    assert points.workers([_beat(5)], 9, "1.1", NOW).state == "soon"


def test_given_up_steps_are_wrong_and_their_reason_is_told() -> None:
    point = points.steps(0, None, 2, [points.Failed("import.confirmed", "import/3", "KeyError: 'x'")], NOW)
    assert point.state == "wrong"
    assert "import.confirmed of import/3: KeyError: 'x'" in point.found
    assert points.steps(3, NOW - timedelta(hours=1), 0, [], NOW).state == "soon"
    assert points.steps(3, NOW - timedelta(minutes=1), 0, [], NOW).state == "ok"


@pytest.mark.parametrize(
    ("free", "data", "state"),
    [(50_000_000_000, 1_000_000, "ok"), (900_000_000, 1_000_000, "soon"), (100_000_000, 1_000, "wrong"),
     (8_000_000_000, 9_000_000_000, "wrong"), (20_000_000_000, 9_000_000_000, "soon")],
)  # fmt: skip
def test_the_disk_must_hold_a_copy_of_the_data(free: int, data: int, state: str) -> None:
    assert points.disk(free, data).state == state


def test_rules_not_looked_at_for_half_a_year_are_due() -> None:
    today = date(2026, 11, 22)
    point = points.rules({"platform jd": date(2026, 5, 1), "platform otto": date(2026, 11, 1)}, today)
    assert (point.state, "platform jd (2026-05-01)" in point.found, "otto" in point.found) == ("soon", True, False)
    assert points.rules({"platform otto": date(2026, 11, 1)}, today).state == "ok"


@pytest.mark.parametrize(
    ("hours", "there", "state"), [(3, True, "ok"), (3, False, "soon"), (60, True, "soon"), (200, True, "wrong")]
)
def test_a_backup_that_is_late_or_gone_is_told(hours: int, there: bool, state: str) -> None:
    assert points.backup(NOW - timedelta(hours=hours), "b.zip", there, 1, NOW).state == state


def test_no_backup_is_wrong_as_soon_as_there_is_a_real_store() -> None:
    assert points.backup(None, "", False, 0, NOW).state == "ok"
    assert points.backup(None, "", False, 1, NOW).state == "wrong"


def test_a_damaged_model_and_an_unknown_zone_are_wrong() -> None:
    assert points.model({"linear": []}).state == "ok"
    assert points.model({"linear": ["weights.npz"]}).state == "wrong"
    assert points.model({}).state == "wrong"
    assert points.zones([], "2026.1").state == "ok"
    assert points.zones(["Mars/Base"], "2026.1").state == "wrong"


def test_letters_lead_to_the_https_address() -> None:
    assert points.letters(set_up=False, address="", https=True).state == "ok"
    assert points.letters(set_up=True, address="http://desk.example.com", https=True).state == "soon"
    assert points.letters(set_up=True, address="https://desk.example.com", https=True).state == "ok"


@pytest.mark.parametrize(
    ("span", "words"),
    [(timedelta(seconds=59), "59 seconds"), (timedelta(seconds=-3), "0 seconds"), (timedelta(minutes=3), "3 minutes"),
     (timedelta(hours=1), "60 minutes"), (timedelta(hours=47), "47 hours"), (timedelta(days=12), "12 days")],
)  # fmt: skip
def test_a_length_of_time_reads_plainly(span: timedelta, words: str) -> None:
    assert points.ago(span) == words
