"""The guide and the READMEs are true: the same in every language, and everything they name is there."""

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
import typer

from tests.contracts import source
from wanhui.cli import app

DOCS = source.ROOT / "docs"
GUIDE = DOCS / "guide"
LANGUAGES = {"zh": "zh_Hans", "de": "de", "en": None}
READMES = {"zh": "README.md", "de": "README.de.md", "en": "README.en.md"}
RUNBOOKS = {"zh": "runbook.zh.md", "de": "runbook.de.md", "en": "runbook.md"}
PAGES = sorted(file.name for file in (GUIDE / "zh").glob("*.md"))
EACH = [(language, page) for language in LANGUAGES for page in PAGES]


def _page(language: str, page: str) -> str:
    return (GUIDE / language / page).read_text(encoding="utf-8")


def _readme(language: str) -> str:
    return (source.ROOT / READMES[language]).read_text(encoding="utf-8")


def _headings(text: str) -> list[str]:
    return re.findall(r"^#+ ", _prose(text), re.MULTILINE)


def _blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)


def _links(text: str) -> list[str]:
    return re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)", text)


def _commands(text: str) -> list[list[str]]:
    """Every `wanhui …` of a text, in blocks and in the line, as its words after "wanhui"."""
    pieces = [line for block in _blocks(text) for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", _prose(text))
    split = [shlex.split(piece) for piece in pieces if re.search(r"(^|[/ ])wanhui \w", piece)]
    return [words[next(at for at, word in enumerate(words) if word.endswith("wanhui")) + 1 :] for words in split]


def _bones(text: str) -> list[list[str]]:
    """The commands without the names of files, stores and people, which each language chooses itself."""
    return [[words[0], *(word for word in words if word.startswith("-"))] for words in _commands(text)]


def test_every_language_has_the_same_ten_pages() -> None:
    assert len(PAGES) == 10
    assert {language: sorted(file.name for file in (GUIDE / language).iterdir()) for language in LANGUAGES} == (
        dict.fromkeys(LANGUAGES, PAGES)
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_the_same_parts_in_every_language(page: str) -> None:
    texts = {language: _page(language, page) for language in LANGUAGES}
    shape = {
        language: (
            _headings(text), _blocks(text), len(_links(text)), len(re.findall(r"^\d+\. ", text, re.MULTILINE)),
            len(re.findall(r"^\|", text, re.MULTILINE)), [Path(picture).name for picture in _pictures(text)],
        )
        for language, text in texts.items()
    }  # fmt: skip
    assert shape["de"] == shape["zh"]
    assert shape["en"] == shape["zh"]


@pytest.mark.parametrize(("language", "page"), EACH)
def test_a_page_is_short_shows_a_picture_and_says_what_to_do_when_it_goes_wrong(language: str, page: str) -> None:
    text = _page(language, page)
    assert len(text.splitlines()) <= 90
    assert 1 <= len(_pictures(text)) <= 2
    assert len(_headings(text)) >= 3
    assert text.count("\n|") >= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_page_by_its_title(language: str) -> None:
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    titles = [_page(language, page).splitlines()[0].removeprefix("# ").split(". ", 1) for page in PAGES]
    assert [line for (number, title), page in zip(titles, PAGES, strict=True)
            if (line := f"{number}. [{title}]({language}/{page})") not in index.splitlines()] == []  # fmt: skip


def test_every_picture_named_is_there_in_its_language_and_every_picture_there_is_shown() -> None:
    shown = {
        (GUIDE / language / picture).resolve()
        for language, page in EACH
        for picture in _pictures(_page(language, page))
    }
    assert {file for file in shown if not file.is_file()} == set()
    assert set((GUIDE / "pictures").rglob("*.png")) == shown
    wrong = [(page, picture) for language, page in EACH for picture in _pictures(_page(language, page))
             if not picture.startswith(f"../pictures/{language}/")]  # fmt: skip
    assert wrong == []


def test_every_picture_of_the_readmes_is_there_and_used() -> None:
    shown = {(source.ROOT / picture).resolve() for language in READMES for picture in _pictures(_readme(language))}
    assert {file for file in shown if not file.is_file()} == set()
    assert set((DOCS / "pictures").glob("*.png")) <= shown


def test_the_pictures_are_small() -> None:
    sizes = [file.stat().st_size for file in (GUIDE / "pictures").rglob("*.png")]
    assert max(sizes) < 200_000
    assert sum(sizes) < 5_000_000


def test_the_readmes_have_the_same_parts_in_every_language() -> None:
    texts = {language: _readme(language) for language in READMES}
    shape = {
        language: (
            _headings(text), len(_blocks(text)), _bones(text), len(_pictures(text)),
            [re.sub(r"/(zh|de|en)/|\.(zh|de)(?=\.md)", "", link) for link in _links(text)[2:]],
            len(re.findall(r"^\|", text, re.MULTILINE)),
        )
        for language, text in texts.items()
    }  # fmt: skip
    assert shape["de"] == shape["zh"]
    assert shape["en"] == shape["zh"]


@pytest.mark.parametrize("language", READMES)
def test_a_readme_leads_to_the_other_two_at_its_top(language: str) -> None:
    others = {name for other, name in READMES.items() if other != language}
    assert set(_links(_readme(language).split("\n## ")[0])) == others


def test_the_runbook_has_the_same_parts_in_every_language() -> None:
    texts = {language: (DOCS / name).read_text(encoding="utf-8") for language, name in RUNBOOKS.items()}
    shape = {
        language: (
            _headings(text), _blocks(text), re.findall(r"^\| (`\w+`) \|", text, re.MULTILINE),
            sorted(re.findall(r"`((?:WANHUI_|deploy/|wanhui |--|http)[^`]*)`", _prose(text))),
            set(_links(text)) | {RUNBOOKS[language]},
        )
        for language, text in texts.items()
    }  # fmt: skip
    assert shape["zh"] == shape["en"]
    assert shape["de"] == shape["en"]


@cache
def _options() -> dict[str, set[str]]:
    """The options of every command of the program."""
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {
        name: {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        for name, command in commands.items()
    }


def _wrong(words: list[str]) -> str | None:
    """What the program does not know in a command; None where it knows everything."""
    known = _options().get(words[0])
    if known is None:
        return words[0]
    return next((word for word in words[1:] if re.match(r"--?[a-z]", word) and word not in known), None)


TEXTS = {f"{language}/{page}": (language, page) for language, page in EACH}


@pytest.mark.parametrize("name", [*TEXTS, *READMES.values()])
def test_every_command_and_option_named_exists(name: str) -> None:
    text = _page(*TEXTS[name]) if name in TEXTS else (source.ROOT / name).read_text(encoding="utf-8")
    assert [(words, wrong) for words in _commands(text) if (wrong := _wrong(words))] == []


def test_the_commands_are_found_in_the_texts() -> None:
    assert {words[0] for words in _commands(_readme("zh"))} >= {"triage", "import", "lint", "reply", "check", "backup"}
    assert _wrong(["check", "--fast"]) == "--fast"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_queues_page_is_in_the_map_of_keys(language: str) -> None:
    page = (source.PACKAGE / "web/templates/web/_keys.html").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| ((?:`[^`]+` ?)+)\|", _page(language, "03-queue.md"), re.MULTILINE))
    keys = {key for cell in told for key in re.findall(r"`([^`]+)`", cell)}
    assert len(keys) >= 10
    assert keys - set(re.findall(r"<kbd>([^<]+)</kbd>", page)) == set()


@cache
def _said(language: str) -> re.Pattern[str]:
    """A pattern that fits every message of the interface in this language; what is filled in may be anything."""
    code = LANGUAGES[language]
    catalogue = polib.pofile(str(source.PACKAGE / f"locale/{code or 'de'}/LC_MESSAGES/django.po"))
    messages: set[str] = set()
    for entry in catalogue:
        own = [entry.msgid, entry.msgid_plural] if code is None else [entry.msgstr, *entry.msgstr_plural.values()]
        messages |= {message for message in own if message}
    # A message that is nearly all gaps fits anything and would prove nothing.
    telling = [message for message in messages if len(re.sub(r"%\(\w+\)s", "", message).strip()) >= 2]
    return re.compile("|".join(re.sub(r"%\\\((\w+)\\\)[sd]", ".+", re.escape(message)) for message in telling))


@pytest.mark.parametrize(("language", "page"), EACH)
def test_every_word_quoted_in_bold_is_a_word_of_the_interface(language: str, page: str) -> None:
    quoted = re.findall(r"\*\*(.+?)\*\*", _page(language, page))
    assert quoted
    assert [words for words in quoted if not _said(language).fullmatch(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_quoted_in_a_readme_is_a_word_of_the_interface(language: str) -> None:
    quoted = re.findall(r"„(.+?)“" if language == "de" else "“(.+?)”", _readme(language))
    assert len(quoted) >= 6
    assert [words for words in quoted if not _said(language).fullmatch(words)] == []


def test_a_word_that_the_interface_does_not_say_would_be_found() -> None:
    assert [_said(language).fullmatch(word) for language, word in
            (("zh", "随便什么"), ("de", "Irgendetwas"), ("en", "Anything"))] == [None, None, None]  # fmt: skip
