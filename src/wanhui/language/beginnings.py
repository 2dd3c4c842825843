"""Patterns that look at a place of the text only where one of their alternatives could begin.

A search tries every alternative at every place. Most places of a text begin none of the hundred that a table lists:
one look at the character there, before all of them, makes a search several times faster and changes nothing it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants, _parser  # type: ignore[attr-defined]  # the tree that re itself compiles
from typing import Any

Begins = frozenset[str]  # what stands between the brackets of a class
_CLASSES = {_constants.CATEGORY_DIGIT: r"\d", _constants.CATEGORY_WORD: r"\w", _constants.CATEGORY_SPACE: r"\s"}
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_WIDTHLESS = (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT)


def hurried(pattern: str) -> re.Pattern[str]:
    """The pattern compiled, with a look at the first character before it where its beginnings can be listed."""
    begins, whole = _first(_parser.parse(pattern))
    if begins is None or not whole:
        return re.compile(pattern)
    return re.compile(f"(?=[{''.join(sorted(begins))}])(?:{pattern})")


def _first(items: Iterable[tuple[Any, Any]]) -> tuple[Begins | None, bool]:
    """What these items of a pattern can begin with, None where that cannot be listed; and whether anything must be."""
    begins: Begins = frozenset()
    for kind, value in items:
        if kind in _WIDTHLESS:
            continue
        more, whole = _of(kind, value)
        if more is None:
            return None, True
        begins |= more
        if whole:
            return begins, True
    return begins, False


def _of(kind: Any, value: Any) -> tuple[Begins | None, bool]:
    if kind is _constants.LITERAL:
        return frozenset((re.escape(chr(value)),)), True
    if kind is _constants.IN:
        return _in(value), True
    if kind is _constants.SUBPATTERN:
        return _first(value[-1])
    if kind is _constants.BRANCH:
        return _either([_first(branch) for branch in value[1]])
    if kind in _REPEATS:
        begins, whole = _first(value[2])
        return begins, whole and value[0] > 0
    return None, True


def _either(branches: Sequence[tuple[Begins | None, bool]]) -> tuple[Begins | None, bool]:
    listed = [begins for begins, _whole in branches if begins is not None]
    if len(listed) < len(branches):
        return None, True
    return frozenset().union(*listed), all(whole for _begins, whole in branches)


def _in(members: Iterable[tuple[Any, Any]]) -> Begins | None:
    begins: set[str] = set()
    for kind, value in members:
        if kind is _constants.LITERAL:
            begins.add(re.escape(chr(value)))
        elif kind is _constants.RANGE:
            begins.update(re.escape(chr(code)) for code in range(value[0], value[1] + 1))
        elif kind is _constants.CATEGORY and value in _CLASSES:
            begins.add(_CLASSES[value])
        else:
            return None
    return frozenset(begins)
