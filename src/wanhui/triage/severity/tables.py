"""A severity table as toml, in the playbook's form: read with every mistake named, and written. Pure."""

import tomllib
from collections.abc import Collection
from types import MappingProxyType
from typing import Any

from wanhui.language.judgement import CAUSES, FLAGS
from wanhui.triage.rules import ALWAYS_NOW, Urgencies

STARS = ("one_star", "bare_one_star", "two_stars", "three_stars")
MOODS = ("negative", "mixed")
REACH = ("mass", "widely_read")
FREE_FLAGS = tuple(flag for flag in FLAGS if flag not in ALWAYS_NOW)
LEVELS = (1, 2, 3, 4)
MOST = 1_000_000
HEAD = """# Severity of reviews: 1 now, 2 today, 3 normal, 4 low. Of the reasons that fit, the most urgent counts; what
# is not listed does not. Danger (safety) and threats of law (threat) are 1 always, whatever stands here.
"""


class TableProblem(ValueError):  # noqa: N818 - told to a person as what it is
    """A table that cannot be used. `what` is toml, key, code, level, locked or number; `where` names the place."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{SENTENCES[what]} ({where})")
        self.what, self.where = what, where


SENTENCES = {
    "toml": "This is not a toml file.",
    "key": "A severity table holds levels, mass_from and readers_from, and nothing else.",
    "code": "This reason is not known.",
    "level": "A level is 1, 2, 3 or 4.",
    "locked": "Danger and threats of law are 1 always.",
    "number": "This must be a whole number from 1 on.",
}


def known_codes(own: Collection[str] = ()) -> frozenset[str]:
    """The reasons a table may speak of, beside sub-causes: flags, causes (the shop's `own` too), stars, mood, reach."""
    return frozenset({*FLAGS, *CAUSES, *STARS, *MOODS, *REACH, *own})


def checked(levels: dict[str, Any], mass_from: Any, readers_from: Any, known: Collection[str]) -> Urgencies:
    """A table of these values, or TableProblem; a sub-cause is known by its cause."""
    for code, level in levels.items():
        if code not in known and ("." not in code or code.split(".", 1)[0] not in known):
            raise TableProblem("code", code)
        if isinstance(level, bool) or level not in LEVELS:
            raise TableProblem("level", code)
        if code in ALWAYS_NOW and level != 1:
            raise TableProblem("locked", code)
    for name, number in (("mass_from", mass_from), ("readers_from", readers_from)):
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST:
            raise TableProblem("number", name)
    whole = {**dict.fromkeys(ALWAYS_NOW, 1), **levels}
    return Urgencies(MappingProxyType(whole), mass_from, readers_from)


def read(text: str, known: Collection[str]) -> Urgencies:
    """The table of a toml text; TableProblem names what is wrong. Numbers that are left out are the shipped ones."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableProblem("toml", str(error)) from error
    if strange := sorted(set(data) - {"levels", "mass_from", "readers_from"}):
        raise TableProblem("key", strange[0])
    levels = data.get("levels", {})
    if not isinstance(levels, dict):
        raise TableProblem("key", "levels")
    shipped = Urgencies()
    return checked(levels, data.get("mass_from", shipped.mass_from), data.get("readers_from", shipped.readers_from),
                   known)  # fmt: skip


def write(table: Urgencies) -> str:
    """The table as toml, the most urgent reasons first; `read` gives the same table back."""
    order = sorted(table.levels.items(), key=lambda pair: (pair[1], pair[0]))
    lines = [f'"{code}" = {level}' for code, level in order]
    return (f"{HEAD}\nmass_from = {table.mass_from}\nreaders_from = {table.readers_from}\n\n[levels]\n"
            + "\n".join(lines) + "\n")  # fmt: skip


def changes(old: Urgencies, new: Urgencies) -> list[str]:
    """The names of what differs between two tables."""
    codes = [code for code in sorted({*old.levels, *new.levels}) if old.level(code) != new.level(code)]
    return codes + [name for name in ("mass_from", "readers_from") if getattr(old, name) != getattr(new, name)]
