"""Translations: complete, compiled, and with every placeholder kept."""

import ast
import re

import polib
import pytest
from django.utils.translation import template

from tests.contracts import source
from tests.contracts.test_manners import GETTEXT

LOCALES = source.PACKAGE / "locale"
CHINESE = LOCALES / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Messages that read the same in German; any other one that equals its source was forgotten.
SAME_IN_GERMAN = {
    "Hotel", "Import", "Import %(ref)s", "Link", "Marketing", "Name", "Original", "Person", "Person %(ref)s", "Status",
    "Text", "Version", "Wanhui",
}  # fmt: skip
LETTERS = re.compile("[A-Za-z]")
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
CALL = re.compile(r"(?<![a-z])n?gettext\(u?(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")


@pytest.mark.parametrize("language", ["zh_Hans", "de"])
def test_no_translation_is_missing_or_fuzzy(language: str) -> None:
    catalogue = polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po"))
    assert len(catalogue) > 50
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@pytest.mark.parametrize(("language", "allowed"), [("zh_Hans", set()), ("de", SAME_IN_GERMAN)])
def test_no_translation_is_just_its_source(language: str, allowed: set[str]) -> None:
    same = {
        entry.msgid
        for entry in polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po"))
        if entry.msgid in [entry.msgstr, *entry.msgstr_plural.values()] and LETTERS.search(HOLE.sub("", entry.msgid))
    }
    assert same == allowed, "forgotten, or allowed without need"


def test_chinese_translations_are_written_in_chinese() -> None:
    latin = [
        entry.msgid
        for entry in polib.pofile(str(CHINESE))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if LETTERS.search(HOLE.sub("", entry.msgid)) and text and not re.search("[一-鿿]", text)
    ]
    assert latin == []


def test_the_catalogue_holds_no_message_that_nothing_says() -> None:
    said = _messages_in_program() | _messages_in_pages()
    assert sorted({entry.msgid for entry in polib.pofile(str(CHINESE))} - said) == []


@pytest.mark.parametrize("language", ["zh_Hans", "de"])
def test_the_compiled_translations_are_those_of_the_text_files(language: str) -> None:
    folder = LOCALES / language / "LC_MESSAGES"
    told = {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in polib.pofile(str(folder / "django.po"))}
    compiled = {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in polib.mofile(str(folder / "django.mo"))}
    assert compiled == told


@pytest.mark.parametrize("language", ["zh_Hans", "de"])
def test_placeholders_survive_translation(language: str) -> None:
    hole = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    wrong = []
    for entry in polib.pofile(str(LOCALES / language / "LC_MESSAGES" / "django.po")):
        asked = set(hole.findall(entry.msgid)) | set(hole.findall(entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and not set(hole.findall(text)) <= asked:
                wrong.append(entry.msgid)
            if text and not entry.msgid_plural and set(hole.findall(text)) != asked:
                wrong.append(entry.msgid)
    assert wrong == []


def test_every_message_of_program_and_pages_is_in_the_catalogue() -> None:
    """What `makemessages` would find, found again here: a new message cannot be forgotten."""
    known = {entry.msgid for entry in polib.pofile(str(CHINESE))}
    assert sorted(_messages_in_program() - known) == []
    assert sorted(_messages_in_pages() - known) == []


def _messages_in_program() -> set[str]:
    found = set()
    for tree in source.modules().values():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT:
                texts = call.args[1:2] if call.func.id.startswith("p") else call.args[:1]
                found |= {t.value for t in texts if isinstance(t, ast.Constant) and isinstance(t.value, str)}
    return found


def _messages_in_pages() -> set[str]:
    found = set()
    for file in source.PACKAGE.rglob("templates/**/*.html"):
        program = template.templatize(file.read_text(encoding="utf-8"), origin=str(file))
        found |= {str(ast.literal_eval(match["text"])) for match in CALL.finditer(program)}
    return found
