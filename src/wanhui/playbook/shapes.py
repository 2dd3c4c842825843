"""The shapes of the playbook's data: frozen, typed, without behaviour beyond choosing a language.

`wanhui.playbook.loader.book()` fills them from the toml files beside this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Literal, TypeVar

Tongue = Literal["zh", "en", "de"]
Strength = Literal["official", "secondary", "own", "unverified"]
Severity = Literal["block", "warn", "info"]
Channel = Literal["public", "private"]
RuleKind = Literal["pattern", "builtin"]
View = Literal["plain", "squeezed", "digits"]
LengthUnit = Literal["characters", "hanzi", "bytes"]

UNVERIFIED: Literal["unverified"] = "unverified"
T = TypeVar("T")


def tongue(language: str | None) -> Tongue:
    """Bring a language tag ("zh-Hans", "zh_Hant", "de-AT", None) to one of the three we write; English when unknown."""
    start = (language or "").strip().lower().replace("_", "-").split("-")[0]
    if start in ("zh", "yue"):
        return "zh"
    return "de" if start == "de" else "en"


@dataclass(frozen=True, slots=True)
class Names:
    """One text in the three languages of the desk."""

    zh: str
    en: str
    de: str

    def say(self, language: str | None) -> str:
        """The text in the language asked for (any tag); English for a language we do not write."""
        return {"zh": self.zh, "en": self.en, "de": self.de}[tongue(language)]


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its names and, where it helps, one line of definition: a family, flag, sentiment, role or style."""

    code: str
    names: Names
    definition: Names | None = None


@dataclass(frozen=True, slots=True)
class SubCause:
    """A finer cause; its code begins with the cause's code and a dot. `play`: the cause or flag whose play cures it."""

    code: str
    cause: str
    names: Names
    play: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What a customer is unhappy about."""

    code: str
    family: str
    names: Names
    definition: Names
    subs: tuple[SubCause, ...]


@dataclass(frozen=True, slots=True)
class Play:
    """The playbook's advice for one cause or flag: who does what, how, by when, and what to change for good.

    `hours` counts from the moment the review was seen. `kind` says whether `code` is a cause or a flag.
    """

    code: str
    kind: Literal["cause", "flag"]
    who: str
    hours: int
    what: Names
    how: Names
    public: Names
    private: Names
    root: Names


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was read: title, address (may be empty) and the day it was last looked at."""

    key: str
    title: str
    url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Ruling(Generic[T]):
    """One value of a rule pack. `value` is None when nobody could confirm it or there is no limit: see `known`."""

    value: T | None
    known: bool
    strength: Strength
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class RulePack:
    """What one platform allows. A value that is not `known` is shown as "unverified" and never guessed.

    reply_path "yes"/"no"; window: time after publication in which a reply is taken (None and known: no end);
    closes_on_follow_up: the buyer's follow-up ends it; max_length in `length_unit` (None and known: no limit);
    private: "in_platform", "template_only", "one_message" or "forbidden";
    ask_change: "forbidden" or "after_resolution".
    """

    id: str
    version: date
    market: str
    kind: Literal["goods", "hotel", "mixed"]
    names: Names
    reach: Names | None
    console_url: str
    reply_path: Ruling[str]
    window: Ruling[timedelta]
    closes_on_follow_up: Ruling[bool]
    max_length: Ruling[int]
    length_unit: LengthUnit
    replies_allowed: Ruling[int]
    editable: Ruling[bool]
    deletable: Ruling[bool]
    follow_up_reply: Ruling[bool]
    private: Ruling[str]
    ask_change: Ruling[str]
    appeal_days: Ruling[int]
    appeal_tries: Ruling[int]
    sources: tuple[Source, ...]
    notes: Names | None = None


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule of the lint; patterns are regular expressions over the view named, with <terms> already put in.

    `near`: each group must also be found in the same sentence, at most `within` characters from the hit. `unless`:
    a hit is dropped when one of these is found at most `reach` characters from it (0: they overlap).
    `when_flags`: the rule speaks only when the review carries one of these flags. `not_on`: platforms where it is
    silent. `eases` "after_resolution": only a warning where the platform allows it. "builtin": decided in code.
    """

    id: str
    kind: RuleKind
    languages: tuple[Tongue, ...]
    channels: tuple[Channel, ...]
    severity: Severity
    find: tuple[str, ...]
    near: tuple[tuple[str, ...], ...]
    within: int
    unless: tuple[str, ...]
    reach: int
    view: View
    when_flags: tuple[str, ...]
    not_on: tuple[str, ...]
    eases: str
    message: Names
    why: Names
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Style:
    """A way of writing. `warning` is shown beside the draft; `never_for` lists causes and flags it is refused for."""

    code: str
    names: Names
    warning: Names | None
    never_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The pieces of drafts in one language: group name ("open.official", "ack.delivery.friend") to variants."""

    language: Tongue
    version: date
    pieces: Mapping[str, tuple[str, ...]]

    def variants(self, *groups: str) -> tuple[str, ...]:
        """The variants of the first of these groups that has any; empty when none has."""
        for group in groups:
            found = self.pieces.get(group)
            if found:
                return found
        return ()


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the playbook knows, in reading order of its files."""

    version: date
    families: Mapping[str, Named]
    causes: Mapping[str, Cause]
    sub_causes: Mapping[str, SubCause]
    flags: Mapping[str, Named]
    sentiments: Mapping[str, Named]
    roles: Mapping[str, Named]
    plays: Mapping[str, Play]
    platforms: Mapping[str, RulePack]
    lint_rules: tuple[LintRule, ...]
    lint_version: str
    styles: Mapping[str, Style]
    wording: Mapping[Tongue, Wording]
