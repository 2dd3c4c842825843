"""A backup becomes the installation: checked first, built aside, exchanged at the end; everything or nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wanhui.config.keeping import alive, archive, files, filling, places, tables
from wanhui.config.keeping.backup import newer_words
from wanhui.config.keeping.trouble import Trouble
from wanhui.kit import clock

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where the old data is kept (None: there was none)."""

    manifest: archive.Manifest
    tables: list[filling.Filled]
    files: int
    kept: str | None
    moved_files: int
    key: str


def restore(path: Path, folder: Path, media: Path, *, replace: bool, verify: Progress, progress: Progress) -> Restored:
    """Bring back the backup at `path`. Refused for a newer one, a damaged one, while the desk runs, and onto an
    installation with stores in it unless `replace` is said: then the old data is kept beside under today's date.

    `verify` is told members read, `progress` rows stored.
    """
    with archive.opened(path) as reader:
        manifest = reader.manifest
        if newer := tables.unknown(manifest.migrations):
            raise Trouble(newer_words("This backup", newer))
        _require_room(replace)
        for number, _name in enumerate(reader.verify(), 1):
            verify(number, len(manifest.members))
        dated = f"replaced_{clock.now():%Y%m%d_%H%M%S}"
        keep = folder / dated
        with places.aside(places.own()) as new:
            source: filling.Source = {
                name: (one.columns, partial(reader.rows, name)) for name, one in manifest.tables.items()
            }
            total = sum(one.rows for one in manifest.tables.values())
            filled = filling.fill(new.alias, manifest.migrations, source, total, progress)
            _require_counts(manifest, filled)
            filling.bring_up(new.alias)
            many = files.put_back(reader, media, keep)
            kept = places.take_place(new, keep, dated)
        moved = files.set_aside(media, manifest.files, keep)
        key = _key(reader, folder, keep)
    return Restored(manifest, filled, many, kept, moved, key)


def _require_room(replace: bool) -> None:
    """The desk stands still, and there is nothing that would be lost."""
    if places.is_sqlite(places.own()) and not places.file_of(places.own()).exists():
        return
    with places.opened(places.own(), "look") as alias:
        if not places.table_names(alias):
            return
        alive.refuse_while_running(alias)
        if not replace and (found := alive.stores(alias)):
            raise Trouble(
                f"This installation has {found} stores already. Say --replace to put the backup in their place; the "
                "old data is then kept beside, under today's date.",
                wrong_use=True,
            )


def _require_counts(manifest: archive.Manifest, filled: list[filling.Filled]) -> None:
    for one in filled:
        expected = manifest.tables[one.name]
        if one.there.rows != expected.rows:
            raise Trouble(f"{one.name} should have {expected.rows:,} rows and has {one.there.rows:,}. Nothing changed.")


def _key(reader: archive.Reader, folder: Path, keep: Path) -> str:
    """The secret key, if the backup brought one; one sentence about it."""
    if not reader.manifest.with_key:
        return "The backup holds no secret key: this installation keeps its own, and everybody signs in once more."
    with reader.open(archive.KEY) as source:
        key = source.read()
    file = folder / "secret.key"
    if file.exists() and file.read_bytes().strip() == key.strip():
        return "The secret key is the same as before."
    if file.exists():
        keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(file, keep / file.name)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(key)
    return "The backup's secret key is in place."
