"""A backup while the desk goes on: one moment of the database, and every file that its rows name."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wanhui.config import home
from wanhui.config.keeping import archive, files, places, tables
from wanhui.config.keeping.trouble import Trouble
from wanhui.kit import clock

Progress = Callable[[int, int], None]
LAST = "last-backup.json"
_ATTEMPTS = 5
_OURS = re.compile(r"wanhui-\d{8}-\d{6}\.zip")


@dataclass(frozen=True, slots=True)
class Done:
    """A backup that is on the disk: `missing` are files that rows name and that nobody has any more."""

    path: Path
    manifest: archive.Manifest
    missing: tuple[str, ...]
    removed: tuple[Path, ...]


def name_for(path: Path, now: datetime) -> Path:
    """Where a backup goes: into a folder under a name with its moment, else just there."""
    return path / f"wanhui-{now.astimezone():%Y%m%d-%H%M%S}.zip" if path.is_dir() else path


def back_up(
    path: Path, folder: Path, media: Path, *, with_key: bool, force: bool, keep: int | None, progress: Progress
) -> Done:
    """Write a backup of this installation to `path` (a file, or a folder for a dated name).

    `folder` is the data folder, `media` the files below it. `keep`: so many dated backups stay in that folder. Nothing
    else has to stop. Trouble when the file is there and `force` is not said, or it cannot be written.
    """
    if keep is not None:
        _folder(path)
    now = clock.now()
    target = name_for(path, now)
    if target.exists() and not force:
        raise Trouble(f"{target} is there already. Choose another name, or say --force.", wrong_use=True)
    try:
        with files.held(media, folder) as held, _moment(held) as (alias, found, missing):
            manifest = _manifest(alias, now)
            with archive.written(target, manifest) as writer:
                _write_tables(writer, alias, found, progress)
                for name, source in held.all().items():
                    writer.file(f"files/{name}", source)
                if with_key:
                    writer.text(archive.KEY, home.secret_key(folder))
    except OSError as error:
        raise Trouble(f"The backup cannot be written to {target}: {error.strerror or error}.") from error
    _remember(folder, target, now)
    return Done(target, manifest, tuple(sorted(missing)), _thin(path, keep))


def _folder(path: Path) -> None:
    """Whoever says --keep speaks of a folder: one that is not there yet is made, for its owner only."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise Trouble("--keep needs a folder to keep backups in, not a file.", wrong_use=True) from None
    except OSError as error:
        raise Trouble(f"The folder {path} cannot be made: {error.strerror or error}.") from error


@contextmanager
def _moment(held: files.Held) -> Iterator[tuple[str, list[tables.Table], set[str]]]:
    """One moment of the database of which every named file is held.

    A file is written before its row and deleted after it, so what is held before and after the moment is enough, but
    for a file that came and went between the two: then another moment is taken.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        held.look()
        with places.snapshot(places.own()) as alias:
            found = tables.tables(tables.applied(alias))
            held.look()
            missing = files.named(alias, found) - set(held.all())
            if not missing or attempt == _ATTEMPTS:
                yield alias, found, missing
                return


def _manifest(alias: str, now: datetime) -> archive.Manifest:
    applied = sorted(tables.applied(alias))
    if newer := tables.unknown(applied):
        raise Trouble(newer_words("The database", newer))
    kind = "sqlite" if places.is_sqlite(places.own()) else "postgresql"
    return archive.Manifest(home.version(), now.isoformat(), kind, applied)


def newer_words(what: str, unknown: list[tables.Migration]) -> str:
    """A sentence for a database or backup that knows more than this program."""
    example = "/".join(unknown[0])
    return f"{what} was made by a newer version of Wanhui (it knows {example}). Install that version or a later one."


def _write_tables(writer: archive.Writer, alias: str, found: list[tables.Table], progress: Progress) -> None:
    total, done = sum(tables.count(alias, table) for table in found), 0
    for table in found:
        tally = tables.Tally()

        def lines(table: tables.Table = table, tally: tables.Tally = tally, before: int = done) -> Iterator[str]:
            for row in tables.tallied(tables.read(alias, table), tally):
                if tally.rows % 500 == 0:
                    progress(before + tally.rows, total)
                yield tables.as_line(row)

        writer.table(table.name, lines())
        writer.manifest.tables[table.name] = archive.Counted(table.columns, tally.rows, tally.digest)
        done += tally.rows
        progress(done, total)


def _remember(folder: Path, target: Path, now: datetime) -> None:
    """`wanhui check` tells how old the last backup is."""
    said = {"file": str(target.resolve()), "made_at": now.isoformat(), "bytes": target.stat().st_size}
    beside = folder / f".{LAST}.{os.getpid()}"
    beside.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, folder / LAST)


def _thin(path: Path, keep: int | None) -> tuple[Path, ...]:
    """Remove the oldest dated backups beyond `keep`; files of other names are none of ours."""
    if keep is None:
        return ()
    ours = sorted(file for file in path.iterdir() if _OURS.fullmatch(file.name))
    old = ours[: max(0, len(ours) - keep)]
    for file in old:
        file.unlink()
    return tuple(old)
