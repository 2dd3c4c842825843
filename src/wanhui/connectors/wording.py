"""The sentences of `connectors.file` in the reader's language: that package itself knows no gettext."""

import re
from functools import lru_cache

from django.utils.translation import gettext

from wanhui.connectors.sentences import SENTENCES

_HOLE = re.compile(r"%\((\w+)\)s")


def told(sentence: str) -> str:
    """A sentence of `connectors.file` (a FileProblem, a row's problem or refusal) in the active language.

    What stands in it (names, numbers, cells) stays as it is. A sentence nobody has translated comes back in English.
    """
    for pattern, template in _patterns():
        if found := pattern.fullmatch(sentence):
            values = {name: told(value) if name == "problem" else value for name, value in found.groupdict().items()}
            return gettext(template) % values if values else gettext(template)
    return sentence


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(template), template) for template in SENTENCES)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _HOLE.split(template)
    made = "".join(f"(?P<{part}>.*?)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    return re.compile(made, re.DOTALL)
