"""The bars that an engine decides by, as its model states them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from wanhui.language.engines import MODELS, engine_names


@cache
def own_bars(engine: str) -> Mapping[str, float]:
    """The chance from which an engine names each cause, by code; empty for an engine that states none.

    An engine may have other bars for texts with stars: then the lower one stands here, below which no text gets the
    cause for its own sake. (An unhappy text without any cause takes the nearest one, from further down.)
    """
    bars = _stated(engine)
    starred = bars.get("starred-causes", {})
    plain: dict[str, float] = bars.get("causes", {})
    return MappingProxyType({code: min(bar, starred.get(code, bar)) for code, bar in plain.items()})


@cache
def floors(engine: str) -> Mapping[str, float]:
    """The chance down to which an engine tells of causes that it nearly named; its bars where it tells of none."""
    share = _stated(engine).get("near", 1.0)
    return MappingProxyType({code: share * bar for code, bar in own_bars(engine).items()})


def _stated(engine: str) -> dict[str, Any]:
    stated = MODELS / engine / "manifest.json"
    if engine not in engine_names() or not stated.is_file():
        return {}
    bars: dict[str, Any] = json.loads(stated.read_text(encoding="utf-8")).get("bars", {})
    return bars
