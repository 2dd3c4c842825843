"""What a store's settings may be. Pure."""

import zoneinfo
from datetime import timedelta

LANGUAGES = ("zh", "de", "en")
INVITED_FOR = timedelta(days=7)
MOST_INVITATIONS = 50


def known_zone(name: str) -> bool:
    """Whether this is a time zone's name, such as Asia/Shanghai."""
    return name in zoneinfo.available_timezones()


def usual_zone(market: str) -> str:
    """The time zone shops of a market usually live in; the owner can change it."""
    return "Europe/Berlin" if market == "de" else "Asia/Shanghai"


def usual_language(market: str) -> str:
    """The language customers of a market usually read: "zh", "de" or "en"; the owner can change it."""
    return {"cn": "zh", "de": "de"}.get(market, "en")
