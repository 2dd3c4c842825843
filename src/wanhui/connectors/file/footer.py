"""The end of a Parquet file, read before anything is unpacked: how much is in it, and whether that can be true.

Source: parquet.thrift of the Apache Parquet format, in Thrift's compact protocol. Only what is asked for is looked at.
"""

import io
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeGuard

from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_COLUMNS

MAX_GROUP = 512 * 1024 * 1024  # bytes of one row group, unpacked: so much of it is held at a time
_MAX_FOOTER = 64 * 1024 * 1024
_DEEP = 24
_TRUE, _FALSE, _BYTE, _DOUBLE, _BYTES, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)


@dataclass(frozen=True, slots=True)
class Footer:
    """`rows` in all, as the file declares them."""

    rows: int


def check_footer(source: BinaryIO, name: str) -> Footer:
    """Read the end of a Parquet file. FileProblem when it is cut off, encrypted, untrue, or too large to be opened."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - 8))
    tail = source.read(8)
    if tail.endswith(b"PARE"):
        raise FileProblem(LOCKED.format(name=name))
    length = int.from_bytes(tail[:4], "little")
    if size < 12 or not tail.endswith(b"PAR1") or length > min(size - 12, _MAX_FOOTER):
        raise FileProblem(broken(name))
    source.seek(size - 8 - length)
    try:
        found = _Thrift(source.read(length)).struct()
    except (IndexError, ValueError) as error:
        raise FileProblem(broken(name)) from error
    if 8 in found:
        raise FileProblem(LOCKED.format(name=name))
    return Footer(_checked(found, size, name))


LOCKED = "{name} is an encrypted Parquet file. Please save it without encryption and try again."


def broken(name: str) -> str:
    """The sentence for a Parquet file that cannot be read."""
    return (
        f"{name} is a damaged Parquet file and cannot be read. It may have been cut off while downloading; "
        "please export or download it again."
    )


def _checked(found: dict[int, Any], size: int, name: str) -> int:
    rows, schema, groups = found.get(3), found.get(2), found.get(4, [])
    if not isinstance(rows, int) or rows < 0 or not _structs(schema) or not _structs(groups, empty=True):
        raise FileProblem(broken(name))
    leaves = sum(1 for part in schema if not part.get(5))
    if leaves > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has {leaves:,} columns; at most {MAX_COLUMNS} are read. "
            "Please keep only the columns about the reviews and try again."
        )
    if sum(_number(group, 3) for group in groups) != rows or not all(_fits(group, size) for group in groups):
        raise FileProblem(broken(name))
    largest = max((_number(group, 2) for group in groups), default=0)
    if largest > MAX_GROUP:
        raise FileProblem(
            f"{name} has a row group of {largest // 1024 // 1024:,} MB, more than can be opened at once. "
            "Please save it with smaller row groups (100,000 rows each), or as csv."
        )
    return rows


def _structs(items: Any, *, empty: bool = False) -> TypeGuard[list[dict[int, Any]]]:
    return isinstance(items, list) and (empty or bool(items)) and all(isinstance(item, dict) for item in items)


def _number(struct: dict[int, Any], key: int) -> int:
    value = struct.get(key)
    return value if isinstance(value, int) else -1


def _fits(group: dict[int, Any], size: int) -> bool:
    """Do all columns of a row group lie within the file, and is nothing negative?"""
    columns = group.get(1)
    if not _structs(columns) or _number(group, 2) < 0 or _number(group, 3) < 0:
        return False
    for column in columns:
        about = column.get(3)
        if not isinstance(about, dict):
            return False
        packed, first = _number(about, 7), about.get(11, about.get(9))
        if not isinstance(first, int) or packed < 0 or first < 0 or first + packed > size:
            return False
    return True


class _Thrift:
    """Reads Thrift's compact protocol into dicts by field number. IndexError or ValueError for what it is not."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self, depth: int = _DEEP) -> dict[int, Any]:
        """One struct with its fields."""
        if depth == 0:
            raise ValueError("too deep")
        found: dict[int, Any] = {}
        field = 0
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._integer()
            found[field] = self._value(head & 15, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind == _BYTE:
            return self._byte()
        if kind in _INTEGERS:
            return self._integer()
        if kind == _DOUBLE:
            return self._take(8)
        if kind == _BYTES:
            return self._take(self._varint())
        if kind in (_LIST, _SET):
            return self._list(depth - 1)
        if kind == _STRUCT:
            return self.struct(depth - 1)
        raise ValueError("a kind that a Parquet footer does not have")

    def _list(self, depth: int) -> list[Any]:
        if depth <= 0:
            raise ValueError("too deep")
        head = self._byte()
        count, kind = head >> 4, head & 15
        count = self._varint() if count == 15 else count
        if count > len(self._data) - self._at:
            raise ValueError("more members than bytes")
        if kind in (_TRUE, _FALSE):
            return [self._byte() == _TRUE for _ in range(count)]
        return [self._value(kind, depth) for _ in range(count)]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise IndexError
        self._at += count
        return self._data[self._at - count : self._at]

    def _varint(self) -> int:
        found = shift = 0
        while True:
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
            if shift > 63:
                raise ValueError("a number without an end")

    def _integer(self) -> int:
        found = self._varint()
        return (found >> 1) ^ -(found & 1)
