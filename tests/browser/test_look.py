"""Every page in a real browser: nothing sticks out, nothing complains, everything has a name and can be read."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.each import BESIDE, one_of_each
from tests.browser.running import OFFICE, Desk, Visitors
from tests.safety.pages import patterns

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW = (360, 780)
# Addresses without a link to them, or whose answer is no page of the desk, each with its reason.
NO_PAGE = {
    "pulse/": "numbers for the page that asks every twenty seconds",
    "login/": "only for who is not signed in; looked at by itself",
}
# What sticks out of the window, by name: a page that scrolls sideways is broken on a phone.
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .map((e) => e.tagName + "." + e.className).slice(0, 5);
}"""
NAMELESS = """() => {
  const words = (e) => e.ariaLabel || e.getAttribute("aria-labelledby") || e.textContent.trim() || e.title;
  const named = (e) => words(e) || [...(e.labels || [])].some((label) => label.textContent.trim());
  return [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, summary, a[href]")]
    .filter((e) => e.getClientRects().length && !named(e)).map((e) => e.outerHTML.slice(0, 120));
}"""
# WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large words.
PALE = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
      .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.getClientRects().length) continue;
    if (e.closest(".off, .sr-only, option")) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const [a, b] = [light(parse(style.color)), light(behind(e))].sort((x, y) => y - x);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const ratio = (a + .05) / (b + .05);
    if (ratio < needed) found.push(ratio.toFixed(2) + " " + e.tagName + "." + e.className);
  }
  return [...new Set(found)];
}"""


def sign_in(desk: Desk, page: Page, language: str = "zh-hans") -> Page:
    """The first person, in this language."""
    name, password = desk.login()
    page.goto("/login/")
    page.click(f"button[name=language][value='{language}']")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("form.panel button[type=submit]")
    page.wait_for_selector("main.page")
    return page


def addresses(page: Page) -> list[str]:
    """One page of every kind, and those that show nothing."""
    return [*one_of_each(page.request).values(), *BESIDE]


def test_links_lead_to_every_page(demo_desk: Desk, visitors: Visitors) -> None:
    """What no link reaches is either forgotten, or named above with its reason."""
    page = sign_in(demo_desk, visitors.come(demo_desk))
    found = one_of_each(page.request)
    plain = [route for route, _pattern in patterns() if "<" not in route and not route.startswith("api/")]
    answers = {route: page.request.get(f"/{route}", max_redirects=0) for route in plain if route not in found}
    pages = {r for r, a in answers.items() if a.ok and a.headers.get("content-type", "").startswith("text/html")}
    assert pages - set(NO_PAGE) == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(demo_desk: Desk, visitors: Visitors, scheme: str) -> None:
    """Names, roles, contrast, order: the rules of WCAG 2.2 AA as axe-core checks them, with every fold open."""
    visitors.expected.append("404")
    page = visitors.come(demo_desk, color_scheme=scheme)
    page.goto("/login/")
    assert _serious(page) == []
    sign_in(demo_desk, page)
    found = {}
    for address in addresses(page):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        found[address] = _serious(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def _serious(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in answer["violations"] if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]  # fmt: skip


@pytest.mark.parametrize("size", [OFFICE, NARROW], ids=["office", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "de", "en"])
def test_no_page_scrolls_sideways_or_complains(
    demo_desk: Desk, visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    visitors.expected.append("404")
    page = visitors.come(demo_desk, size=size)
    page.goto("/login/")
    assert page.evaluate(STICKS_OUT) == []
    sign_in(demo_desk, page, language)
    for address in addresses(page):
        page.goto(address)
        assert page.evaluate(STICKS_OUT) == [], address
        page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert page.evaluate(STICKS_OUT) == [], f"{address} with everything opened"


def test_everything_one_can_use_has_a_name(demo_desk: Desk, visitors: Visitors) -> None:
    visitors.expected.append("404")
    page = sign_in(demo_desk, visitors.come(demo_desk))
    for address in addresses(page):
        page.goto(address)
        assert page.evaluate(NAMELESS) == [], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(demo_desk: Desk, visitors: Visitors, scheme: str) -> None:
    visitors.expected.append("404")
    page = sign_in(demo_desk, visitors.come(demo_desk, color_scheme=scheme))
    for address in addresses(page):
        page.goto(address)
        assert page.evaluate(PALE) == [], address


def test_the_keys_lead_through_the_queue(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    rows = [row.get_attribute("href") for row in page.locator("[data-row]").all()]
    for key in "jjkj":
        page.keyboard.press(key)
    page.keyboard.press("o")
    page.wait_for_url(f"**{rows[1]}")
    page.keyboard.press("j")
    page.wait_for_url(f"**{rows[2]}")
    page.keyboard.press("k")
    page.wait_for_url(f"**{rows[1]}")
    page.keyboard.press("e")
    assert page.locator("details.correct[open]").count() == 1
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_a_verb_changes_the_page_in_place_and_says_what_happened(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/?platform=taobao&whose=nobody")
    page.locator("[data-row]").first.click()
    page.wait_for_selector("#note")
    page.evaluate("window.stayed = true")
    page.fill("textarea[data-key=r]", "还没写完的一句")
    page.fill("#note", "仓库说今天补发。")
    page.click(".note-form button")
    page.wait_for_selector("#messages .note")
    assert page.inner_text("#messages") == "Noted."
    assert "仓库说今天补发。" in page.inner_text("#log-lines")
    assert page.evaluate("window.stayed") is True
    assert page.input_value("textarea[data-key=r]") == "还没写完的一句"


def test_words_typed_elsewhere_on_the_page_outlive_a_verb(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/?platform=pdd&whose=nobody")
    page.locator("[data-row]").last.click()
    page.fill("[name=conclusion]", "打包清单加一行核对。")
    page.click("#case button[data-key=a]")
    page.wait_for_selector("#messages .note")
    page.fill("#note", "已认领。")
    page.click(".note-form button")
    page.wait_for_selector(".log-text:has-text('已认领。')")
    assert page.input_value("[name=conclusion]") == "打包清单加一行核对。"
    page.select_option("[name=outcome]", "void")
    page.click("#close button")
    page.wait_for_selector("#case .chip-good")
    assert "The case is closed." in page.inner_text("#messages")


def test_leaving_with_typed_words_is_asked_about_and_leaving_after_sending_them_is_not(
    demo_desk: Desk, visitors: Visitors
) -> None:
    asked: list[str] = []
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/?platform=pdd")
    page.locator("[data-row]").first.click()
    page.click("#note")
    page.keyboard.type("写到一半")
    page.click(".brand")
    page.wait_for_url("**/")
    assert asked == ["beforeunload"]
    page.locator("[data-row]").first.click()
    page.click("#note")
    page.keyboard.type("写完了")
    page.click(".note-form button")
    page.wait_for_selector("#messages .note")
    page.click(".brand")
    page.wait_for_url("**/")
    assert asked == ["beforeunload"]


def test_the_desk_works_without_a_script(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk, script=False), "en")
    page.select_option("select[name=whose]", "nobody")
    page.click(".filters button")
    page.wait_for_url("**whose=nobody**")
    page.locator("[data-row]").last.click()
    page.fill("#note", "没有脚本也能写。")
    page.click(".note-form button")
    page.wait_for_selector(".log-text:has-text('没有脚本也能写。')")
    assert page.inner_text("#messages") == "Noted."
