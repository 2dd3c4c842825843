"""The words of one draft: which pieces of the playbook's wording, in which order, and what is left out when long."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import opencc

from wanhui.playbook.loader import book
from wanhui.playbook.rules import pack_of
from wanhui.playbook.shapes import Channel, Tongue, Wording, tongue
from wanhui.replies.quoting import quote_from

MOST_CAUSES = 3
ENOUGH: dict[Tongue, int] = {"zh": 150, "en": 600, "de": 680}
LOW_STARS = 2
# Ours, not the platform's: a number of the desk is short; an order number must not slip in.
CASE_REF = re.compile(r"[A-Z]{0,3}-?\d{1,6}")

StoreKind = Literal["goods", "hotel"]


@dataclass(frozen=True, slots=True)
class NamedCause:
    """A cause (or praise) of the verdict with the customer's own words for it, as they were found in the review.

    `sub` is the sub-cause's code ("delivery.slow"), where it is known.
    """

    code: str
    words: tuple[str, ...] = ()
    sub: str | None = None


@dataclass(frozen=True, slots=True)
class DraftInput:
    """What a draft is made from. Causes in order of weight; `stars` may be missing; `recent` are the last replies.

    `store_name`, `product_name` and `case_ref` are used where the wording has a place for them and they are short.
    `action` is what a person has confirmed was checked or done, in the language of the reply; it takes the gap's place.
    """

    text: str
    platform: str
    language: str = "zh-Hans"
    causes: tuple[NamedCause, ...] = ()
    praises: tuple[NamedCause, ...] = ()
    sentiment: str | None = None
    flags: frozenset[str] = frozenset()
    stars: float | None = None
    store_kind: StoreKind = "goods"
    store_name: str = ""
    buyer_masked: str = ""
    product_name: str = ""
    case_ref: str = ""
    action: str = ""
    recent: tuple[str, ...] = ()
    seed: int = 0
    channel: Channel = "public"


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the draft. `rank` 0 must stay; the highest rank is left out first when the text is long."""

    text: str
    rank: int = 0


def compose(given: DraftInput, style: str, attempt: int = 0) -> str:
    """The words of one draft; empty when the playbook has no wording for this style, language or situation.

    The same arguments give the same words; another `attempt` gives others where there are any.
    """
    language = tongue(given.language)
    wording = book().wording.get(language)
    if wording is None:
        return ""
    parts = list(_plan(_Picker(wording, given, style, attempt)))
    if not parts or not all(part.text for part in parts if part.rank == 0):
        return ""
    text = _fit([part for part in parts if part.text], language)
    return _traditional().convert(text) if given.language.lower() in ("zh-hant", "zh-tw", "zh-hk") else text


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


class _Picker:
    """Chooses variants by seed, style and attempt, and passes by what the last replies already said."""

    def __init__(self, wording: Wording, given: DraftInput, style: str, attempt: int) -> None:
        self.wording = wording
        self.given = given
        self.style = style
        self.kind = given.store_kind
        self.chance = random.Random(f"{given.seed}|{style}|{attempt}|{given.text}")
        self.lately = " ".join(given.recent[:5])
        self.names = _names(given, wording.language)

    def pick(self, *groups: str, **slots: str) -> str:
        """A variant of the first group that has any, slots filled; empty when no group has one.

        A variant with a slot that nothing is known for (no short product name, no case number) is passed over.
        """
        known = {**self.names, **slots}
        filled = [text for variant in self.wording.variants(*groups) if "{" not in (text := _fill(variant, known))]
        fresh = [text for text in filled if text not in self.lately]
        return self.chance.choice(fresh or filled) if filled else ""

    def styled(self, group: str, finer: str = "", **slots: str) -> str:
        """A variant for this style: that of the finer group, else the hotel's own, else the general one."""
        first = (f"{group}.{finer}.{self.style}",) if finer else ()
        own = (f"{group}.hotel.{self.style}",) if self.kind == "hotel" else ()
        return self.pick(*first, *own, f"{group}.{self.style}", **slots)

    def reach(self) -> str:
        """How the customer reaches us inside the platform."""
        found = pack_of(self.given.platform).reach
        if found and self.given.platform != "other":
            return found.say(self.wording.language)
        return self.pick(f"reach.{self.kind}")


