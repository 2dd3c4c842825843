"""The queue's tables on a database that has none yet."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from wanhui.work import queue

HERE = settings.DATABASES["default"]


@pytest.mark.skipif("postgresql" not in HERE["ENGINE"], reason="only PostgreSQL has a queue beside the database")
def test_processes_that_start_together_on_a_new_database_all_come_up() -> None:
    dsn = queue._dsn(HERE)
    name = "wanhui_first_start"
    fresh = psycopg.conninfo.make_conninfo(dsn, dbname=name)
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with ThreadPoolExecutor(8) as crew:
                made = list(crew.map(queue.on_postgres, [fresh] * 8))
            assert [each.pending_count() for each in made] == [0] * 8
            for each in made:
                each.storage.close()
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
