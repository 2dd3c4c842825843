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
    "why_no_draft",
]


def missing_reasons(result: LintResult, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """The rules that warned and for which no reason was written."""
    return tuple(rule for rule in result.warned_rules if not reasons.get(rule, "").strip())


def may_send(result: LintResult, reasons: Mapping[str, str]) -> bool:
    """Whether a text with this result may leave: never with a block; with a warning only if a reason stands for it.

    `reasons` maps rule ids to the person's words.
    """
    return not result.blocked and not missing_reasons(result, reasons)
