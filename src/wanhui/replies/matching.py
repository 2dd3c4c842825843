"""Finds where a lint rule speaks in a text. Linear in the text: every pattern is run once over each view."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from wanhui.playbook.shapes import LintRule
from wanhui.replies.folding import Folded, Views

Span = tuple[int, int]
SENTENCE_ENDS = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
HITS_PER_RULE = 20


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def hits(rule: LintRule, views: Views) -> list[Span]:
    """Where this rule speaks, as spans of the original text, first come first; at most twenty."""
    view = views.view(rule.view)
    found = list(_spans(rule.find, view.text))
    if not found:
        return []
    # A comma parts sentences for nobody: "改一下，返5元" is one offer.
    ends = [match.start() for match in SENTENCE_ENDS.finditer(view.text)] if rule.near else []
    for group in rule.near:
        partners = list(_spans(group, view.text))
        found = [span for span in found if _has_partner(span, partners, ends, rule.within)]
    if found and rule.unless:
        excuses = _union(span for pattern in rule.unless for span in _spans((pattern,), view.text))
        found = [span for span in found if not _touched(span, excuses, rule.reach)]
    return [_back(span, view, len(views.text)) for span in found[:HITS_PER_RULE]]


def _spans(patterns: tuple[str, ...], text: str) -> Iterator[Span]:
    return (match.span() for match in _compiled(patterns).finditer(text))


def _union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _has_partner(span: Span, partners: Sequence[Span], ends: Sequence[int], within: int) -> bool:
    """Whether a partner stands in the span's sentence, at most `within` characters away."""
    start, end = span
    place = bisect_left(ends, start)
    low = max(start - within, ends[place - 1] + 1 if place else 0)
    place = bisect_left(ends, end)
    high = min(end + within, ends[place] if place < len(ends) else end + within)
    return _any_between(partners, low, high)


def _touched(span: Span, others: Sequence[Span], reach: int) -> bool:
    return _any_between(others, span[0] - reach, span[1] + reach, part=True)


def _any_between(spans: Sequence[Span], low: int, high: int, *, part: bool = False) -> bool:
    """Whether one of the sorted, non-overlapping spans lies in [low, high), or (part) at least partly in it."""
    place = bisect_right(spans, (low, low))
    if part and place and spans[place - 1][1] > low and spans[place - 1][0] < high:
        return True
    if place and spans[place - 1][0] == low and spans[place - 1][1] <= high:
        return True
    return place < len(spans) and (spans[place][0] < high if part else spans[place][1] <= high)


def _back(span: Span, view: Folded, length: int) -> Span:
    start, end = view.original(span[0], span[1], length)
    return start, max(end, start)
