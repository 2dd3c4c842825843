"""Drafts of replies, made from the verdict, the playbook's wording and the rule pack: no model, no network, no chance.

The same input gives the same drafts; another `seed`, or another `recent`, gives other words. A draft never claims
that something was checked or done: that stands as a gap 【…】 which the lint keeps back until a person fills it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wanhui.playbook.loader import book
from wanhui.playbook.rules import can_reply, pack_of
from wanhui.playbook.shapes import tongue
from wanhui.replies.composing import MOST_CAUSES, DraftInput, NamedCause, compose
from wanhui.replies.findings import LintContext, LintResult
from wanhui.replies.likeness import likeness
from wanhui.replies.lint import lint

__all__ = ["DRAFTER", "Draft", "DraftInput", "NamedCause", "draft", "styles_for", "why_no_draft"]

DRAFTER = "composer-1"
TRIES = 12
TOO_LIKE = 0.8


@dataclass(frozen=True, slots=True)
class Draft:
    """One proposal: its style, text, the causes it answers, what the lint says, and a warning about the style."""

    style: str
    text: str
    causes: tuple[str, ...]
    lint: LintResult
    warning: str = ""

    def to_json(self) -> dict[str, Any]:
        """The contract of `wanhui reply --format json`."""
        found = {
            "style": self.style,
            "text": self.text,
            "causes": list(self.causes),
            "lint": self.lint.to_json(),
        }
        return {**found, "warning": self.warning} if self.warning else found


def why_no_draft(given: DraftInput, reader: str | None = None) -> str:
    """Why there is no draft for this review, in the reader's language; empty when there can be one."""
    names = pack_of(given.platform).names
    if can_reply(given.platform, given.channel) == "no":
        rule = "platform.no_reply_path" if given.channel == "public" else "platform.no_private_contact"
        message = next(known.message for known in book().lint_rules if known.id == rule)
        return message.say(reader or given.language).replace("{what}", names.say(reader or given.language))
    if not any(char.isalnum() for char in given.text):
        return {
            "zh": "这条评价没有文字，不需要回复。",
            "en": "This review has no text and needs no reply.",
            "de": "Diese Bewertung hat keinen Text und braucht keine Antwort.",
        }[tongue(reader or given.language)]
    return ""


def styles_for(given: DraftInput) -> tuple[str, ...]:
    """The styles that may be used for this review, the one to prefer first."""
    if given.channel == "private":
        return ("official",)
    codes = {cause.code for cause in given.causes} | given.flags
    return tuple(style.code for style in book().styles.values() if not style.never_for & codes)


def draft(given: DraftInput, *, styles: Sequence[str] | None = None) -> list[Draft]:
    """Drafts for one review, one a style; empty where `why_no_draft` says why, or no wanted style is allowed.

    Raises ValueError for a style that does not exist.
    """
    for style in styles or ():
        if style not in book().styles:
            raise ValueError(f"There is no style “{style}”. Known: {', '.join(book().styles)}.")
    if why_no_draft(given):
        return []
    found: list[Draft] = []
    for style in styles_for(given):
        if styles is None or style in styles:
            made = _best(given, style)
            if made:
                found.append(made)
    return found


def _best(given: DraftInput, style: str) -> Draft | None:
    """Of up to twelve tries the one least like the last replies, never the newest again, passing the lint but for gaps.

    None when the playbook has no wording for this style in this language or situation.
    """
    best: tuple[float, Draft] | None = None
    for attempt in range(TRIES):
        text = compose(given, style, attempt)
        if not text:
            return None
        made = _checked(given, style, text)
        if made is None or text == next(iter(given.recent), None):
            continue
        alike = max((likeness(text, earlier) for earlier in given.recent), default=0.0)
        if alike < TOO_LIKE:
            return made
        if best is None or alike < best[0]:
            best = (alike, made)
    return best[1] if best else None


def _checked(given: DraftInput, style: str, text: str) -> Draft | None:
    """The draft with its lint; None when anything but a gap blocks it."""
    result = lint(
        text, platform=given.platform, channel=given.channel, language=given.language, context=_context(given)
    )
    if any(finding.severity == "block" and finding.rule != "form.gap" for finding in result.findings):
        return None
    warning = book().styles[style].warning
    codes = tuple(cause.code for cause in given.causes[:MOST_CAUSES])
    return Draft(style, text, codes, result, warning.say(given.language) if warning else "")


def _context(given: DraftInput) -> LintContext:
    return LintContext(buyer_name=given.buyer_masked, flags=given.flags, recent=given.recent)
