"""Pictures of every page of the demo world, in three languages and two widths.

    python -m tests.browser.shots FOLDER

FOLDER/<language>-<width>/<page>.png, and FOLDER/index.html to look through them side by side.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

from tests.browser.each import BESIDE, one_of_each
from tests.browser.running import FLAGS, NARROW, OFFICE, Visitors, browser_path, running_desk, sign_in

LANGUAGES = ("zh-hans", "de", "en")
SIZES = (OFFICE, NARROW)


def main(folder: Path) -> None:
    """Every page, whole length."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")  # its addresses are those of the desk
    django.setup()
    with tempfile.TemporaryDirectory() as home, running_desk(Path(home), demo=True) as desk, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path(), args=FLAGS)
        visitors = Visitors(browser)
        pages: dict[str, str] = {}
        for language in LANGUAGES:
            for size in SIZES:
                page = sign_in(desk, visitors.come(desk, size=size), language)
                pages = pages or dict(names(page))
                shoot(page, pages, folder / f"{language}-{size[0]}")
        browser.close()
    (folder / "index.html").write_text(index(pages), encoding="utf-8")
    print(f"{len(pages)} pages × {len(LANGUAGES)} languages × {len(SIZES)} widths in {folder}")


def names(page: Page) -> Iterator[tuple[str, str]]:
    """A file's name and the address, for one page of every kind."""
    for route, address in one_of_each(page.request).items():
        yield re.sub(r"<[^>]*>", "N", route).strip("/").replace("/", "-") or "queue", address
    for number, address in enumerate(BESIDE, 1):
        yield f"empty-{number}", address


def shoot(page: Page, pages: dict[str, str], folder: Path) -> None:
    """One picture of each, into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, address in pages.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(folder / f"{name}.png"), full_page=True)


def index(pages: dict[str, str]) -> str:
    """One row a page, one column a language and width."""
    columns = [f"{language}-{size[0]}" for language in LANGUAGES for size in SIZES]
    rows = [
        f"<tr><th>{escape(name)}</th>"
        + "".join(f'<td><a href="{c}/{name}.png"><img loading="lazy" width="220" src="{c}/{name}.png"></a></td>'
                  for c in columns) + "</tr>"
        for name in pages
    ]  # fmt: skip
    head = "".join(f"<th>{column}</th>" for column in ["", *columns])
    return f'<!doctype html><meta charset="utf-8"><table><tr>{head}</tr>{"".join(rows)}</table>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
