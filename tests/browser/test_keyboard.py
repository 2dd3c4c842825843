"""The whole desk by keys alone: every step is reached, seen, and left again; the mouse stays where it is."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running import Desk, Visitors, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST = 120  # steps with the tab key until something counts as out of reach
# Where the focus is, whether it can be seen there, and whether it is on the screen at all.
FOCUS = """(wanted) => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  // A row of a list is outlined as a whole: by what comes after its link, which fills it.
  const drawn = [getComputedStyle(e), getComputedStyle(e, "::after")];
  return {
    there: e.matches(wanted),
    nowhere: e === document.body,
    seen: drawn.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || e.matches("main"),
    onscreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    what: e.outerHTML.slice(0, 120),
  };
}"""


def reach(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press the tab key until the focus is on what is wanted; at every step it can be seen."""
    for _step in range(MOST):
        page.keyboard.press(key)
        focus = _focus(page, wanted)
        if focus["there"]:
            return
    raise AssertionError(f"{wanted} is out of reach; the last was {focus['what']}")


def _focus(page: Page, wanted: str) -> dict[str, Any]:
    """Where the focus is. A busy machine may paint a moment after the key, hence a second look, and a third."""
    for wait in (50, 500, 0):
        focus: dict[str, Any] = page.evaluate(FOCUS, wanted)
        if focus["nowhere"] or (focus["seen"] and focus["onscreen"]):
            return focus
        page.wait_for_timeout(wait)
    raise AssertionError(f"the focus is not seen: {focus}")


def focused(page: Page, wanted: str) -> bool:
    return bool(page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted))


def test_a_day_by_keys_alone(demo_desk: Desk, visitors: Visitors) -> None:
    """Sign in, take a case, answer, ask for approval, note, change the language, sign out."""
    page = visitors.come(demo_desk)
    _sign_in(page, demo_desk)
    _take_a_case(page)
    _answer(page)
    _note(page)
    page.keyboard.press("Escape")
    reach(page, "button[name=language][value=en]")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=en]")
    reach(page, ".bar-end .menu > summary")
    page.keyboard.press("Enter")
    reach(page, "form[action='/logout/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/**")


def _sign_in(page: Page, desk: Desk) -> None:
    name, password = desk.login()
    page.goto("/login/")
    reach(page, "[name=username]")
    page.keyboard.type(name)
    reach(page, "[name=password]")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_selector("main.page")


def _take_a_case(page: Page) -> None:
    page.goto("/?platform=pdd&whose=nobody")
    reach(page, ".skip")
    page.keyboard.press("Enter")
    assert focused(page, "#main")
    reach(page, "main [data-row]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#case")
    reach(page, "#case button[data-key=a]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages .note")
    expect(page.locator("#case button[data-key=a]")).to_have_count(0)
    page.keyboard.press("Tab")
    assert not focused(page, ".skip"), "after a verb the way goes on from where it was done"


def _answer(page: Page) -> None:
    reach(page, "textarea[data-key=r]")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("您好，前台没有说清楚，是我们的不对。今晚值班经理会当面向您说明。")
    reach(page, "button[name=action][value=request]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".reply .panel-head .chip")
    assert page.locator(".reply button[name=action][value=request]").count() == 0


def _note(page: Page) -> None:
    page.keyboard.press("n")
    assert focused(page, "#note")
    page.keyboard.type("值班经理今晚去找客人。")
    reach(page, ".note-form button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".log-text:has-text('值班经理今晚去找客人。')")


def test_menus_and_the_map_of_keys_close_with_escape_and_give_the_focus_back(
    demo_desk: Desk, visitors: Visitors
) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    for menu in (".nav-more", ".bar-end .menu"):
        reach(page, f"{menu} > summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert focused(page, f"{menu}[open] .menu-body *")
        page.keyboard.press("Escape")
        assert page.locator(f"{menu}[open]").count() == 0
        assert focused(page, f"{menu} > summary")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert focused(page, "#keys *")
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    assert focused(page, ".bar-end .menu > summary")


def test_a_menu_that_is_left_with_the_tab_key_closes(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    reach(page, ".nav-more > summary")
    page.keyboard.press("Enter")
    reach(page, ".bar-search input")
    assert page.locator(".nav-more[open]").count() == 0


def test_a_slash_searches_from_any_page(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/stores/")
    page.keyboard.press("/")
    page.keyboard.type("Schrauben")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    reach(page, ".found [data-row]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".review-text mark, .review-text")


def test_a_filter_waits_until_the_arrow_keys_have_chosen(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/reviews/")
    reach(page, "select[name=store]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.input_value("select[name=store]")
    assert "store=" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url(f"**store={chosen}**")


@pytest.mark.parametrize("address", ["/", "/reviews/", "/figures/", "/imports/", "case"])
def test_no_page_keeps_the_focus(demo_desk: Desk, visitors: Visitors, address: str) -> None:
    """With the tab key one comes past everything and out at the end, forwards and backwards."""
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    if address == "case":
        address = page.locator("[data-row]").first.get_attribute("href") or ""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach((fold) => { fold.open = true; })")
    stops = page.evaluate("document.querySelectorAll('a[href], button, input, select, textarea, summary').length")
    page.keyboard.press("Tab")
    for key in ("Tab", "Shift+Tab"):
        for _step in range(stops + 5):
            page.keyboard.press(key)
            if page.evaluate("document.activeElement.matches('body, .skip')"):
                break
        else:
            raise AssertionError(f"{key} never leaves {address}")
