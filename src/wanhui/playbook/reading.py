"""Reading the playbook's toml files with checks whose errors name the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from wanhui.playbook.shapes import Names

C = TypeVar("C", bound=str)
V = TypeVar("V")
TONGUES = ("zh", "en", "de")


class PlaybookError(ValueError):
    """A playbook file is wrong; the message names the file and the key."""


class Node:
    """A table of a toml file that remembers where it stands, so that every complaint can say so."""

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self.data = data
        self.where = where

    def wrong(self, key: str, what: str) -> PlaybookError:
        """An error that names file and key."""
        return PlaybookError(f"{self.where}, key “{key}”: {what}")

    def _get(self, key: str, kind: type, word: str, default: Any) -> Any:
        if key not in self.data:
            if default is not None:
                return default
            raise self.wrong(key, "is missing.")
        value = self.data[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.wrong(key, f"must be {word}, not {value!r}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; not empty unless a default allows it."""
        value: str = self._get(key, str, "a text", default)
        if not value.strip() and default is None:
            raise self.wrong(key, "is empty.")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number of zero or more."""
        value: int = self._get(key, int, "a whole number", default)
        if value < 0:
            raise self.wrong(key, "must not be negative.")
        return value

    def day(self, key: str) -> date:
        """A date, written 2026-11-21 without quotes."""
        value: date = self._get(key, date, "a date like 2026-11-21", None)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, list, "a list", None if default is None else list(default))
        for item in value:
            if not isinstance(item, str) or not item.strip():
                raise self.wrong(key, f"holds {item!r}, which is not a text.")
        return tuple(value)

    def one_of(self, key: str, allowed: tuple[C, ...], default: C | None = None) -> C:
        """One of the words allowed."""
        value = self.text(key, default)
        for word in allowed:
            if word == value:
                return word
        raise self.wrong(key, f"must be one of {', '.join(allowed)}, not {value!r}.")

    def some_of(self, key: str, allowed: tuple[C, ...], default: tuple[C, ...] | None = None) -> tuple[C, ...]:
        """A list of words, each one of those allowed."""
        chosen: list[C] = []
        for value in self.texts(key, default):
            match = [word for word in allowed if word == value]
            if not match:
                raise self.wrong(key, f"must hold only {', '.join(allowed)}, not {value!r}.")
            chosen.extend(match)
        return tuple(chosen)

    def names(self, key: str) -> Names:
        """A table with zh, en and de, all three filled."""
        node = self.child(key)
        unknown = sorted(set(node.data) - set(TONGUES))
        if unknown:
            raise node.wrong(unknown[0], "is no language of the playbook (zh, en, de).")
        return Names(zh=node.text("zh"), en=node.text("en"), de=node.text("de"))

    def names_if_any(self, key: str) -> Names | None:
        """Like `names`, or None when the key is not there."""
        return self.names(key) if key in self.data else None

    def child(self, key: str) -> Node:
        """The table under this key."""
        return Node(self._get(key, dict, "a table", None), f"{self.where}, {key}")

    def children(self, key: str) -> Iterator[Node]:
        """The tables of a list of tables; each is named by its `code` or `id` where it has one."""
        for place, item in enumerate(self._get(key, list, "a list of tables", []), start=1):
            if not isinstance(item, dict):
                raise self.wrong(key, f"entry {place} is not a table.")
            yield Node(item, f"{self.where}, {key} {item.get('code') or item.get('id') or place}")

    def only(self, *known: str) -> None:
        """Refuse keys nobody reads: nearly always a typing error."""
        for key in self.data:
            if key not in known:
                raise self.wrong(key, "is not known here.")


def read(file: Traversable) -> Node:
    """Read one toml file. Raises PlaybookError with the parser's place when it is no valid toml or UTF-8."""
    try:
        return Node(tomllib.loads(file.read_bytes().decode("utf-8")), file.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlaybookError(f"{file.name} cannot be read: {error}") from error


def toml_files(folder: Traversable) -> list[Traversable]:
    """The toml files of a folder, by name."""
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def by(items: Iterator[V] | list[V], key: Callable[[V], str], where: str) -> dict[str, V]:
    """Items by their code. Raises PlaybookError when a code stands twice."""
    found: dict[str, V] = {}
    for item in items:
        code = key(item)
        if code in found:
            raise PlaybookError(f"{where}: the code “{code}” stands twice.")
        found[code] = item
    return found
