"""Personal data out of a text that leaves the desk, character for character: offsets into it stay right."""

import re
from collections.abc import Iterable
from functools import cache

from wanhui.playbook.loader import book

# What the lint knows as somebody's own in a public text; its warnings about wording are not meant.
_KINDS = ("pii.mobile", "pii.mobile_masked", "pii.phone", "pii.id_card", "pii.order_number", "pii.address", "pii.email",
          "pii.shop_email", "pii.room", "pii.bank_card")  # fmt: skip
MASK = "*"
_WIDE = str.maketrans("０１２３４５６７８９＠．－＋", "0123456789@.-+")
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,40}")
_SHORTEST_NAME = 2


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    rules = [rule for rule in book().lint_rules if rule.id in _KINDS]
    return (*(re.compile(pattern, re.IGNORECASE) for rule in rules for pattern in rule.find), _LONG_NUMBER)


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with numbers, addresses and mail addresses of persons, every run of seven digits and more, and these
    names (the buyer's, the order's) as "*"; as long as it was."""
    read = text.translate(_WIDE)
    spans = [match.span() for pattern in _patterns() for match in pattern.finditer(read)]
    for name in names:
        if len(name.strip()) >= _SHORTEST_NAME:
            spans += [match.span() for match in re.finditer(re.escape(name.strip()), text)]
    letters = list(text)
    for start, end in spans:
        letters[start:end] = MASK * (end - start)
    return "".join(letters)
