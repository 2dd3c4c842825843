"""What a case's and the queue's page ask must not grow with the archive: told by SQLite's plans."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from wanhui.cases import queries as cases
from wanhui.cases.queries import QueueFilter
from wanhui.desk import seats
from wanhui.desk.models import Seat
from wanhui.replies import queries as replies
from wanhui.triage.queries import unjudged

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plan in these words"),
]
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def _plan(asked: CaptureQueriesContext) -> str:
    [query] = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
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
