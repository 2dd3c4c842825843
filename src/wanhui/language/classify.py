"""`judge`: texts in, judgements out, by the engine of a frozen name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from wanhui.language.engines import DEFAULT_ENGINE, load_engine
from wanhui.language.judgement import LANGUAGES, Judgement

T = TypeVar("T")


def judge(
    texts: Sequence[str | None],
    *,
    ratings: Sequence[int | None] | None = None,
    products: Sequence[str | None] | None = None,
    engine: str = DEFAULT_ENGINE,
    language: str = "auto",
) -> list[Judgement]:
    """Judge every text, in order: one judgement a text.

    `ratings` are stars 1 to 5 or None, `products` names or None; both as long as `texts`. Evidence offsets are code
    points into the text as given. `language` "auto" detects it text by text; a code of `LANGUAGES` forces it.
    Raises ValueError for lengths, stars or languages that do not fit, UnknownEngine for a name nobody shipped.
    """
    stars: Sequence[int | None] = _aligned("ratings", ratings, len(texts))
    names: Sequence[str | None] = _aligned("products", products, len(texts))
    for star in stars:
        if star is not None and not 1 <= star <= 5:
            raise ValueError(f"A rating is 1 to 5 stars or None, not {star!r}.")
    if language != "auto" and language not in LANGUAGES:
        raise ValueError(f"Unknown language {language!r}. Known are: auto, {', '.join(LANGUAGES)}.")
    return load_engine(engine).judge(texts, stars, names, None if language == "auto" else language)


def _aligned(what: str, values: Sequence[T | None] | None, length: int) -> Sequence[T | None]:
    if values is None:
        return [None] * length
    if len(values) != length:
        raise ValueError(f"{length} texts came with {len(values)} {what}; give one for each text, or None.")
    return values
