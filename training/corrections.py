"""Rows from a store's corrections, as `wanhui corrections export` writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.data import Row
from wanhui.language.judgement import CAUSES, FLAGS, LANGUAGES, SENTIMENTS
from wanhui.language.normalise import clean, is_placeholder


def corrected(path: Path) -> list[Row]:
    """The checked verdicts of a file as rows to learn from, in its order, each text once (the first one counts: the
    newest). A text that was changed since, or says nothing, is left out.

    Raises ValueError naming the line for what is no checked verdict.
    """
    rows: dict[str, Row] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = _row(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: this is no checked verdict ({error}).") from error
            if row is not None:
                rows.setdefault(row.text, row)
    return list(rows.values())


def _row(each: dict[str, Any]) -> Row | None:
    causes = frozenset(cause["code"] for cause in each["causes"])
    flags = frozenset(each["flags"])
    if causes - set(CAUSES) or flags - set(FLAGS):
        raise ValueError(f"unknown words: {', '.join(sorted((causes - set(CAUSES)) | (flags - set(FLAGS))))}")
    if each["sentiment"] not in (*SENTIMENTS, None) or each["language"] not in LANGUAGES:
        raise ValueError("unknown mood or language")
    text = each["text"]
    if text is None or is_placeholder(text):
        return None
    return Row(
        text=clean(text), star=each["star"], language=each["language"], sentiment=each["sentiment"], causes=causes,
        primary=each["primary"], flags=flags, part="corrections", source="corrections",
    )  # fmt: skip
