"""The words a Chinese shopkeeper sees. Journeys find everything by them, as a person does."""

import re

from django.utils import translation

_CHINESE = re.compile("[一-鿿]")


def zh(english: str, **values: object) -> str:
    """What the desk shows in Chinese for this message; AssertionError when it shows English."""
    with translation.override("zh-hans"):
        shown = translation.gettext(english)
    assert _CHINESE.search(shown), f"“{english}” has no Chinese words"
    return shown % values if values else shown
