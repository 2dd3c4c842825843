"""Databases under a name of their own for a while: one moment of the old one, and a new one made aside.

Aside means: a file beside the old file on SQLite, a schema beside the old schema on PostgreSQL. Nobody sees it before
`take_place` exchanges the two, which is one rename, or one transaction.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from wanhui.config.home import sqlite
from wanhui.config.keeping.trouble import Trouble

Database = Mapping[str, Any]
SIDE_SCHEMA = "wanhui_aside"


def own() -> Database:
    """The settings of the installation's own database; ask before you open one aside."""
    return dict(connections.databases[DEFAULT_DB_ALIAS])


def of_url(url: str) -> Database:
    """The settings of a database named by an address such as postgresql://user:password@host/name."""
    try:
        found: dict[str, Any] = {**dj_database_url.parse(url)}
    except (ValueError, dj_database_url.ParseError) as error:
        raise Trouble(_not_an_address(), wrong_use=True) from error
    if found["ENGINE"].endswith("sqlite3"):
        return sqlite(Path(found["NAME"]))
    if not found["ENGINE"].endswith("postgresql") or not found["NAME"]:
        raise Trouble(_not_an_address(), wrong_use=True)
    return found


def _not_an_address() -> str:
    return "Name the database like this: postgresql://user:password@host:5432/name, or sqlite:////folder/desk.sqlite3."


def is_sqlite(database: Database) -> bool:
    """Whether it is a file."""
    return str(database["ENGINE"]).endswith("sqlite3")


def file_of(database: Database) -> Path:
    """The file of a SQLite database; for another kind a path that nothing uses."""
    return Path(database["NAME"])


def shown(database: Database) -> str:
    """Where it is, without its password."""
    if is_sqlite(database):
        return f"SQLite, {database['NAME']}"
    return f"PostgreSQL, {database['NAME']} at {database.get('HOST') or 'this machine'}"


def same(one: Database, other: Database) -> bool:
    """Whether two settings lead to the same database."""
    return all(str(one.get(key) or "") == str(other.get(key) or "") for key in ("ENGINE", "NAME", "HOST", "PORT"))


@contextmanager
def opened(database: Database, alias: str) -> Iterator[str]:
    """The database under this name; the connection is closed at the end. Trouble when it cannot be reached."""
    given = {DEFAULT_DB_ALIAS: connections.databases[DEFAULT_DB_ALIAS], alias: dict(database)}
    connections.databases[alias] = connections.configure_settings(given)[alias]
    try:
        _reach(alias, database)
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _reach(alias: str, database: Database) -> None:
    try:
        connections[alias].ensure_connection()
    except DatabaseError as error:
        raise Trouble(f"The database ({shown(database)}) cannot be reached: {str(error).strip()}") from error


