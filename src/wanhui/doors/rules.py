"""Which device this is, how codes are written, and what a last-seen is worth. Pure."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

SEEN_EVERY = timedelta(minutes=5)
# Links for a new password: so many from one place in an hour, and one a person in ten minutes.
ASK_WINDOW = timedelta(hours=1)
ASK_MOST = 10
_TURN_SECONDS = 600
CODES = 10
_CODE_LENGTH = 10
# Without what is mistaken for something else when copied from paper: 0 O, 1 I L.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# The first that fits counts: browsers name those they descend from, so descendants stand first.
_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("wxwork", "WeCom"), ("Lark", "Feishu"),
    ("Edg", "Edge"), ("OPR/", "Opera"), ("HuaweiBrowser", "Huawei Browser"), ("MiuiBrowser", "Mi Browser"),
    ("QQBrowser", "QQ Browser"), ("UCBrowser", "UC Browser"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """A browser's own description in a few words, such as "Firefox · Windows"; empty when it says nothing known."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    return " · ".join(word for word in (browser, system) if word)


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")


def seen_is_old(last_seen: datetime, now: datetime) -> bool:
    """Whether it is worth a write to note that somebody is still there."""
    return now - last_seen >= SEEN_EVERY


def turn(now: datetime) -> int:
    """The ten minutes that this moment lies in, as a number: what is noted under it is noted once in that time."""
    return int(now.timestamp()) // _TURN_SECONDS


def new_code() -> str:
    """A random recovery code as it is shown: "7K2QM-9XRTA", 49 bits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def plain_code(typed: str) -> str:
    """A code as it is compared: full-width digits, spaces and hyphens do not matter, nor does the case."""
    folded = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in typed)
    return re.sub(r"[\s\-]", "", folded).upper()[:40]


def is_timed(code: str) -> bool:
    """Whether a plain code is one of the six digits of an app; anything else is tried as a recovery code."""
    return re.fullmatch(r"[0-9]{6}", code) is not None


def in_fours(key: str) -> str:
    """A long key in groups of four, for typing it into an app by hand."""
    return " ".join(key[start:start + 4] for start in range(0, len(key), 4))
