"""Text from outside on a terminal."""

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """The text in which nothing can steer a terminal, turn the line round, or fail to be printed: a blank each."""
    return _CONTROL.sub(" ", text)
