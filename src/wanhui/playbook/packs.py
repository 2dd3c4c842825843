"""Reads one platform's rule pack from toml: every value with its strength and source, the unknown kept unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from wanhui.playbook.reading import Node
from wanhui.playbook.shapes import UNVERIFIED, LengthUnit, RulePack, Ruling, Source, Strength

T = TypeVar("T")
STRENGTHS: tuple[Strength, ...] = ("official", "secondary", "own", "unverified")
UNITS: tuple[LengthUnit, ...] = ("characters", "hanzi", "bytes")
KEYS = ("id", "version", "market", "kind", "names", "reach", "console_url", "length_unit", "notes", "source", "rule")
RULES = (
    "reply_path", "window", "closes_on_follow_up", "max_length", "replies_allowed", "editable", "deletable",
    "follow_up_reply", "private", "ask_change", "appeal_days", "appeal_tries",
)  # fmt: skip


def read_pack(node: Node) -> RulePack:
    """One rule pack. Every key of `[rule]` must be there: a value with strength and source, or "unverified"."""
    node.only(*KEYS)
    sources = _sources(node)
    rules = node.child("rule")
    rules.only(*RULES)
    yes_no: Callable[[Node], bool] = _yes_no
    return RulePack(
        id=node.text("id"),
        version=node.day("version"),
        market=node.text("market"),
        kind=node.one_of("kind", ("goods", "hotel", "mixed")),
        names=node.names("names"),
        reach=node.names_if_any("reach"),
        console_url=node.text("console_url", ""),
        length_unit=node.one_of("length_unit", UNITS),
        reply_path=_ruling(rules, "reply_path", sources, lambda n: n.one_of("value", ("yes", "no"))),
        window=_ruling(rules, "window", sources, _window),
        closes_on_follow_up=_ruling(rules, "closes_on_follow_up", sources, yes_no),
        max_length=_ruling(rules, "max_length", sources, _count),
        replies_allowed=_ruling(rules, "replies_allowed", sources, _count),
        editable=_ruling(rules, "editable", sources, yes_no),
        deletable=_ruling(rules, "deletable", sources, yes_no),
        follow_up_reply=_ruling(rules, "follow_up_reply", sources, yes_no),
        private=_ruling(rules, "private", sources, _private),
        ask_change=_ruling(rules, "ask_change", sources, _ask_change),
        appeal_days=_ruling(rules, "appeal_days", sources, _count),
        appeal_tries=_ruling(rules, "appeal_tries", sources, _count),
        sources=tuple(sources.values()),
        notes=node.names_if_any("notes"),
    )


def _sources(node: Node) -> Mapping[str, Source]:
    shelf = node.child("source") if "source" in node.data else Node({}, node.where)
    found: dict[str, Source] = {}
    for key in shelf.data:
        entry = shelf.child(key)
        entry.only("title", "url", "checked_on")
        found[key] = Source(key, entry.text("title"), entry.text("url", ""), entry.day("checked_on"))
    return found


def _ruling(rules: Node, key: str, sources: Mapping[str, Source], value: Callable[[Node], T | None]) -> Ruling[T]:
    if rules.data.get(key) == UNVERIFIED:
        return Ruling(None, known=False, strength="unverified")
    entry = rules.child(key)
    entry.only("value", "days", "hours", "none", "strength", "source")
    strength = entry.one_of("strength", STRENGTHS)
    source_key = entry.text("source", "")
    if strength in ("official", "secondary") and source_key not in sources:
        raise entry.wrong("source", f"names {source_key!r}, which is no source of this file.")
    limitless = entry.data.get("none") is True
    return Ruling(None if limitless else value(entry), True, strength, sources.get(source_key))


def _yes_no(entry: Node) -> bool:
    return entry.one_of("value", ("yes", "no")) == "yes"


def _count(entry: Node) -> int:
    return entry.number("value")


def _window(entry: Node) -> timedelta:
    length = timedelta(days=entry.number("days", 0), hours=entry.number("hours", 0))
    if not length:
        raise entry.wrong("days", "must be more than zero (or give hours, or none = true).")
    return length


def _private(entry: Node) -> str:
    return entry.one_of("value", ("in_platform", "template_only", "one_message", "forbidden"))


def _ask_change(entry: Node) -> str:
    return entry.one_of("value", ("forbidden", "after_resolution"))
