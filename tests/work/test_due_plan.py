"""What is asked every second must not read every step that was ever done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wanhui.work import actions


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plan in these words")
@pytest.mark.django_db
def test_due_steps_are_read_from_the_index_of_open_ones() -> None:
    with CaptureQueriesContext(connection) as asked:
        actions.due_steps()
    [query] = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "step_open (due_at<?)" in plan
