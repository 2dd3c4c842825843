"""The rows of a file that was walked through once, kept for the second walk: reading them anew costs three times as
much as keeping them."""

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from wanhui.connectors.file.rows import ReviewRow

IN_MEMORY = 20_000  # rows, about 50 MB; the rest of a longer file goes to disk
_PIECE = 1_000


class Walked:
    """Rows in the order in which they were added. What goes to disk goes into a file without a name in `folder`, open
    in this process alone and gone with it, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[ReviewRow] = []
        self._piece: list[ReviewRow] = []
        self._file: IO[bytes] | None = None

    def add(self, row: ReviewRow) -> None:
        """Keep one more row."""
        if len(self._rows) < IN_MEMORY:
            self._rows.append(row)
            return
        self._piece.append(row)
        if len(self._piece) >= _PIECE:
            self._write()

    def __iter__(self) -> Iterator[ReviewRow]:
        """Every row, in order; once, because what was on disk is gone afterwards."""
        if self._piece:
            self._write()
        yield from self._rows
        if self._file is None:
            return
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            # Written by this very process a moment ago, into a file that has no name.
            yield from pickle.load(self._file)

    def close(self) -> None:
        """Let go of the rows; the file on disk is gone."""
        self._rows, self._piece = [], []
        if self._file is not None:
            self._file.close()

    def _write(self) -> None:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `close`
        pickle.dump(self._piece, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self._piece = []