@contextmanager
def _as_default(database: Database) -> Iterator[str]:
    """The database in the place of the installation's own one: what a migration does without naming a database must
    reach the new one, never the old one."""
    before, alias = connections.databases[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS
    connections[alias].close()
    del connections[alias]
    connections.databases[alias] = connections.configure_settings({alias: dict(database)})[alias]
    try:
        _reach(alias, database)
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        connections.databases[alias] = before


@contextmanager
def snapshot(database: Database) -> Iterator[str]:
    """The database as it is at this moment, whatever others write meanwhile; nothing can be written through it.

    Trouble where it was never prepared.
    """
    with opened(_frozen(database), "snapshot") as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            if not is_sqlite(database):
                cursor.execute("SET TRANSACTION READ ONLY")
            # The first read fixes the moment on both databases.
            if "django_migrations" not in connections[alias].introspection.table_names(cursor):
                raise Trouble("There is no desk in this database yet. Run `wanhui prepare` first.", wrong_use=True)
        yield alias


def _frozen(database: Database) -> Database:
    options = dict(database.get("OPTIONS") or {})
    if is_sqlite(database):
        options.pop("transaction_mode", None)
        options["init_command"] = "PRAGMA query_only=1; PRAGMA busy_timeout=20000;"
    else:
        from django.db.backends.postgresql.psycopg_any import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    return {**database, "OPTIONS": options, "CONN_MAX_AGE": 0}


def table_names(alias: str) -> list[str]:
    """The tables that can be seen there."""
    return connections[alias].introspection.table_names()


@dataclass(frozen=True, slots=True)
class Aside:
    """A new, empty database beside `database`, under the name `alias`: the default one as long as it is aside."""

    database: Database
    alias: str
    file: Path | None


@contextmanager
def aside(database: Database) -> Iterator[Aside]:
    """Make one; whatever is left of it when the block ends is taken away."""
    if is_sqlite(database):
        file = Path(database["NAME"]).with_suffix(".aside")
        _remove(file)
        try:
            with _as_default({**database, "NAME": str(file)}) as alias:
                yield Aside(database, alias, file)
        finally:
            _remove(file)
        return
    options = {**(database.get("OPTIONS") or {}), "options": f"-c search_path={SIDE_SCHEMA}"}
    try:
        with _as_default({**database, "OPTIONS": options, "CONN_MAX_AGE": 0}) as alias:
            with connections[alias].cursor() as cursor:
                cursor.execute(f"DROP SCHEMA IF EXISTS {SIDE_SCHEMA} CASCADE")
                cursor.execute(f"CREATE SCHEMA {SIDE_SCHEMA}")
            yield Aside(database, alias, None)
    finally:
        _drop_side(database)


def _drop_side(database: Database) -> None:
    with opened(database, "tidying") as alias, connections[alias].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SIDE_SCHEMA} CASCADE")


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def take_place(new: Aside, keep: Path, dated: str) -> str | None:
    """Put the new database where the old one was; says where the old one is kept, None when there was none.

    SQLite: the old file is kept in the folder `keep`. PostgreSQL: its tables are kept in a schema called `dated`.
    """
    if new.file is not None:
        return _take_file(new, keep)
    return _take_schema(new, dated)


def _take_file(new: Aside, keep: Path) -> str | None:
    assert new.file is not None
    live = Path(new.database["NAME"])
    with connections[new.alias].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections[new.alias].close()
    kept: str | None = None
    if live.exists():
        _settle(new.database)
        keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(live, keep / live.name)
        except OSError:
            shutil.copy2(live, keep / live.name)
        kept = str(keep / live.name)
    new.file.chmod(0o600)
    os.replace(new.file, live)
    return kept


def _settle(database: Database) -> None:
    """Bring everything of a SQLite database into its one file. Trouble when somebody else still uses it."""
    with opened(database, "old") as alias, connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if Path(f"{database['NAME']}-wal").exists():
        raise Trouble("Another program still uses the database. Stop the desk (wanhui serve, wanhui work) first.")


_RELATIONS = """
    SELECT c.relkind, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm')
"""
_FUNCTIONS = """
    SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = %s AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
_WORD = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW"}


def _take_schema(new: Aside, dated: str) -> str | None:
    """Tables bring their indexes, constraints and number sequences along when they change their schema."""
    with opened(new.database, "live") as alias, transaction.atomic(using=alias):
        quote = connections[alias].ops.quote_name
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            live = str(cursor.fetchone()[0])
            coming, there = _things(cursor, SIDE_SCHEMA), _things(cursor, live)
            going = [thing for thing in there if thing in set(coming)]
            if going:
                cursor.execute(f"CREATE SCHEMA {quote(dated)}")
            for kind, name in going:
                cursor.execute(f"ALTER {kind} {quote(live)}.{name} SET SCHEMA {quote(dated)}")
            for kind, name in coming:
                cursor.execute(f"ALTER {kind} {SIDE_SCHEMA}.{name} SET SCHEMA {quote(live)}")
    return f"schema {dated}" if going else None


def _things(cursor: CursorWrapper, schema: str) -> list[tuple[str, str]]:
    """(kind, quoted name) of every table, view and function in a schema; what an extension brought is left out."""
    cursor.execute(_RELATIONS, [schema])
    found = [(_WORD[kind], '"' + str(name).replace('"', '""') + '"') for kind, name in cursor.fetchall()]
    cursor.execute(_FUNCTIONS, [schema])
    return found + [("FUNCTION", str(signature)) for (signature,) in cursor.fetchall()]
