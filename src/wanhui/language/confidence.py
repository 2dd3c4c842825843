"""What an engine's "not sure" means, in figures that were measured once for each engine and are stated to people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wanhui.language.patterns import table


@dataclass(frozen=True, slots=True)
class Confidence:
    """Shares from 0 to 1: `sure` and `unsure` of verdicts right in mood and main cause, `share` of texts called
    unsure; `texts` is how many were measured."""

    sure: float
    unsure: float
    share: float
    texts: int


def stated(engine: str) -> Confidence | None:
    """The figures of an engine by its frozen name; None where nobody has measured it, and for a person's word."""
    return _measured().get(engine)


@lru_cache(maxsize=1)
def _measured() -> dict[str, Confidence]:
    return {engine: Confidence(**figures) for engine, figures in table(Path(__file__).with_suffix(".toml")).items()}
