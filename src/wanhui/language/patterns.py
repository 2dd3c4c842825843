"""Tables of patterns by language: data in toml, compiled once; and the first engine's sub-causes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from wanhui.language.beginnings import hurried

_ALL = "all"

ByLanguage = dict[str, re.Pattern[str]]


def sub_cause(cause: str, pieces: Sequence[str], language: str) -> str | None:
    """The sub-cause with the most hits in these folded pieces (the evidence); the first in the table wins a tie.

    The table of linear-2026-11, kept as it was shipped. Later engines ask `finer.sub_cause`.
    """
    best, most = None, 0
    group = group_of(language)
    for code, patterns in _subs().get(cause, ()):
        hits = sum(len(patterns[group].findall(piece)) for piece in pieces)
        if hits > most:
            best, most = code, hits
    return best


def sub_causes() -> tuple[str, ...]:
    """Every sub-cause code, in the order of the table."""
    return tuple(code for subs in _subs().values() for code, _ in subs)


def group_of(language: str) -> str:
    """Which patterns apply to a language of `LANGUAGES`: both scripts share theirs, an unknown one gets all."""
    if language in ("en", "de"):
        return language
    return "zh" if language.startswith("zh") else _ALL


def compiled(words: Mapping[str, Sequence[str]]) -> ByLanguage:
    """One pattern for each language's list, and one for all of them together."""
    every = [pattern for patterns in words.values() for pattern in patterns]
    return {key: hurried(uncaptured("|".join(patterns))) for key, patterns in (*words.items(), (_ALL, every))}


def table(path: Path) -> dict[str, Any]:
    """The content of a toml file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _subs() -> dict[str, list[tuple[str, ByLanguage]]]:
    return {
        cause: [(f"{cause}.{sub}", compiled(words)) for sub, words in subs.items()]
        for cause, subs in table(Path(__file__).with_name("subcauses.toml")).items()
    }


def uncaptured(pattern: str) -> str:
    """The pattern with groups that only bracket."""
    # Groups only bracket here; without capturing, findall gives whole hits and runs faster.
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
