"""Pure decisions on the playbook: may we reply here, until when, and what does the playbook advise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from wanhui.playbook.loader import book
from wanhui.playbook.shapes import UNVERIFIED, Channel, Play, RulePack

Unverified = Literal["unverified"]
Answer = Literal["yes", "no", "unverified"]


def pack_of(platform: str) -> RulePack:
    """The rule pack of a platform; the pack "other", where everything is unverified, for one we do not know."""
    packs = book().platforms
    return packs.get(platform) or packs["other"]


def can_reply(platform: str, channel: Channel = "public") -> Answer:
    """Whether the platform takes a public reply, or a private message about a review: "yes", "no" or "unverified"."""
    pack = pack_of(platform)
    if channel == "public":
        if not pack.reply_path.known:
            return UNVERIFIED
        return "yes" if pack.reply_path.value == "yes" else "no"
    if not pack.private.known:
        return UNVERIFIED
    return "no" if pack.private.value == "forbidden" else "yes"


def may_ask_for_change(platform: str, *, resolved: bool) -> bool:
    """Whether a customer may be told that a review can be changed: only where the platform says so, and once resolved.

    An unverified rule counts as forbidden: most platforms forbid it, and a wrong guess costs the shop.
    """
    return resolved and pack_of(platform).ask_change.value == "after_resolution"


def reply_window_closes(
    platform: str, published: datetime, has_follow_up: bool = False, *, follow_up_at: datetime | None = None
) -> datetime | Unverified | None:
    """When the reply to a first review closes: a time, None when it never does, "unverified" when nobody knows.

    Where a follow-up closes the window, it closed at `follow_up_at`; when that time is not known, at `published`
    (that is: it is closed already). All times as aware datetimes.
    """
    pack = pack_of(platform)
    if (has_follow_up or follow_up_at) and pack.closes_on_follow_up.value:
        closed = follow_up_at or published
        return min(closed, published + pack.window.value) if pack.window.value else closed
    if not pack.window.known:
        return UNVERIFIED
    return published + pack.window.value if pack.window.value else None


def plays_for(causes: Iterable[str], flags: Iterable[str] = ()) -> list[Play]:
    """The plays for these causes, sub-causes and flags: the most urgent first, then in the order given; each once.

    A sub-cause brings the play that cures it, and that of its cause.
    """
    plays, subs = book().plays, book().sub_causes
    cured = [play for code in causes for play in ([subs[code].play] if code in subs else []) + [code.split(".", 1)[0]]]
    codes = list(dict.fromkeys([*flags, *cured]))
    return sorted((plays[code] for code in codes if code in plays), key=lambda play: play.hours)
