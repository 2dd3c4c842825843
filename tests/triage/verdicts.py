"""Judgements made by hand, for tests of what comes after judging."""

from typing import Any

from wanhui.language.judgement import CauseScore, Judgement


def judgement(*causes: str, **changes: Any) -> Judgement:
    """A negative judgement with these causes; a positive one without any. Other fields by keyword."""
    fields: dict[str, Any] = {
        "language": "zh-Hans",
        "no_text": False,
        "unsure": False,
        "sentiment": "negative" if causes else "positive",
        "causes": tuple(CauseScore(code, None, 0.9, ((0, 2),)) for code in causes),
        "praises": (),
        "primary": causes[0] if causes else None,
        "flags": (),
        "engine": "by-hand",
    }
    return Judgement(**(fields | changes))
