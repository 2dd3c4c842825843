"""Loads the playbook once, checks it, and hands it out: `book()`, and names of codes in the reader's language.

Knows no Django, so that `wanhui lint`, `wanhui reply` and workers without a database can use it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from wanhui.playbook.lint_rules import read_lint_rules
from wanhui.playbook.packs import read_pack
from wanhui.playbook.reading import Node, PlaybookError, by, read, toml_files
from wanhui.playbook.shapes import (
    Book,
    Cause,
    Named,
    Play,
    Style,
    SubCause,
    Tongue,
    Wording,
)

SEVEN_DAYS_IN_HOURS = 168


@cache
def book() -> Book:
    """The playbook shipped with Wanhui. Read on first use; raises PlaybookError naming file and key if it is wrong."""
    return load(files("wanhui.playbook") / "data")


def load(folder: Traversable) -> Book:
    """Read and check a playbook folder: causes, sub-causes, plays, platforms/, lint/ and wording/."""
    causes_file = read(folder / "causes.toml")
    causes_file.only("version", "family", "cause", "flag", "sentiment", "role", "style")
    families = _named(causes_file, "family")
    sub_causes = _sub_causes(read(folder / "subcauses.toml"))
    causes = _causes(causes_file, families, sub_causes)
    flags = _named(causes_file, "flag")
    _cured(sub_causes, {*causes, *flags})
    roles = _named(causes_file, "role")
    packs = [read_pack(read(file)) for file in toml_files(folder / "platforms")]
    lint_version, lint_rules = read_lint_rules(folder / "lint")
    return Book(
        version=causes_file.day("version"),
        families=families,
        causes=causes,
        sub_causes=sub_causes,
        flags=flags,
        sentiments=_named(causes_file, "sentiment"),
        roles=roles,
        plays=_plays(read(folder / "plays.toml"), causes, flags, roles),
        platforms=MappingProxyType(by(packs, lambda pack: pack.id, "platforms")),
        lint_rules=lint_rules,
        lint_version=lint_version,
        styles=_styles(causes_file, causes, flags),
        wording=MappingProxyType({w.language: w for w in map(_wording, toml_files(folder / "wording"))}),
    )


def name(code: str, language: str | None) -> str:
    """The name of any code (cause, sub-cause, flag, sentiment, family, role, style, platform) in this language.

    A sub-cause that the playbook does not know gets its cause's name; anything else unknown comes back as it is.
    """
    shelf = book()
    for shelf_part in (shelf.causes, shelf.sub_causes, shelf.flags, shelf.sentiments, shelf.platforms, shelf.styles):
        if code in shelf_part:
            return shelf_part[code].names.say(language)
    for named in (shelf.families, shelf.roles):
        if code in named:
            return named[code].names.say(language)
    head = code.split(".", 1)[0]
    return shelf.causes[head].names.say(language) if head in shelf.causes else code


def platform_name(code: str, language: str | None) -> str:
    """The name of a platform; the code itself when there is no rule pack for it."""
    pack = book().platforms.get(code)
    return pack.names.say(language) if pack else code


def _named(node: Node, key: str) -> Mapping[str, Named]:
    items: list[Named] = []
    for entry in node.children(key):
        entry.only("code", "names", "definition")
        items.append(Named(entry.text("code"), entry.names("names"), entry.names_if_any("definition")))
    return MappingProxyType(by(items, lambda item: item.code, f"{node.where}, {key}"))


def _sub_causes(node: Node) -> Mapping[str, SubCause]:
    items: list[SubCause] = []
    for entry in node.children("sub"):
        entry.only("code", "names", "play")
        code = entry.text("code")
        if code.count(".") != 1:
            raise entry.wrong("code", "must be the cause's code, a dot and a name.")
        cause = code.split(".")[0]
        items.append(SubCause(code, cause, entry.names("names"), entry.text("play", cause)))
    return MappingProxyType(by(items, lambda item: item.code, node.where))


def _cured(subs: Mapping[str, SubCause], plays: set[str]) -> None:
    for sub in subs.values():
        if sub.play not in plays:
            raise PlaybookError(f"subcauses.toml: “{sub.code}” names the play “{sub.play}”, which there is not.")


def _causes(node: Node, families: Mapping[str, Named], subs: Mapping[str, SubCause]) -> Mapping[str, Cause]:
    items: list[Cause] = []
    for entry in node.children("cause"):
        entry.only("code", "family", "names", "definition")
        code, family = entry.text("code"), entry.text("family")
        if family not in families:
            raise entry.wrong("family", f"there is no family “{family}”.")
        own = tuple(sub for sub in subs.values() if sub.cause == code)
        items.append(Cause(code, family, entry.names("names"), entry.names("definition"), own))
    causes = by(items, lambda item: item.code, node.where)
    for sub in subs.values():
        if sub.cause not in causes:
            raise PlaybookError(f"subcauses.toml: “{sub.code}” belongs to no cause of causes.toml.")
    return MappingProxyType(causes)


def _styles(node: Node, causes: Mapping[str, Cause], flags: Mapping[str, Named]) -> Mapping[str, Style]:
    items: list[Style] = []
    for entry in node.children("style"):
        entry.only("code", "names", "never_for", "warning")
        never = entry.some_of("never_for", (*causes, *flags), ())
        items.append(Style(entry.text("code"), entry.names("names"), entry.names_if_any("warning"), frozenset(never)))
    return MappingProxyType(by(items, lambda item: item.code, node.where))


def _plays(
    node: Node, causes: Mapping[str, Cause], flags: Mapping[str, Named], roles: Mapping[str, Named]
) -> Mapping[str, Play]:
    items: list[Play] = []
    for entry in node.children("play"):
        entry.only("code", "who", "hours", "what", "how", "public", "private", "root")
        code = entry.one_of("code", (*causes, *flags))
        hours = entry.number("hours")
        if not 1 <= hours <= SEVEN_DAYS_IN_HOURS:
            raise entry.wrong("hours", "must lie between 1 and 168.")
        items.append(
            Play(
                code=code,
                kind="cause" if code in causes else "flag",
                who=entry.one_of("who", tuple(roles)),
                hours=hours,
                what=entry.names("what"),
                how=entry.names("how"),
                public=entry.names("public"),
                private=entry.names("private"),
                root=entry.names("root"),
            )
        )
    plays = by(items, lambda item: item.code, node.where)
    for cause in causes:
        if cause not in plays:
            raise PlaybookError(f"{node.where}: the cause “{cause}” has no play.")
    return MappingProxyType(plays)


def _wording(file: Traversable) -> Wording:
    node = read(file)
    language: Tongue = node.one_of("language", ("zh", "en", "de"))
    pieces: dict[str, tuple[str, ...]] = {}
    _flatten(node, "", pieces)
    if not pieces:
        raise PlaybookError(f"{node.where} holds no wording.")
    return Wording(language, node.day("version"), MappingProxyType(pieces))


def _flatten(node: Node, prefix: str, pieces: dict[str, tuple[str, ...]]) -> None:
    for key, value in node.data.items():
        if not prefix and key in ("language", "version"):
            continue
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            _flatten(node.child(key), f"{path}.", pieces)
        elif isinstance(value, str):
            pieces[path] = (node.text(key),)
        else:
            pieces[path] = node.texts(key)
