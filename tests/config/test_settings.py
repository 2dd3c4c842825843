"""What the settings ask of the database."""

import pytest
from django.db import connection


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL compiles questions")
@pytest.mark.django_db
def test_postgresql_compiles_no_questions() -> None:
    """Compiling took a hundred milliseconds of the queue's page, answering fifteen."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
