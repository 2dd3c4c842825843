"""The files beside the database: held still for a backup, put back by a restore."""

import filecmp
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.db.models import FileField

from wanhui.config.keeping.archive import Reader
from wanhui.config.keeping.tables import Table

_LEFT_BEHIND = 2 * 24 * 3600.0  # seconds
# States of an import in which its file is still needed; a finished one's rows are stored and its file is gone.
_WAITING = ("checking", "confirmed", "running")


@contextmanager
def held(folder: Path, beside: Path) -> Iterator["Held"]:
    """A second set of names for the files, so that one that is deleted meanwhile stays readable here."""
    for left in beside.glob(".files-*"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND:  # by a backup that was killed
            shutil.rmtree(left, ignore_errors=True)
    stage = Path(mkdtemp(prefix=".files-", dir=beside))
    try:
        yield Held(folder, stage)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


class Held:
    """Files as they were at the calls of `look`, by their path below the folder."""

    def __init__(self, folder: Path, stage: Path) -> None:
        self._folder, self._stage = folder, stage

    def look(self) -> None:
        """Hold whatever is there now and was not there before."""
        for path in sorted(self._folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            name = path.relative_to(self._folder)
            target = self._stage / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                _second_name(path, target)
            except FileNotFoundError:
                continue  # deleted this very moment

    def all(self) -> dict[str, Path]:
        """Path below the folder, with slashes → where to read it."""
        found = (path for path in sorted(self._stage.rglob("*")) if path.is_file())
        return {path.relative_to(self._stage).as_posix(): path for path in found}


def _second_name(path: Path, target: Path) -> None:
    """A hard link; a copy where the disk knows no links, made again when the file has grown since."""
    if target.exists():
        if os.path.samefile(path, target) or path.stat().st_size == target.stat().st_size:
            return
        target.unlink()
    try:
        os.link(path, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(path, target)


def named(alias: str, tables: Iterable[Table]) -> set[str]:
    """Paths of the files that rows need: every file column, and the files of imports that are not taken in yet."""
    found: set[str] = set()
    for table in tables:
        rows = table.model._base_manager.using(alias)
        for field in table.fields:
            if isinstance(field, FileField):
                found.update(str(name) for name in rows.values_list(field.attname, flat=True).distinct() if name)
        if table.name == "connectors_import":
            waiting: Any = rows.filter(state__in=_WAITING) | rows.filter(state="done", dry_run=True)
            found.update(waiting.values_list("stored_as", flat=True))
    return found


def put_back(reader: Reader, folder: Path, keep: Path) -> int:
    """Write an archive's files into the folder; how many. A different one of the same name is kept in `keep`.

    To be called before the database takes its place: a file too many harms nobody, one too few does.
    """
    names = reader.manifest.files
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.with_name(f".{target.name}.part")
        with reader.open(f"files/{name}") as source, fresh.open("wb") as handle:
            fresh.chmod(0o600)
            shutil.copyfileobj(source, handle)
        if target.exists() and not filecmp.cmp(target, fresh, shallow=False):
            _keep(target, folder, keep)
        os.replace(fresh, target)
    return len(names)


def set_aside(folder: Path, names: Iterable[str], keep: Path) -> int:
    """Move what does not belong to the restored installation into `keep`; how many files."""
    wanted, moved = set(names), 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            _keep(path, folder, keep)
            moved += 1
    return moved


def _keep(path: Path, folder: Path, keep: Path) -> None:
    place = keep / "files" / path.relative_to(folder)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(path, place)
