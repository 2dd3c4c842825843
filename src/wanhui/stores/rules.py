"""What a store's settings may be. Pure."""

import zoneinfo

LANGUAGES = ("zh", "de", "en")


def known_zone(name: str) -> bool:
    """Whether this is a time zone's name, such as Asia/Shanghai."""
    return name in zoneinfo.available_timezones()


def usual_zone(platform: str) -> str:
    """The time zone a platform's shops usually live in; the owner can change it."""
    return "Europe/Berlin" if platform == "otto" else "Asia/Shanghai"


def usual_language(platform: str) -> str:
    """The language a platform's customers usually read; the owner can change it."""
    return "de" if platform == "otto" else "zh"


def usual_trade(platform: str) -> str:
    """Hotel or goods, by platform."""
    return "hotel" if platform in {"ctrip", "booking", "tongcheng", "fliggy"} else "goods"
