"""Column maps that a person confirmed: which one fits a file, and what changed since. Pure.

A map says field → text of the header, never a column's place: exports move their columns around.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

KEEP_UNCONFIRMED = timedelta(days=14)
LIKE_ENOUGH = 0.5  # share of names that two headers have in common to be the same export, changed


@dataclass(frozen=True, slots=True)
class Difference:
    """Names of columns that came and went. `missed`: fields whose column went, so somebody must look."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    missed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def plain(name: str) -> str:
    """A header's text in one form: width and outer blanks are no difference."""
    return unicodedata.normalize("NFKC", name).strip()


def signature(header: Iterable[str]) -> str:
    """64 hex digits, equal for the same names in any order."""
    return sha256("\x1f".join(sorted(map(plain, header))).encode("utf-8", "replace")).hexdigest()


def by_name(header: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Field → header's text, of field → 0-based column; columns that are not there are left out."""
    return {field: header[at] for field, at in columns.items() if 0 <= at < len(header)}


def by_place(header: Sequence[str], fields: Mapping[str, str]) -> dict[str, int]:
    """Field → 0-based column in this header, of field → header's text; what this header lacks is left out."""
    at = {plain(name): index for index, name in reversed(list(enumerate(header)))}
    return {field: at[plain(name)] for field, name in fields.items() if plain(name) in at}


def difference(before: Sequence[str], header: Sequence[str], fields: Mapping[str, str]) -> Difference:
    """What this header has and lacks against the one of a map, and which of the map's fields lost their column."""
    old, new = {plain(name) for name in before}, {plain(name) for name in header}
    return Difference(
        new=tuple(name for name in header if plain(name) not in old),
        gone=tuple(name for name in before if plain(name) not in new),
        missed=tuple(field for field, name in fields.items() if plain(name) not in new),
    )


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """The share of names that two headers have in common, 0 to 1; 1 only for the same names."""
    names, others = {plain(name) for name in one}, {plain(name) for name in other}
    return len(names & others) / len(names | others) if names | others else 0.0


def merged(recognised: Mapping[str, int], remembered: Mapping[str, int]) -> dict[str, int]:
    """What was recognised in a changed header, with a person's earlier word before it where its column is still there.

    A column has one meaning: what was recognised gives way.
    """
    taken = set(remembered.values())
    kept = {field: at for field, at in recognised.items() if field not in remembered and at not in taken}
    return kept | dict(remembered)


def lapses_at(received_at: datetime) -> datetime:
    """When a file that nobody confirms is thrown away."""
    return received_at + KEEP_UNCONFIRMED


def first_row(header_row: int) -> int:
    """The number, as a spreadsheet shows it, of the first row of data; `header_row` is the header's 0-based line or
    -1 where there is none."""
    return header_row + 2
