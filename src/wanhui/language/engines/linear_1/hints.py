"""Words that speak for a flag: one feature among others, frozen with this family of engines."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wanhui.language.patterns import ByLanguage, compiled, group_of, table


def hints(folded: str, language: str) -> frozenset[str]:
    """The flags that some word of this folded text speaks for. A hint, not a decision."""
    group = group_of(language)
    return frozenset(flag for flag, patterns in _flags().items() if patterns[group].search(folded))


@lru_cache(maxsize=1)
def _flags() -> dict[str, ByLanguage]:
    return {flag: compiled(words) for flag, words in table(Path(__file__).with_name("hints.toml")).items()}
