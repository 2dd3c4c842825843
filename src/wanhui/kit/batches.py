"""Long work over many rows: cut into short transactions, and without looking for garbage all the time."""

import gc
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` items, in order; the last may be shorter, none is empty. ValueError below one."""
    if size < 1:
        raise ValueError("a chunk holds at least one item")
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def collect_seldom() -> None:
    """Look for garbage a hundred times less often: for a process whose work is rows.

    Rows make many objects and hardly a cycle; at Python's usual pace a fifth of an import went into looking.
    """
    gc.set_threshold(100_000, 50, 50)