def _names(given: DraftInput, language: Tongue) -> dict[str, str]:
    """The names that wording may use, where they are there and fit to be said: store, product, case."""
    found = {"case": given.case_ref if CASE_REF.fullmatch(given.case_ref) else ""}
    for slot, name in (("store", given.store_name), ("product", given.product_name)):
        found[slot] = name if quote_from((name,), language, given.platform) == name else ""
    return {slot: name for slot, name in found.items() if name}


def _fill(variant: str, slots: dict[str, str]) -> str:
    for name, value in slots.items():
        variant = variant.replace("{" + name + "}", value)
    return variant


def _plan(pick: _Picker) -> Iterator[_Part]:
    """Which pieces, in which order, for this situation."""
    given = pick.given
    reach = pick.reach()
    if given.channel == "private":
        yield from _private(pick)
        return
    for flag in ("safety", "threat", "offtopic"):
        if flag in given.flags:
            yield _Part(pick.styled(flag, reach=reach))
            return
    if given.sentiment == "positive" and not given.causes:
        yield _Part(_thanks(pick, reach))
        return
    yield from _answer(pick, reach)


def _thanks(pick: _Picker, reach: str) -> str:
    given = pick.given
    if "contradiction" in given.flags or (given.stars is not None and given.stars <= LOW_STARS):
        return pick.styled("contradiction", reach=reach)
    praise = _praise(pick)
    return pick.styled("thanks", praise=praise) if praise else pick.styled("thanks.plain")


def _praise(pick: _Picker) -> str:
    """The thing praised first, by its name in the wording; what is complained of too is no praise to thank for."""
    complained = {cause.code for cause in pick.given.causes}
    codes = (praise.code for praise in pick.given.praises if praise.code not in complained)
    return next((word for code in codes if (word := pick.pick(f"praise.{code}"))), "")


def _answer(pick: _Picker, reach: str) -> Iterator[_Part]:
    """Opening, thanks for what was good, the first cause in the customer's words, the others, facts, way on, close."""
    given, style, kind = pick.given, pick.style, pick.kind
    causes = [cause.code for cause in given.causes[:MOST_CAUSES]] or ["unspecific"]
    first = causes[0]
    yield _Part(pick.styled("open"))
    praise = _praise(pick)
    if praise:
        yield _Part(pick.pick("mixed.thanks", praise=praise), 3)
    yield _Part(_acknowledged(pick, given.causes[0] if given.causes else NamedCause(first)))
    for other in causes[1:]:
        yield _Part(pick.pick(*((f"also.hotel.{other}",) if kind == "hotel" else ()), f"also.{other}"))
    if given.action:
        yield _Part(given.action.strip())
    elif style == "official":
        yield _Part(pick.pick(f"gap.{first}"))
    yield _Part(pick.pick(f"next.{kind}.{first}", f"next.{kind}.other", reach=reach))
    yield _Part(pick.pick(f"close.{style}"), 1)


def _acknowledged(pick: _Picker, cause: NamedCause) -> str:
    """The first cause, in the customer's own words where they are fit to be repeated."""
    ours = pick.styled(f"ack.{cause.code}", (cause.sub or "").partition(".")[2])
    quote = quote_from(cause.words, pick.wording.language, pick.given.platform)
    if not quote or not ours:
        return ours
    between = "" if pick.wording.language == "zh" else " "
    return pick.pick("quote.lead", quote=quote) + between + ours


def _private(pick: _Picker) -> Iterator[_Part]:
    given = pick.given
    yield _Part(pick.pick("private.open"))
    if "safety" in given.flags:
        yield _Part(pick.pick("private.safety"))
    else:
        yield _Part(pick.pick("private.ask"))
    yield _Part(given.action.strip() or pick.pick("private.gap"))
    yield _Part(pick.pick("private.close"), 1)


def _fit(parts: list[_Part], language: Tongue) -> str:
    """The pieces as one text; those of the highest rank go first while it is too long."""
    between = "" if language == "zh" else " "
    kept = list(parts)
    while len(text := between.join(part.text for part in kept)) > ENOUGH[language]:
        worst = max(kept, key=lambda part: part.rank)
        if worst.rank == 0:
            break
        kept.remove(worst)
    return text
