"""The two pattern tables: sub-causes by words, and words that speak for a flag. Data in toml, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_ALL = "all"

Table = dict[str, dict[str, re.Pattern[str]]]


def sub_cause(cause: str, pieces: Sequence[str], language: str) -> str | None:
    """The sub-cause with the most hits in these folded pieces (the evidence); the first in the table wins a tie."""
    best, most = None, 0
    for code, by_language in _subs().get(cause, ()):
        pattern = by_language[_group(language)]
        hits = sum(len(pattern.findall(piece)) for piece in pieces)
        if hits > most:
            best, most = code, hits
    return best


def sub_causes() -> tuple[str, ...]:
    """Every sub-cause code, in the order of the table."""
    return tuple(code for subs in _subs().values() for code, _ in subs)


def spoken_flags(folded: str, language: str) -> frozenset[str]:
    """The flags that some word of this folded text speaks for. A hint, not a decision."""
    group = _group(language)
    return frozenset(flag for flag, by_language in _flags().items() if by_language[group].search(folded))


def _group(language: str) -> str:
    if language in ("en", "de"):
        return language
    return "zh" if language.startswith("zh") else _ALL


@lru_cache(maxsize=1)
def _subs() -> dict[str, list[tuple[str, dict[str, re.Pattern[str]]]]]:
    table = _read("subcauses.toml")
    return {
        cause: [(f"{cause}.{sub}", _compiled(words)) for sub, words in subs.items()] for cause, subs in table.items()
    }


@lru_cache(maxsize=1)
def _flags() -> Table:
    return {flag: _compiled(words) for flag, words in _read("flags.toml").items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def _compiled(words: dict[str, list[str]]) -> dict[str, re.Pattern[str]]:
    every = [pattern for patterns in words.values() for pattern in patterns]
    # Groups only bracket here; without capturing, findall gives whole hits and runs faster.
    return {key: re.compile(_uncaptured("|".join(patterns))) for key, patterns in (*words.items(), (_ALL, every))}


def _uncaptured(pattern: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
