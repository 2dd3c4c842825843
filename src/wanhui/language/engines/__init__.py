"""The engines by their frozen names. An engine that was shipped is never changed: a better one gets a new name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from wanhui.language.judgement import Judgement

DEFAULT_ENGINE = "read-2026-11"
# Words that a person may say instead of a frozen name; what is stored is always the name.
ALIASES = {"fast": "fast-2026-11", "accurate": "read-2026-11"}
MODELS = Path(__file__).resolve().parent.parent / "models"


class Engine(Protocol):
    """What every engine offers. Arguments are checked by `judge` already: equal lengths, stars 1 to 5 or None."""

    name: str

    def judge(
        self,
        texts: Sequence[str | None],
        ratings: Sequence[int | None],
        products: Sequence[str | None],
        language: str | None,
    ) -> list[Judgement]: ...


class UnknownEngine(ValueError):  # noqa: N818
    """Nobody shipped an engine of this name."""


def _linear_1(name: str) -> Engine:
    from wanhui.language.engines.linear_1 import load

    return load(MODELS / name)


def _joined_1(name: str) -> Engine:
    from wanhui.language.engines.joined_1 import load

    return load(MODELS / name)


_MAKERS: dict[str, Callable[[], Engine]] = {
    "linear-2026-11": partial(_linear_1, "linear-2026-11"),
    "fast-2026-11": partial(_joined_1, "fast-2026-11"),
    "read-2026-11": partial(_joined_1, "read-2026-11"),
}
_loaded: dict[str, Engine] = {}
_lock = threading.Lock()


def engine_names() -> tuple[str, ...]:
    """The names that `judge` accepts, oldest first."""
    return tuple(_MAKERS)


def full_name(word: str) -> str:
    """The frozen name that a name or alias stands for; UnknownEngine names the known ones."""
    name = ALIASES.get(word, word)
    if name not in _MAKERS:
        known = ", ".join((*ALIASES, *engine_names()))
        raise UnknownEngine(f'There is no engine "{word}". Please use one of: {known}.')
    return name


def load_engine(word: str) -> Engine:
    """The engine of this name or alias, loaded once in each process; UnknownEngine as `full_name`."""
    name = full_name(word)
    with _lock:
        if name not in _loaded:
            _loaded[name] = _MAKERS[name]()
        return _loaded[name]
