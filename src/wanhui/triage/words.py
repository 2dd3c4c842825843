"""Titles and names in the reader's language: from words.toml, and from the playbook for causes and flags."""

import tomllib
from functools import cache
from importlib.resources import files

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


def code_name(code: str, language: str) -> str:
    """The name of a cause, sub-cause, sentiment or flag from the playbook."""
    return name(code, language)


def reason_name(code: str, language: str) -> str:
    """The name of a reason of `triage.rules.reasons`."""
    own = _words()["reasons"].get(code)
    return name(code, language) if own is None else own[language]


def language_name(code: str, language: str) -> str:
    """The name of a text's language."""
    return say("languages", code if code in _words()["languages"] else "und", language)
