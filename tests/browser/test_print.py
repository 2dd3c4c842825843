"""Pages on paper: what was said and counted is read in black on white; what can only be pressed is not printed."""

import pytest
from playwright.sync_api import Page

from tests.browser.looking import PALE, STICKS_OUT
from tests.browser.running import Desk, Visitors, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHEET = (703, 1032)  # pixels of an A4 page inside its margins of 12 and 14 mm
PAGES = {
    "queue": ("/", ".row-words"),
    "case": ("/?platform=taobao", ".review-text"),
    "dashboard": ("/figures/", ".figure-cards"),
    "import report": ("/imports/", "table.table td.num"),
    "record": ("/record/", "table.table td"),
}
# What only makes sense on a screen, as far as it still takes room on the sheet.
PRESSED = """() => [...document.querySelectorAll(
    ".bar, .banner, button, .btn, input, .actions, nav, dialog, summary, form.filters, .note-form, #close")]
  .filter((e) => e.getClientRects().length && !e.closest(".stages, details[open]"))
  .map((e) => e.outerHTML.slice(0, 90))"""
# Words that are not black, or nearly; grounds that are not white, but for the squares and bars of a chart.
COLOURED = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const wrong = [];
  for (const e of document.querySelectorAll("body, main *")) {
    if (!e.getClientRects().length || e.closest("svg, .chart, .legend, .stages")) continue;
    const ground = parse(getComputedStyle(e).backgroundColor);
    const clear = ground.length === 4 && ground[3] === 0;
    if (!clear && e.textContent.trim() && Math.min(...ground.slice(0, 3)) < 250) wrong.push("ground " + e.className);
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const [r, g, b] = parse(getComputedStyle(e).color);
    if (words && .3 * r + .59 * g + .11 * b > 110) wrong.push("pale " + e.tagName + "." + e.className);
  }
  return [...new Set(wrong)];
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter((e) => {
  if (!e.getClientRects().length || e.closest(".sr-only, svg, thead, select, textarea")) return false;
  const style = getComputedStyle(e);
  return style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
}).map((e) => e.tagName + "." + e.className)"""


def on_paper(page: Page, place: str) -> str:
    """Open one of the pages and lay it on a sheet; what must be readable on it."""
    address, words = PAGES[place]
    page.goto(address)
    if place in ("case", "import report"):
        page.locator("main [data-row], main table tbody th a").first.click()
        page.wait_for_selector(words)
    page.emulate_media(media="print")
    return words


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_on_paper_is_black_on_white_and_whole(
    demo_desk: Desk, visitors: Visitors, place: str, scheme: str
) -> None:
    """Also where the screen is dark: paper is not."""
    page = sign_in(demo_desk, visitors.come(demo_desk, size=SHEET, color_scheme=scheme), "de")
    words = on_paper(page, place)
    assert page.locator(words).first.is_visible()
    assert page.locator("h1").is_visible()
    looks = {"pressed": PRESSED, "coloured": COLOURED, "pale": PALE, "cut": CUT, "wide": STICKS_OUT}
    found = {name: page.evaluate(look) for name, look in looks.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_reply_and_the_stage_are_on_the_paper_too(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk, size=SHEET), "en")
    on_paper(page, "case")
    assert page.locator(".reply textarea, .reply .review-text").first.is_visible()
    assert page.locator(".stage-here").is_visible()


def test_a_chart_on_paper_is_the_light_one(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk, size=SHEET, color_scheme="dark"), "en")
    on_paper(page, "dashboard")
    page.wait_for_function("[...document.querySelectorAll('.chart img')].every((i) => !i.currentSrc.includes('dark'))")
