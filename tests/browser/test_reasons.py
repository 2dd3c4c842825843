"""Why a cause was found, in a real browser: lit from the cause, without a script; and a recipe's finds while typing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.running import Desk, Visitors, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIT = "mark => getComputedStyle(mark).boxShadow !== 'none'"


def test_moving_to_a_cause_lights_its_words_and_no_others(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk))
    page.goto(f"{demo_desk.url}/reviews/?mood=bad")
    page.locator("a.row-open").first.click()
    said = page.locator("article.said").first
    marks, chip = said.locator("mark[data-places]"), said.locator("[data-place='1']")
    assert marks.count()
    assert not any(mark.evaluate(LIT) for mark in marks.all())
    chip.focus()
    for mark in marks.all():
        expected = "1" in (mark.get_attribute("data-places") or "").split()
        assert mark.evaluate(LIT) == expected
    assert said.locator("[data-place='1'] .sr-only").inner_text()


def test_numbers_are_drawn_beside_the_words_and_not_into_them(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk))
    page.goto(f"{demo_desk.url}/reviews/?mood=bad")
    page.locator("a.row-open").first.click()
    mark = page.locator("mark[data-ends]:not([data-ends=''])").first
    drawn = mark.evaluate("mark => getComputedStyle(mark, '::after').content")
    assert re.fullmatch(r'"[\d ]+"|attr\(data-ends\)', drawn)
    assert not re.search(r"\d$", mark.evaluate("mark => mark.textContent"))


def test_the_finds_of_a_recipe_follow_the_typing(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk))
    page.goto(f"{demo_desk.url}/stores/3/causes/add/")
    assert page.locator("#own-preview mark").count() == 0
    page.locator("textarea[name=words]").type("工地")
    expect(page.locator("#own-preview mark").first).to_have_text("工地")
