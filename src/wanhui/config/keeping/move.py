"""From one database to another, in one go: SQLite to PostgreSQL, and the way back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from wanhui.config.keeping import alive, filling, places, tables
from wanhui.config.keeping.backup import newer_words
from wanhui.config.keeping.trouble import Trouble
from wanhui.kit import clock

Progress = Callable[[int, int], None]


# Tables of the queue (PostgreSQL) and of the search (made by its own migrations, filled anew).
_OTHERS = ("huey", "wanhui", "search_", "sqlite_")


@dataclass(frozen=True, slots=True)
class Moved:
    """Every table with its rows and digest, the same in both databases."""

    tables: list[filling.Filled]

    @property
    def replaced(self) -> list[tuple[str, int]]:
        """Tables in which cells held a NUL, which PostgreSQL cannot keep."""
        return [(one.name, one.sent.replaced) for one in self.tables if one.sent.replaced]


def move(target: places.Database, *, progress: Progress) -> Moved:
    """Copy this installation's database into an empty one; the old one is only read and stays as it is.

    Trouble when the desk runs, the target holds a desk with stores, something was written meanwhile, or a row cannot
    be kept there. Until everything is proved equal the target shows nothing of it.
    """
    mine = places.own()
    if places.same(target, mine):
        raise Trouble("The desk is in this database already.", wrong_use=True)
    with places.opened(mine, "look") as alias:
        alive.refuse_while_running(alias)
    _require_empty(target)
    with places.aside(target) as new:
        with places.snapshot(mine) as alias:
            applied = sorted(tables.applied(alias))
            if newer := tables.unknown(applied):
                raise Trouble(newer_words("The database", newer))
            found = tables.tables(applied)
            source: filling.Source = {one.name: (one.columns, partial(tables.read, alias, one)) for one in found}
            total = sum(tables.count(alias, table) for table in found)
            filled = filling.fill(new.alias, applied, source, total, progress)
        _require_unchanged(mine, found, filled)
        filling.bring_up(new.alias)
        dated = f"before_move_{clock.now():%Y%m%d_%H%M%S}"
        places.take_place(new, places.file_of(target).parent / dated, dated)
    return Moved(filled)


def _require_empty(target: places.Database) -> None:
    """Nothing, or a desk that was only prepared; the queue's own tables hold nudges and count for nothing."""
    if places.is_sqlite(target) and not places.file_of(target).exists():
        places.file_of(target).parent.mkdir(parents=True, exist_ok=True)
        return
    ours = {table.name for table in tables.tables(tables.all_known())} | {"django_migrations"}
    with places.opened(target, "target") as alias:
        strange = [name for name in places.table_names(alias) if name not in ours and not name.startswith(_OTHERS)]
        if strange:
            raise Trouble(
                f"The database to move to is used by something else: it has a table {strange[0]}. Make a new one.",
                wrong_use=True,
            )
        alive.refuse_while_running(alias)
        if found := alive.stores(alias):
            raise Trouble(
                f"The database to move to holds a desk with {found} stores already. Make a new, empty one.",
                wrong_use=True,
            )


def _require_unchanged(mine: places.Database, found: list[tables.Table], filled: list[filling.Filled]) -> None:
    """Read the old database again, at a later moment: what was sent must still be all of it."""
    by_name = {one.name: one for one in filled}
    without_nul = any(one.sent.replaced for one in filled)
    with places.snapshot(mine) as alias:
        for table in found:
            now = tables.Tally()
            for _row in tables.tallied(tables.read(alias, table), now, without_nul=without_nul):
                pass
            sent = by_name[table.name].sent
            if (now.rows, now.total) != (sent.rows, sent.total):
                raise Trouble(
                    f"Somebody wrote into {table.name} while the move was going on. Nothing was put in place. "
                    "Stop every process of the desk, then move again."
                )
