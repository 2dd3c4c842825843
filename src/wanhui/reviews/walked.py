"""The rows of a file that was walked through once, kept for the second walk: reading a cell anew costs more than
keeping what was read."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from wanhui.connectors.file.rows import FollowUpRow, ReviewRow

IN_MEMORY = 20_000  # rows, about 50 MB; the rest of a longer file goes to disk
_ROW = tuple(field.name for field in fields(ReviewRow) if field.name != "source")
_LATER = tuple(field.name for field in fields(FollowUpRow))
_row_values, _later_values = attrgetter(*_ROW), attrgetter(*_LATER)


class Walked:
    """Rows in the order in which they were added. What goes to disk goes into a file without a name in `folder`, open
    in this process alone and gone with it, however it ends; of those rows `source` (the cells as found) is not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[ReviewRow] = []
        self._file: IO[str] | None = None

    def add(self, row: ReviewRow) -> None:
        """Keep one more row."""
        if len(self._rows) < IN_MEMORY:
            self._rows.append(row)
            return
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = tempfile.TemporaryFile("w+", encoding="ascii", dir=self._folder)  # noqa: SIM115 - see `close`
        self._file.write(json.dumps(_row_values(row), default=_plain) + "\n")

    def __iter__(self) -> Iterator[ReviewRow]:
        """Every row, in order."""
        yield from self._rows
        if self._file is not None:
            self._file.seek(0)
            for line in self._file:
                yield _row(json.loads(line))

    def close(self) -> None:
        """Let go of the rows; the file on disk is gone."""
        self._rows = []
        if self._file is not None:
            self._file.close()


def _plain(value: Any) -> Any:
    return _later_values(value) if isinstance(value, FollowUpRow) else value.isoformat()


def _row(values: list[Any]) -> ReviewRow:
    found = dict(zip(_ROW, values, strict=True))
    found["said_on"], found["said_at"] = _day(found["said_on"]), _moment(found["said_at"])
    found["reply_at"] = _when(found["reply_at"])
    found["follow_ups"] = tuple(_later(later) for later in found["follow_ups"])
    for name in ("tags", "media", "problems"):
        found[name] = tuple(found[name])
    return ReviewRow(**found, source={})


def _later(values: list[Any]) -> FollowUpRow:
    found = dict(zip(_LATER, values, strict=True))
    found["said_on"], found["said_at"] = _day(found["said_on"]), _moment(found["said_at"])
    return FollowUpRow(**found)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _when(text: str | None) -> datetime | date | None:
    """A day where there was a day, a moment where there was one."""
    return _moment(text) if text and "T" in text else _day(text)
