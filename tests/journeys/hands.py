"""A person at a page: reads headings, presses what is labelled, fills what is labelled; each deed is counted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.journeys.words import zh

GAP = re.compile("【[^】]*】")


class Hands:
    """Works a page by its visible words. `deeds` counts clicks and filled fields."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.deeds = 0
        self._within: Locator | Page = page

    @contextmanager
    def inside(self, heading: str) -> Iterator[None]:
        """Look only at the part of the page under this heading."""
        part = self.page.get_by_role("region", name=zh(heading), exact=True)
        self._within, before = part, self._within
        try:
            yield
        finally:
            self._within = before

    @contextmanager
    def inside_form(self, button: str) -> Iterator[None]:
        """Use only the form that ends with this button."""
        found = self.page.locator("form").filter(has=self.page.get_by_role("button", name=zh(button), exact=True))
        self._within, before = found, self._within
        try:
            yield
        finally:
            self._within = before

    def part(self, heading: str) -> Locator:
        """The part of the page under this heading."""
        return self.page.get_by_role("region", name=zh(heading), exact=True)

    def press(self, label: str, **values: object) -> None:
        """Press a button."""
        self._act(self._within.get_by_role("button", name=zh(label, **values), exact=True))

    def follow(self, label: str) -> None:
        """Follow a link; the first where several lead to the same place."""
        self._act(self._within.get_by_role("link", name=re.compile(f"^{re.escape(zh(label))}( |$)")).first)

    def unfold(self, label: str) -> None:
        """Open a folded part."""
        self._act(self._within.get_by_text(zh(label), exact=True))

    def fill(self, label: str, words: str) -> None:
        """Fill a field."""
        self._within.get_by_label(zh(label), exact=True).fill(words)
        self.deeds += 1

    def choose(self, label: str, option: str) -> None:
        """Choose from a list, by the words of the choice."""
        self._within.get_by_label(zh(label), exact=True).select_option(label=option)
        self.deeds += 1

    def attach(self, label: str, file: Path) -> None:
        """Choose a file."""
        self._within.get_by_label(zh(label), exact=True).set_input_files(file)
        self.deeds += 1

    def _act(self, target: Locator) -> None:
        target.click()
        self.deeds += 1

    def sees(self, words: str) -> None:
        """Wait until these words are on the page."""
        expect(self.page.locator("main")).to_contain_text(words)

    def told(self, message: str, **values: object) -> None:
        """Wait until the desk says this."""
        expect(self.page.get_by_text(zh(message, **values)).first).to_be_visible()

    def number(self, row: str) -> str:
        """The figure in the table's row with this head."""
        head = self.page.get_by_role("rowheader", name=re.compile(f"^{re.escape(zh(row))}"))
        return self.page.get_by_role("row").filter(has=head).get_by_role("cell").first.inner_text().strip()

    def sign_in(self, name: str, password: str) -> None:
        """From the sign-in page to the desk."""
        self.page.goto("/")
        self.fill("Sign-in name", name)
        self.fill("Password", password)
        self.press("Sign in")

    def open_top_case(self) -> None:
        """Open the first row of the queue."""
        rows = self.page.get_by_role("list", name=zh("Open cases, the most urgent first"))
        self._act(rows.get_by_role("link").first)
        expect(self.page).to_have_url(re.compile(r"/cases/\d+/$"))
        self.page.wait_for_load_state()  # a person looks before typing; a field filled sooner would save nothing

    def reply_box(self) -> Locator:
        """Where the reply is written."""
        return self.page.get_by_label(zh("Text of the reply"), exact=True)

    def complete_draft(self, words: str) -> str:
        """Write these words where the draft left a gap, or below it; the whole text as it stands then."""
        draft = self.reply_box().input_value()
        assert len(draft) > 20, "there is no draft"
        text = GAP.sub(words, draft) if GAP.search(draft) else f"{draft}{words}"
        self.fill("Text of the reply", text)
        return text
