"""Filling a new database with another one's rows, and proving that they are the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from wanhui.config.keeping import searching, tables
from wanhui.config.keeping.tables import Migration, Row, Table, Tally
from wanhui.config.keeping.trouble import Trouble
from wanhui.work.models import Heartbeat

Progress = Callable[[int, int], None]
# Table → its columns and a way to read its rows.
Source = Mapping[str, tuple[list[str], Callable[[], Iterable[Row]]]]


@dataclass(frozen=True, slots=True)
class Filled:
    """One table after filling: what was sent and what is there now."""

    name: str
    sent: Tally
    there: Tally

    @property
    def equal(self) -> bool:
        return (self.sent.rows, self.sent.total) == (self.there.rows, self.there.total)


def fill(alias: str, migrations: Iterable[Migration], source: Source, total: int, progress: Progress) -> list[Filled]:
    """Make the schema of these migrations in the empty database `alias`, and store the rows in one transaction.

    Every row is read back and compared. Trouble when a table of the source is unknown, or a row is not what was sent.
    """
    migrations = list(migrations)
    _make(alias, migrations)
    found = {table.name: table for table in tables.tables(migrations)}
    if strangers := sorted(set(source) - set(found)):
        raise Trouble(f"These tables are unknown to this version: {', '.join(strangers)}.")
    without_nul = connections[alias].vendor == "postgresql"
    counter = _counting(total, progress)
    sent: dict[str, Tally] = {name: Tally() for name in source}
    with transaction.atomic(using=alias):
        tables.empty(alias, list(found.values()))
        for name, (columns, rows) in source.items():
            going = tables.tallied(rows(), sent[name], without_nul=without_nul)
            tables.write(alias, found[name], columns, _told(going, counter))
        tables.reset_sequences(alias, list(found.values()))
    return [_proved(alias, found[name], source[name][0], sent[name]) for name in sorted(source)]


def _make(alias: str, migrations: list[Migration]) -> None:
    """The schema of that time, without what signals would plant into it."""
    MigrationExecutor(connections[alias]).migrate(tables.targets(migrations))


def bring_up(alias: str) -> None:
    """From there to this program's schema, with the search made anew; nobody is alive in a database not yet used."""
    call_command("migrate", database=alias, interactive=False, verbosity=0)
    Heartbeat.objects.using(alias).all().delete()
    searching.refill(alias)


def _counting(total: int, progress: Progress) -> Callable[[], None]:
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        if done % 500 == 0 or done == total:
            progress(done, total)

    return one


def _told(rows: Iterable[Row], one: Callable[[], None]) -> Iterator[Row]:
    for row in rows:
        one()
        yield row


def _proved(alias: str, table: Table, columns: list[str], sent: Tally) -> Filled:
    """Read it back as it was sent: the same columns in the same order."""
    by_name = {field.attname: field for field in table.fields}
    same = Table(table.name, table.model, tuple(by_name[name] for name in columns))
    there = Tally()
    for _row in tables.tallied(tables.read(alias, same), there):
        pass
    filled = Filled(table.name, sent, there)
    if not filled.equal:
        raise Trouble(
            f"The table {table.name} is not what was sent: {sent.rows:,} rows were sent, {there.rows:,} are there, "
            "or their values differ. Nothing was put in place."
        )
    return filled

