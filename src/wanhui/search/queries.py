"""Finding things by their words, the newest first, page by key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from wanhui.search import rules
from wanhui.search.rules import Kind, Part, Query

# Above this the index would have to join too many lists; rows are looked at one by one then.
_MOST_MARKS = 40
# PostgreSQL: so many of the newest are looked through before the index is asked, which is slow for common words.
_NEWEST = 4_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `key` is where the next page begins when it is the last of its page."""

    key: int
    kind: Kind
    ref: int
    store: int


@dataclass(frozen=True, slots=True)
class _Where:
    query: Query
    stores: Sequence[int]
    kinds: Sequence[Kind]
    first: int
    after: int


def find(
    store_ids: Collection[int],
    query: Query,
    *,
    kinds: Collection[Kind] = (),
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Hit]:
    """At most `limit` things of these stores that hold every part of the query, the newest first, those without a day
    last; `before` is the key of the last one seen.

    store_ids: what the caller found visible for the person who asks (stores stand above this room). Nothing is found
    without a store or without a part.
    """
    first, after = rules.window(since, until)
    where = _Where(
        query, sorted(set(store_ids)), sorted(set(kinds)), first, after if before is None else min(before, after)
    )
    if not where.stores or not query.parts or where.first >= where.after:
        return []
    return _find_postgres(where, limit) if connection.vendor == "postgresql" else _find_sqlite(where, limit)


def _find_sqlite(where: _Where, limit: int) -> list[Hit]:
    checks, values = _checks(where, "instr(f.text, %s) > 0")
    return _hits(
        # CROSS JOIN: the index first, from its newest key downwards, so that the first rows that fit are the answer.
        "SELECT f.id, f.kind, f.ref, f.store_ref FROM search_words CROSS JOIN search_findable f"
        " ON f.id = search_words.rowid"
        f" WHERE search_words MATCH %s AND search_words.rowid >= %s AND search_words.rowid < %s AND {checks}"
        " ORDER BY search_words.rowid DESC LIMIT %s",
        [_match(where), where.first, where.after, *values, limit],
    )


def _match(where: _Where) -> str:
    """The query in FTS5's words: every token in quotes, so that none is a word of its language."""
    asked = [f'"{token}"' for part in where.query.parts for token in _whole(part)]
    asked += [f'"{part.tokens[-1]}" *' for part in where.query.parts if part.begun]
    marks = [" OR ".join(f'"{mark}"' for mark in group) for group in _marks(where)]
    return " AND ".join(dict.fromkeys([*(f"({group})" for group in marks), *asked]))


def _find_postgres(where: _Where, limit: int) -> list[Hit]:
    """A word that is common is found among the newest at once; for one that is not, the index has a short list."""
    checks, values = _checks(where, "position(%s in f.text) > 0", every=True)
    newest = _hits(
        "SELECT f.id, f.kind, f.ref, f.store_ref FROM (SELECT * FROM search_findable"
        " WHERE id >= %s AND id < %s ORDER BY id DESC LIMIT %s) f"
        f" WHERE {checks} ORDER BY f.id DESC LIMIT %s",
        [where.first, where.after, _NEWEST, *values, limit],
    )
    if len(newest) == limit:
        return newest
    checks, values = _checks(where, "position(%s in f.text) > 0")
    return _hits(
        "WITH f AS MATERIALIZED (SELECT id, kind, ref, store_ref, text FROM search_findable"
        " WHERE words @@ %s::tsquery AND id >= %s AND id < %s)"
        f" SELECT f.id, f.kind, f.ref, f.store_ref FROM f WHERE {checks} ORDER BY f.id DESC LIMIT %s",
        [_tsquery(where), where.first, where.after, *values, limit],
    )


def _tsquery(where: _Where) -> str:
    asked = [f"'{token}'" for part in where.query.parts for token in _whole(part)]
    asked += [f"'{part.tokens[-1]}':*" for part in where.query.parts if part.begun]
    marks = [" | ".join(f"'{mark}'" for mark in group) for group in _marks(where)]
    return " & ".join(dict.fromkeys([*(f"({group})" for group in marks), *asked]))


def _whole(part: Part) -> tuple[str, ...]:
    return part.tokens[:-1] if part.begun else part.tokens


def _marks(where: _Where) -> list[list[str]]:
    groups = [[rules.store_mark(store) for store in where.stores]] if len(where.stores) <= _MOST_MARKS else []
    return groups + ([[rules.kind_mark(kind) for kind in where.kinds]] if where.kinds else [])


def _checks(where: _Where, holds: str, *, every: bool = False) -> tuple[str, list[Any]]:
    """What a candidate row must also fulfil, and the values for it. The store is always checked here, too: what a
    person may see must not hang on a mark. `every`: nothing was promised by the index."""
    parts = [part.run for part in where.query.parts if every or not part.exact]
    checks = [f"f.store_ref IN ({', '.join(['%s'] * len(where.stores))})", *([holds] * len(parts))]
    values: list[Any] = [*where.stores, *parts]
    if where.kinds:
        checks.append(f"f.kind IN ({', '.join(['%s'] * len(where.kinds))})")
        values += [int(kind) for kind in where.kinds]
    return " AND ".join(checks), values


def _hits(statement: str, values: list[Any]) -> list[Hit]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Hit(key, Kind(kind), ref, store) for key, kind, ref, store in cursor.fetchall()]
