"""Keeping the index in step with what it tells of: part of the verbs of other rooms, in their transactions."""

from collections.abc import Iterable, Sequence

from django.db import connection

from wanhui.search import rules
from wanhui.search.models import Findable
from wanhui.search.rules import Item, Kind

_AT_ONCE = 500


def put(items: Sequence[Item]) -> None:
    """These things are found by their present words from now on; those without a word are not found any more.

    Part of the caller's verb and transaction, which leaves the entry. Whose words can be changed by two people at
    once locks its row before it reads them; of two that make the same thing known, the first is enough.
    """
    _take_out({kind: [item.ref for item in items if item.kind == kind] for kind in Kind})
    rows = [
        Findable(pk=rules.key(item), kind=item.kind, ref=item.ref, store_ref=item.store, text=text)
        for item in items
        if (text := rules.stored(item.texts))
    ]
    # In the order of their keys: SQLite begins a new piece of its index whenever a key is smaller than the last.
    rows.sort(key=lambda row: row.pk)
    if connection.vendor == "postgresql":
        _insert_postgres(rows)
    else:
        Findable.objects.bulk_create(rows)
        _sqlite("INSERT INTO search_words(rowid, words) VALUES(%s, %s)", rows)


def drop(kind: Kind, refs: Iterable[int]) -> None:
    """These things are not found any more. Part of the caller's verb and transaction."""
    _take_out({kind: list(refs)})


def _take_out(refs: dict[Kind, list[int]]) -> None:
    for kind, wanted in refs.items():
        for begin in range(0, len(wanted), _AT_ONCE):
            old = Findable.objects.filter(kind=kind, ref__in=wanted[begin : begin + _AT_ONCE])
            if connection.vendor == "sqlite" and (rows := list(old)):
                _sqlite("INSERT INTO search_words(search_words, rowid, words) VALUES('delete', %s, %s)", rows)
            old.delete()


def _words(row: Findable) -> list[str]:
    return [*rules.tokens(row.text), rules.kind_mark(row.kind), rules.store_mark(row.store_ref)]


def _sqlite(statement: str, rows: Sequence[Findable]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(row.pk, " ".join(_words(row))) for row in rows])


def _insert_postgres(rows: Sequence[Findable]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_findable(id, kind, ref, store_ref, text, words)"
            " VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s::text[])) ON CONFLICT DO NOTHING",
            [(row.pk, row.kind, row.ref, row.store_ref, row.text, _words(row)) for row in rows],
        )
