"""From one version to the next: never with a database newer than the program, never without a copy of the old one."""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wanhui.config.keeping import places, tables
from wanhui.config.keeping.backup import newer_words
from wanhui.config.keeping.trouble import Trouble
from wanhui.kit import clock

COPIES = "before-upgrade"
KEPT = 3
_OURS = re.compile(r"desk-\d{8}-\d{6}-\d{6}\.sqlite3")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """How many migrations were applied, and the copy of the database as it was before (SQLite only)."""

    steps: int
    copy: Path | None


def waiting() -> int:
    """How many migrations this program still has to apply."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_a_newer_database() -> None:
    """Trouble when the database knows more than this program: running on it could lose what it does not know."""
    if newer := tables.unknown(tables.applied("default")):
        raise Trouble(newer_words("The database", newer), wrong_use=True)


def upgrade(folder: Path) -> Upgraded:
    """Bring the installation's database to this version; a SQLite one is copied into `folder` first.

    Trouble when the database is newer than the program, or there is no room for the copy. Nothing has changed then.
    """
    refuse_a_newer_database()
    steps = waiting()
    copy = None
    if steps and tables.applied("default") and places.is_sqlite(places.own()):
        copy = _copied(places.file_of(places.own()), folder / COPIES)
    call_command("migrate", interactive=False, verbosity=0)
    return Upgraded(steps, copy)


def _copied(live: Path, folder: Path) -> Path:
    """A whole copy under a dated name, taken while others may write; the last three stay."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"desk-{clock.now():%Y%m%d-%H%M%S-%f}.sqlite3"
    part = target.with_suffix(".part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(live)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        raise Trouble(
            f"The database could not be copied to {folder} before the upgrade: {error}. Nothing was changed. "
            "Make room on the disk, then try again."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    for old_copy in sorted(file for file in folder.iterdir() if _OURS.fullmatch(file.name))[:-KEPT]:
        old_copy.unlink()
    return target
