"""The lint: what is about to be said, held against law, platform rules and the privacy of this customer.

Pure: data and `now` come in as arguments. `wanhui.replies.rules` is the door other rooms use.
"""

from __future__ import annotations

from wanhui.language.detect import detect
from wanhui.playbook.loader import book
from wanhui.playbook.rules import pack_of
from wanhui.playbook.shapes import Channel
from wanhui.replies.checks import builtin_findings, pattern_findings
from wanhui.replies.findings import ORDER, LintContext, LintResult, Question


def lint(
    text: str,
    *,
    platform: str,
    channel: Channel = "public",
    language: str | None = None,
    context: LintContext | None = None,
) -> LintResult:
    """Check a reply (public) or a message (private) before it leaves.

    `language` chooses the language of the messages (zh, en, de; default: that of the text); the rules of all three
    languages always apply. Never raises on any text.
    """
    question = Question(text, pack_of(platform), channel, language or _language_of(text), context or LintContext())
    found = [*builtin_findings(question), *pattern_findings(question)]
    found.sort(key=lambda finding: (ORDER[finding.severity], finding.start, finding.end, finding.rule))
    version = f"lint {book().lint_version}, {question.pack.id} {question.pack.version.isoformat()}"
    return LintResult(all(f.severity == "info" for f in found), tuple(found), version)


def _language_of(text: str) -> str:
    found = detect(text[:400])
    return "zh" if found == "und" else found
