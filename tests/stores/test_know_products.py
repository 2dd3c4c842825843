"""What an import asks about products must stay cheap in a store that has many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from wanhui.stores import actions


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells its plan in these words")
@pytest.mark.django_db
def test_known_products_are_looked_up_by_their_id_or_name(people: cast.Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        actions._known(people.clothes.pk, [("P-1", "格子衬衫"), ("P-2", "毛衣"), ("", "围巾")])
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "(store_id=? AND platform_id=?)" in plan or "(store_id=? AND name=?)" in plan
