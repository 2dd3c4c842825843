"""The archive of a backup: a zip file with one member a table, the files, and a manifest that accounts for it all."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from wanhui.config.keeping.trouble import Trouble

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret.key"
_PIECE = 1 << 20
_AS_A_BACKUP = "is no backup of Wanhui, or it is damaged"


@dataclass(slots=True)
class Counted:
    """One table in a backup: its columns, how many rows, the digest of these rows."""

    columns: list[str]
    rows: int
    digest: str


@dataclass(slots=True)
class Manifest:
    """What an archive holds. `made_at` is the moment of its data, ISO, UTC; `members`: path → sha256."""

    version: str
    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Counted] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Paths of the files, below the data folder's files."""
        return [name.removeprefix("files/") for name in self.members if name.startswith("files/")]

    @property
    def with_key(self) -> bool:
        return KEY in self.members


class Writer:
    """Fills an archive; each member's sha256 goes into the manifest, which is written last."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self._archive = archive

    def table(self, name: str, lines: Iterator[str]) -> None:
        """One line a row."""
        with self._member(f"tables/{name}.ndjson") as put:
            for line in lines:
                put(line.encode() + b"\n")

    def file(self, name: str, path: Path) -> None:
        """A file's bytes, under its path below the data folder's files (or as the key)."""
        with path.open("rb") as source, self._member(name) as put:
            while piece := source.read(_PIECE):
                put(piece)

    def text(self, name: str, content: str) -> None:
        with self._member(name) as put:
            put(content.encode())

    @contextmanager
    def _member(self, name: str) -> Iterator[Any]:
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as target:

            def put(data: bytes) -> None:
                digest.update(data)
                target.write(data)

            yield put
        self.manifest.members[name] = digest.hexdigest()

    def end(self) -> None:
        said = json.dumps({"format": FORMAT, **asdict(self.manifest)}, ensure_ascii=False, indent=1)
        self._archive.writestr(MANIFEST, said)


@contextmanager
def written(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """An archive under a temporary name beside `path`, renamed when everything is in it and on the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as handle:
            with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                writer = Writer(archive, manifest)
                yield writer
                writer.end()
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


class Reader:
    """Reads an archive. Nothing of it is believed before `verify` has come through."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self.manifest = self._manifest()

    def _manifest(self) -> Manifest:
        try:
            said = json.loads(self._archive.read(MANIFEST))
            newer = said.pop("format") > FORMAT
            if newer:
                raise Trouble(
                    f"{self._name} was made by Wanhui {said.get('version')}, which is newer than this program. "
                    "Install that version, then restore."
                )
            said["tables"] = {name: Counted(**one) for name, one in said["tables"].items()}
            said["migrations"] = [(str(app), str(name)) for app, name in said["migrations"]]
            return Manifest(**said)
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise Trouble(f"{self._name} {_AS_A_BACKUP}: its manifest cannot be read.") from error

    def verify(self) -> Iterator[str]:
        """Read every member once; its name when it is as the manifest says. Trouble for the first that is not."""
        there = [name for name in self._archive.namelist() if name != MANIFEST]
        if sorted(there) != sorted(self.manifest.members) or len(set(there)) != len(there):
            raise Trouble(f"{self._name} {_AS_A_BACKUP}: its members are not those that its manifest names.")
        for name, expected in self.manifest.members.items():
            if not _is_plain(name):
                raise Trouble(f"{self._name} {_AS_A_BACKUP}: {name!r} is no place for a file.")
            digest = hashlib.sha256()
            try:
                with self._archive.open(name) as source:
                    while piece := source.read(_PIECE):
                        digest.update(piece)
            except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
                raise Trouble(f"{self._name} {_AS_A_BACKUP}: {name} cannot be read.") from error
            if digest.hexdigest() != expected:
                raise Trouble(f"{self._name} {_AS_A_BACKUP}: {name} has changed since it was written.")
            yield name

    def rows(self, table: str) -> Iterator[list[Any]]:
        """The rows of one table."""
        with self._archive.open(f"tables/{table}.ndjson") as lines:
            for line in lines:
                yield json.loads(line)

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


def _is_plain(name: str) -> bool:
    """A member's name leads to where it says: no way up, no drive, no backslash."""
    parts = PurePosixPath(name).parts
    inside = name == KEY or (len(parts) > 1 and parts[0] in ("tables", "files"))
    return inside and not name.startswith("/") and ".." not in parts and "\\" not in name and ":" not in name


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """An archive to read from. Trouble when there is none, or it is something else."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reader(archive, path.name)
    except zipfile.BadZipFile as error:
        raise Trouble(f"{path.name} {_AS_A_BACKUP}.") from error
    except FileNotFoundError as error:
        raise Trouble(f"There is no file {path}.", wrong_use=True) from error
