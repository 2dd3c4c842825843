"""What a case's and the queue's page ask must not grow with the archive: told by SQLite's plans."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from wanhui.cases import queries as cases
from wanhui.cases.queries import QueueFilter
from wanhui.desk import reviewed, seats
from wanhui.desk.models import Seat
from wanhui.desk.reviewed import Wanted
from wanhui.replies import queries as replies
from wanhui.triage import checking
from wanhui.triage.queries import unjudged

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plan in these words"),
]
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def _plan(asked: CaptureQueriesContext) -> str:
    [query] = asked.captured_queries
    return _plan_of(query["sql"])


def _plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        return "\n".join(row[3] for row in cursor.fetchall())


def test_news_is_asked_of_open_cases_and_not_of_everything_ever_looked_at(people: Cast) -> None:
    seat = Seat(user=people.mei, here_at=NOON, since=NOON)
    with CaptureQueriesContext(connection) as asked:
        cases.counts(people.mei, [QueueFilter(among=seats.is_new(people.mei, seat))])
    plan = _plan(asked)
    assert plan.count("(user_id=? AND case_id=?)") == 2
    assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", "")


def test_a_stores_last_replies_are_read_from_an_index_in_their_order(people: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        replies.recent_texts(people.clothes.pk, but=3)
    plan = _plan(asked)
    assert "reply_recent (store_ref=?)" in plan
    assert "TEMP B-TREE" not in plan


def test_a_judged_archive_is_not_asked_what_waits_for_its_verdict(people: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert unjudged(people.mei, "real") == 0
    assert "step_open" in _plan(asked)


def test_an_archives_verdicts_that_wait_are_not_read_to_count_the_young_ones(people: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert checking.count([people.clothes, people.hotel]) == 0
    plans = [_plan_of(query["sql"]) for query in asked.captured_queries]
    assert len(plans) == 2
    assert all("verdict_waiting (store_ref=? AND said_on" in plan for plan in plans)


def test_follow_ups_of_a_kind_are_read_from_an_index_in_their_order(people: Cast) -> None:
    [(sql, values)] = reviewed._statements("Asia/Shanghai", Wanted(later="advert"), 51, True, None)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, values)
        plan = "\n".join(row[3] for row in cursor.fetchall())
    assert "verdict_by_kind (store_ref=? AND kind=?" in plan
    assert "TEMP B-TREE" not in plan
