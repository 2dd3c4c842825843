"""Titles and names in the reader's language: from words.toml, and from the playbook for causes and flags."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from wanhui.language.judgement import Span
from wanhui.playbook.loader import name


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    data: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
        files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    )
    return data


def say(group: str, key: str | int, language: str) -> str:
    """The words of one entry of words.toml; `language` is zh, en or de. KeyError for an entry that is not there."""
    return _words()[group][str(key)][language]


@lru_cache(1024)
def code_name(code: str, language: str) -> str:
    """The name of a cause, sub-cause, sentiment or flag from the playbook."""
    return name(code, language)


@lru_cache(1024)
def reason_name(code: str, language: str) -> str:
    """The name of a reason of `triage.rules.reasons`."""
    own = _words()["reasons"].get(code)
    return name(code, language) if own is None else own[language]


@lru_cache(1024)
def praise_name(code: str, language: str) -> str:
    """The name of what is praised: a cause's code turned to its good side."""
    own = _words()["praised"].get(code)
    return name(code, language) if own is None else own[language]


def field_name(field: str, language: str) -> str:
    """The name of a recognised field; its code for fields that the verdict does not use."""
    own = _words()["fields"].get(field)
    return field if own is None else own[language]


def star_name(stars: int, language: str) -> str:
    """ "1 star", "4 stars", "4 星"."""
    return say("words", "star" if stars == 1 else "stars", language).format(stars=stars)


def problem_name(problem: str, language: str) -> str:
    """A problem of a row, its kind translated and what it names kept; English as it is where there is no word."""
    kind, colon, named = problem.partition(":")
    own = _words()["problems"].get(kind, {}).get(language, kind)
    return f"{own}{colon}{named}"


def language_name(code: str, language: str) -> str:
    """The name of a text's language."""
    return say("languages", code if code in _words()["languages"] else "und", language)


def kind_name(code: str, language: str) -> str:
    """The name of a follow-up's kind."""
    return say("kinds", code, language)


BETWEEN = " … "


def spoken(text: str, evidence: Sequence[Sequence[int]]) -> str:
    """The words of a text that evidence points to, as a person reads and types them: one line, parts apart by "…"."""
    return BETWEEN.join(" ".join(text[start:end].split()) for start, end in evidence)


def spans_in(text: str, typed: str) -> list[Span] | None:
    """Where the words of `spoken` stand in a text, in the order of the text; None where a part is not in it. Empty
    for no words. However a part is spaced, it is found."""
    spans: list[Span] = []
    for part in typed.split(BETWEEN.strip()):
        words = part.split()
        if not words:
            continue
        match = re.search(r"\s+".join(re.escape(word) for word in words), text)
        if match is None:
            return None
        spans.append(match.span())
    return sorted(set(spans))
