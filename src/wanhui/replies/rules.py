"""Pure decisions on replies: the lint, whether a text may be sent, and drafts. The door for every other room."""

from __future__ import annotations

from collections.abc import Mapping

from wanhui.replies.composing import DraftInput, NamedCause
from wanhui.replies.drafting import DRAFTER, Draft, draft, styles_for, why_no_draft
from wanhui.replies.findings import LintContext, LintFinding, LintResult
from wanhui.replies.lint import lint

__all__ = [
    "DRAFTER",
    "Draft",
    "DraftInput",
    "LintContext",
    "LintFinding",
    "LintResult",
    "NamedCause",
    "draft",
    "lint",
    "may_send",
    "missing_reasons",
    "styles_for",
    "wants_reply",
    "why_no_draft",
]

# Answering negatives lifts later ratings, answering positives lowers them, and beyond about 40 % answered the gain in
# revenue fades (Anderson and Han, Cornell 2016): the default, which a shop can change.
GOOD_SHARE = 0.4


def missing_reasons(result: LintResult, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """The rules that warned and for which no reason was written."""
    return tuple(rule for rule in result.warned_rules if not reasons.get(rule, "").strip())


def may_send(result: LintResult, reasons: Mapping[str, str]) -> bool:
    """Whether a text with this result may leave: never with a block; with a warning only if a reason stands for it.

    `reasons` maps rule ids to the person's words.
    """
    return not result.blocked and not missing_reasons(result, reasons)


def wants_reply(*, has_text: bool, good: bool, answered: int = 0, received: int = 0, share: float = GOOD_SHARE) -> bool:
    """Whether this review should get an answer: every bad or middling one with text; good ones up to the share.

    `answered` and `received` count the shop's good reviews with text so far, this one not included; `share` 0 to 1.
    """
    if not has_text:
        return False
    return not good or answered + 1 <= share * (received + 1)
