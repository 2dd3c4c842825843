"""Sub-causes: what the evidence of a cause speaks of in particular, or None where it does not say.

The table is finer.toml. Engines before 2026-12 keep the one they were shipped with (`patterns.sub_cause`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from wanhui.language.beginnings import hurried
from wanhui.language.denials import denied
from wanhui.language.patterns import group_of, table, uncaptured

GROUPS = ("zh", "en", "de")
_ALL = "all"
_UMLAUTS = {"ä": "(ä|ae)", "ö": "(ö|oe)", "ü": "(ü|ue)", "ß": "(ß|ss)"}
# The codes of a cause, which of them a denial takes back, and the pattern of a language; group n is code n.
Finder = tuple[tuple[str, ...], tuple[bool, ...], re.Pattern[str] | None]


def sub_cause(cause: str, pieces: Sequence[str], language: str) -> str | None:
    """The sub-cause that these folded pieces of a text speak of, or None where they do not say.

    `pieces` are the evidence of the cause: phrases or whole clauses. The sub-cause with the most hits wins, the
    first in the table where they tie; a hit right after a denial does not count where the table says so. One search
    a call, linear in the length of the pieces.
    """
    codes, deniable, pattern = _finder(cause, group_of(language))
    if pattern is None:
        return None
    text = "\n".join(pieces)
    hits: list[int] = []
    for each in pattern.finditer(text):
        place = (each.lastindex or 1) - 1
        if not (deniable[place] and denied(text, each.start())):
            hits.append(place)
    if not hits:
        return None
    return codes[hits[0] if len(hits) == 1 else max(sorted(set(hits)), key=hits.count)]


def sub_causes() -> tuple[str, ...]:
    """Every sub-cause code, in the order of the table."""
    return tuple(f"{cause}.{sub}" for cause, subs in _table().items() for sub in subs)


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, Any]]:
    return table(Path(__file__).with_name("finer.toml"))


@lru_cache(maxsize=64)  # compiled when first asked for: most texts need few of them
def _finder(cause: str, group: str) -> Finder:
    subs = _table().get(cause)
    if subs is None:
        return (), (), None
    codes = tuple(f"{cause}.{sub}" for sub in subs)
    return codes, tuple(bool(sub.get("unless_denied")) for sub in subs.values()), _pattern(list(subs.values()), group)


def _pattern(subs: Sequence[Mapping[str, Any]], group: str) -> re.Pattern[str]:
    return hurried("|".join(_branch(sub, group) for sub in subs))


def _branch(sub: Mapping[str, Any], group: str) -> str:
    keys = [key for key in GROUPS if group in (key, _ALL)]
    return f"({uncaptured('|'.join(_spelt(each) if key == 'de' else each for key in keys for each in sub[key]))})"


def _spelt(pattern: str) -> str:
    """German also without umlauts, as people write on foreign keyboards."""
    return re.sub("[äöüß]", lambda found: _UMLAUTS[found.group()], pattern)
