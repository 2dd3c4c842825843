"""A reader of one toml table that names the place of every mistake and refuses keys it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class StoryError(ValueError):
    """The demo story is wrong; the message names the file, the entry and what to write instead."""


class Table:
    """One toml table; `place` names it in messages, e.g. "hotel.toml review h-03"."""

    def __init__(self, place: str, values: dict[str, Any]) -> None:
        self.place = place
        self._values = values
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str, kind: type[T]) -> T:
        """The value under `key`, which must be there and of the kind."""
        self._read.add(key)
        if key not in self._values:
            raise StoryError(f"{self.place}: '{key}' is missing.")
        value = self._values[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise StoryError(f"{self.place}: '{key}' must be {kind.__name__}, not {value!r}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A string; without a default it must be there and not empty."""
        if default is not None and key not in self._values:
            return default
        value = self.raw(key, str)
        if default is None and not value:
            raise StoryError(f"{self.place}: '{key}' is empty.")
        return value

    def number(self, key: str) -> int | None:
        return self.raw(key, int) if self.has(key) else None

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(str(word) for word in self.raw(key, list))

    def table(self, key: str) -> Table:
        return Table(f"{self.place} {key}", self.raw(key, dict))

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables in a list, each named by its id or its number; empty where the key is absent."""
        rows = self.raw(key, list) if self.has(key) else []
        return tuple(
            Table(f"{self.place} {key} {row.get('id', row.get('key', number))}", row)
            for number, row in enumerate(rows, 1)
        )

    def named(self, make: Callable[[], T]) -> T:
        """What `make` returns; its `StoryError` gets this table's place in front."""
        try:
            return make()
        except StoryError as error:
            raise StoryError(f"{self.place}: {error}") from error

    def done(self, made: T) -> T:
        """Returns `made` after refusing keys that nobody read (a misspelt key is a mistake, not a remark)."""
        unknown = sorted(set(self._values) - self._read)
        if unknown:
            raise StoryError(f"{self.place}: unknown {', '.join(unknown)}.")
        return made
