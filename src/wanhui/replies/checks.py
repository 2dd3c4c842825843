"""The single checks of the lint: the patterns of the playbook, and what has to be decided in code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from wanhui.language.normalise import simplified
from wanhui.playbook.loader import book
from wanhui.playbook.rules import may_ask_for_change, reply_window_closes
from wanhui.playbook.shapes import LintRule
from wanhui.replies.findings import LintFinding, Question
from wanhui.replies.folding import Views
from wanhui.replies.likeness import likeness
from wanhui.replies.matching import hits

LONGEST_READ = 20_000
TOO_ALIKE = 0.9
# 【某某旗舰店】-like signatures are common and fine: a gap is one that says so, or holds nothing.
GAP = re.compile(
    r"【\s{0,4}(?:(?:请|待)?填|请补|补充|待补|待定|bitte|please|todo|to do|tbd|\W{0,20}】)[^【】\n]{0,80}】?"
    r"|\{[a-z_]{2,20}\}",
    re.IGNORECASE,
)
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
UNIT_NAMES = {
    "zh": {"characters": "字符", "hanzi": "字", "bytes": "字节"},
    "en": {"characters": "characters", "hanzi": "characters", "bytes": "bytes"},
    "de": {"characters": "Zeichen", "hanzi": "Zeichen", "bytes": "Bytes"},
}


@cache
def _rules() -> dict[str, LintRule]:
    return {rule.id: rule for rule in book().lint_rules}


def pattern_findings(question: Question) -> Iterator[LintFinding]:
    """What the playbook's patterns find. Only the first 20,000 characters are read: `form.endless` blocks the rest."""
    views = Views(question.text[:LONGEST_READ])
    for rule in book().lint_rules:
        if rule.kind != "pattern" or question.channel not in rule.channels or question.pack.id in rule.not_on:
            continue
        if rule.when_flags and not question.context.flags.intersection(rule.when_flags):
            continue
        eased = rule.eases == "after_resolution" and may_ask_for_change(
            question.pack.id, resolved=question.context.resolved
        )
        for start, end in hits(rule, views):
            yield _finding(rule, question, start, end, severity="warn" if eased else None)


def builtin_findings(question: Question) -> Iterator[LintFinding]:
    """What is decided in code: form, length, the platform's paths and windows, this order's data, likeness."""
    for check in (_form, _length, _paths, _window, _personal, _repeats):
        yield from check(question)


def _finding(
    rule: LintRule, question: Question, start: int, end: int, what: str = "", severity: str | None = None
) -> LintFinding:
    message = rule.message.say(question.language).replace("{what}", what)
    chosen = rule.severity if severity != "warn" else "warn"
    return LintFinding(rule.id, chosen, start, end, message, rule.source, rule.why.say(question.language))


def _say(rule: str, question: Question, what: str = "", span: tuple[int, int] | None = None) -> LintFinding:
    start, end = span or (0, len(question.text))
    return _finding(_rules()[rule], question, start, end, what)


def _form(question: Question) -> Iterator[LintFinding]:
    if not any(char.isalnum() for char in question.text):
        yield _say("form.empty", question)
    for match in GAP.finditer(question.text.translate(simplified())):
        yield _say("form.gap", question, question.text[match.start() : match.end()], match.span())
    if len(question.text) > LONGEST_READ:
        yield _say("form.endless", question, str(LONGEST_READ), (LONGEST_READ, len(question.text)))


def _length(question: Question) -> Iterator[LintFinding]:
    pack = question.pack
    limit = pack.max_length.value
    if limit is None or question.channel != "public":
        return
    size = len(question.text.encode("utf-8", "replace")) if pack.length_unit == "bytes" else len(question.text)
    if size > limit:
        unit = UNIT_NAMES[_tongue(question)][pack.length_unit]
        yield _say("form.too_long", question, f"{size} / {limit} {unit}", (_cut(question, limit), len(question.text)))


def _cut(question: Question, limit: int) -> int:
    """The first character that is too much."""
    if question.pack.length_unit != "bytes":
        return limit
    used = 0
    for place, char in enumerate(question.text):
        used += len(char.encode("utf-8", "replace"))
        if used > limit:
            return place
    return len(question.text)


def _tongue(question: Question) -> str:
    start = question.language.lower()[:2]
    return start if start in UNIT_NAMES else "en"


def _paths(question: Question) -> Iterator[LintFinding]:
    pack = question.pack
    name = pack.names.say(question.language)
    if question.channel == "public":
        if pack.reply_path.value == "no":
            yield _say("platform.no_reply_path", question, name)
        elif not pack.reply_path.known:
            yield _say("platform.unverified", question, name)
        allowed = pack.replies_allowed.value
        if allowed is not None and question.context.replies_so_far >= allowed > 0 and not pack.editable.value:
            yield _say("platform.already_answered", question, name)
    elif pack.private.value == "forbidden":
        yield _say("platform.no_private_contact", question, name)
    elif pack.private.value == "template_only":
        yield _say("platform.template_only", question, name)


def _window(question: Question) -> Iterator[LintFinding]:
    context = question.context
    if question.channel != "public" or context.answers_follow_up:
        return
    if context.has_follow_up and question.pack.closes_on_follow_up.value:
        yield _say("platform.closed_by_follow_up", question)
        return
    if context.published is None or context.now is None:
        return
    closes = reply_window_closes(question.pack.id, context.published)
    if isinstance(closes, datetime) and context.now > closes:
        yield _say("platform.window_closed", question, closes.strftime("%Y-%m-%d %H:%M"))


def _personal(question: Question) -> Iterator[LintFinding]:
    if question.channel != "public":
        return
    context = question.context
    view = Views(question.text[:LONGEST_READ]).digits
    for rule, values, least in (
        ("personal.name", (context.buyer_name,), 2),
        ("personal.order", context.order_ids, 5),
        ("personal.phone", context.phones, 5),
        ("personal.address", context.addresses, 6),
        ("personal.fact", context.private_facts, 2),
    ):
        for value in values:
            needle = Views(value).digits.text.strip()
            # A masked name ("暖***阳") is what the platform shows to everyone; its two ends may be any common word.
            if len(needle) < least or any(mask in value for mask in "*＊●•"):
                continue
            for start in _places(needle, view.text, part=rule == "personal.address"):
                yield _say(rule, question, span=view.original(start[0], start[1], len(question.text)))


def _places(needle: str, text: str, *, part: bool) -> Iterator[tuple[int, int]]:
    """Where the value stands as a whole word; of an address also any eight characters in a row."""
    found = text.find(needle)
    if found >= 0 and _whole(text, found, found + len(needle)):
        yield found, found + len(needle)
        return
    if part:
        for start in range(max(0, len(needle) - 7)):
            found = text.find(needle[start : start + 8])
            if found >= 0:
                yield found, found + 8
                return


def _whole(text: str, start: int, end: int) -> bool:
    """Chinese has no word ends; for Latin letters and digits the neighbours must be something else."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((_latin(before) and _latin(text[start])) or (_latin(after) and _latin(text[end - 1])))


def _latin(char: str) -> bool:
    return bool(char) and char.isalnum() and not HAN.match(char)


def _repeats(question: Question) -> Iterator[LintFinding]:
    if any(likeness(question.text, earlier) >= TOO_ALIKE for earlier in question.context.recent):
        yield _say("form.repeats", question)
