"""The search's tokens belong to one kind of database and are never copied: they are made anew from the words."""

from django.db import connections, transaction

from wanhui.kit.batches import chunks
from wanhui.search import rules
from wanhui.search.models import Findable

_AT_ONCE = 500
_STATEMENTS = {
    "sqlite": "INSERT INTO search_words(words, rowid) VALUES (%s, %s)",
    "postgresql": "UPDATE search_findable SET words = array_to_tsvector(%s::text[]) WHERE id = %s",
}


def refill(alias: str) -> int:
    """Make the tokens of everything that can be found, in a database into which only its words were copied."""
    connection = connections[alias]
    statement, many = _STATEMENTS[connection.vendor], 0
    rows = Findable.objects.using(alias).order_by("pk").iterator(chunk_size=_AT_ONCE)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for part in chunks(rows, _AT_ONCE):
            cursor.executemany(statement, [(_tokens(row, connection.vendor), row.pk) for row in part])
            many += len(part)
    return many


def _tokens(row: Findable, vendor: str) -> str | list[str]:
    words = [*rules.tokens(row.text), rules.kind_mark(row.kind), rules.store_mark(row.store_ref)]
    return " ".join(words) if vendor == "sqlite" else words
