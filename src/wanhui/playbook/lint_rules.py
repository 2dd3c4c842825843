"""Reads the lint's rules: `lint/terms.toml` (word lists) and every other file of the folder (rules that use them).

A pattern is a regular expression in which `<money>` stands for the word list of that name. Repeats without an upper
bound are refused, so that no pattern can become slow on hostile text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources.abc import Traversable

from wanhui.playbook.reading import Node, PlaybookError, by, read, toml_files
from wanhui.playbook.shapes import Channel, LintRule, RuleKind, Severity, Tongue, View

TONGUES: tuple[Tongue, ...] = ("zh", "en", "de")
CHANNELS: tuple[Channel, ...] = ("public", "private")
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "info")
KINDS: tuple[RuleKind, ...] = ("pattern", "builtin")
VIEWS: tuple[View, ...] = ("plain", "squeezed", "digits")
KEYS = (
    "id", "kind", "languages", "channels", "severity", "find", "near", "within", "unless", "reach", "view",
    "when_flags", "not_on", "eases", "message", "why", "source", "checked_on",
)  # fmt: skip
TERM = re.compile(r"<([a-z][a-z0-9_]*)>")
CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
FAR = 120


def read_lint_rules(folder: Traversable) -> tuple[str, tuple[LintRule, ...]]:
    """All lint rules in file order, and the pack's version ("2026-11-21"): the newest date of its files."""
    terms = _terms(read(folder / "terms.toml"))
    rules: list[LintRule] = []
    versions: list[str] = []
    for file in toml_files(folder):
        if file.name == "terms.toml":
            continue
        node = read(file)
        node.only("version", "rule")
        versions.append(node.day("version").isoformat())
        rules.extend(_rule(entry, terms) for entry in node.children("rule"))
    by(rules, lambda rule: rule.id, "lint")
    return max(versions), tuple(rules)


def _terms(node: Node) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key in node.data:
        if key == "version":
            continue
        words = [_put_in(word, found, node, key) for word in node.texts(key)]
        found[key] = "(?:" + "|".join(words) + ")"
        _check(found[key], node, key)
    return found


def _put_in(pattern: str, terms: Mapping[str, str], node: Node, key: str) -> str:
    def look_up(match: re.Match[str]) -> str:
        word = match.group(1)
        if word not in terms:
            raise node.wrong(key, f"uses <{word}>, which is no word list above it in terms.toml.")
        return terms[word]

    return TERM.sub(look_up, pattern)


def _check(pattern: str, node: Node, key: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise node.wrong(key, f"the pattern {pattern!r} is wrong: {error}.") from error
    if UNBOUNDED.search(CLASS.sub("c", pattern)):
        raise node.wrong(key, f"the pattern {pattern!r} repeats without an upper bound; give one, like {{0,12}}.")
    return pattern


def _patterns(entry: Node, key: str, terms: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_check(_put_in(raw, terms, entry, key), entry, key) for raw in entry.texts(key, ()))


def _near(entry: Node, terms: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    groups = entry.data.get("near", [])
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise entry.wrong("near", "must be a list of lists of patterns.")
    return tuple(_patterns(Node({"near": group}, entry.where), "near", terms) for group in groups)


def _rule(entry: Node, terms: Mapping[str, str]) -> LintRule:
    entry.only(*KEYS)
    kind = entry.one_of("kind", KINDS, "pattern")
    find = _patterns(entry, "find", terms)
    if (kind == "pattern") != bool(find):
        raise entry.wrong("find", "a rule of kind pattern needs patterns, a builtin one has none.")
    within, reach = entry.number("within", 24), entry.number("reach", 0)
    if max(within, reach) > FAR:
        raise PlaybookError(f"{entry.where}: “within” and “reach” must be at most {FAR}.")
    return LintRule(
        id=entry.text("id"),
        kind=kind,
        languages=entry.some_of("languages", TONGUES, TONGUES),
        channels=entry.some_of("channels", CHANNELS, CHANNELS),
        severity=entry.one_of("severity", SEVERITIES),
        find=find,
        near=_near(entry, terms),
        within=within,
        unless=_patterns(entry, "unless", terms),
        reach=reach,
        view=entry.one_of("view", VIEWS, "squeezed"),
        when_flags=entry.texts("when_flags", ()),
        not_on=entry.texts("not_on", ()),
        eases=entry.text("eases", ""),
        message=entry.names("message"),
        why=entry.names("why"),
        source=entry.text("source"),
        checked_on=entry.day("checked_on"),
    )
