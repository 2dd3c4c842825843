"""Every page in a real browser: nothing sticks out, nothing complains, everything has a name and can be read."""

import pytest
from playwright.sync_api import Page

from tests.browser.each import BESIDE, one_of_each
from tests.browser.looking import NAMELESS, OPEN_ALL, OPEN_FOLDS, OUTLINE, PALE, STICKS_OUT, serious
from tests.browser.running import NARROW, OFFICE, Desk, Visitors, sign_in
from tests.safety.pages import patterns

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Addresses without a link to them, or whose answer is no page of the desk, each with its reason.
NO_PAGE = {
    "pulse/": "numbers for the page that asks every twenty seconds",
    "login/": "only for who is not signed in; looked at by itself",
    "password/forgotten/": "only for who is not signed in; looked at by itself",
}
OUTSIDE = ("/login/", "/password/forgotten/")
_routes: dict[str, dict[str, str]] = {}


def routes(desk: Desk, page: Page) -> dict[str, str]:
    """One page of every kind by its route. Walked once a desk: the walk reads every page."""
    if desk.url not in _routes:
        _routes[desk.url] = one_of_each(page.request)
    return _routes[desk.url]


def addresses(desk: Desk, page: Page) -> list[str]:
    """One page of every kind, and those that show nothing."""
    return [*routes(desk, page).values(), *BESIDE]


def test_links_lead_to_every_page(demo_desk: Desk, visitors: Visitors) -> None:
    """What no link reaches is either forgotten, or named above with its reason."""
    page = sign_in(demo_desk, visitors.come(demo_desk))
    found = routes(demo_desk, page)
    plain = [route for route, _pattern in patterns() if "<" not in route and not route.startswith("api/")]
    answers = {route: page.request.get(f"/{route}", max_redirects=0) for route in plain if route not in found}
    pages = {r for r, a in answers.items() if a.ok and a.headers.get("content-type", "").startswith("text/html")}
    assert pages - set(NO_PAGE) == set()


def test_axe_finds_nothing_serious_on_any_page_in_light_or_dark(demo_desk: Desk, visitors: Visitors) -> None:
    """Names, roles, contrast, order, sizes: the rules of WCAG 2.2 AA as axe-core checks them, with the folds open."""
    visitors.expected.append("404")
    page = visitors.come(demo_desk)
    found = {address: _by_axe(page, address) for address in OUTSIDE}
    sign_in(demo_desk, page)
    found |= {address: _by_axe(page, address) for address in addresses(demo_desk, page)}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def _by_axe(page: Page, address: str) -> list[str]:
    """In light by every rule; in dark by those that colours decide."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.evaluate(OPEN_FOLDS)
    light = serious(page)
    page.emulate_media(color_scheme="dark")
    return light + serious(page, "color-contrast")


@pytest.mark.parametrize("menu", [".nav-more", ".bar-end .menu", ".filter-days"])
def test_axe_finds_nothing_serious_in_an_open_menu(demo_desk: Desk, visitors: Visitors, menu: str) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk))
    page.goto("/reviews/")
    page.click(f"{menu} > summary")
    # An open menu covers a part of what lies below it; the next click closes it, so no target is too small for that.
    assert [wrong for wrong in serious(page) if not wrong.startswith("target-size")] == []


@pytest.mark.parametrize("language", ["zh-hans", "de", "en"])
def test_no_page_scrolls_sideways_or_complains(demo_desk: Desk, visitors: Visitors, language: str) -> None:
    """In an office's width and a phone's, with every fold and menu open too."""
    visitors.expected.append("404")
    page = visitors.come(demo_desk)
    found = {address: _wide(page, address) for address in OUTSIDE}
    sign_in(demo_desk, page, language)
    found |= {address: _wide(page, address) for address in addresses(demo_desk, page)}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def _wide(page: Page, address: str) -> list[str]:
    """What sticks out as the page comes on a phone, and with everything open on both."""
    wrong = []
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    page.goto(address)
    wrong += page.evaluate(STICKS_OUT)
    page.evaluate(OPEN_ALL)
    wrong += page.evaluate(STICKS_OUT)
    page.set_viewport_size({"width": OFFICE[0], "height": OFFICE[1]})
    return [*wrong, *page.evaluate(STICKS_OUT)]


def test_every_page_can_be_read_and_walked(demo_desk: Desk, visitors: Visitors) -> None:
    """By eyes in light and dark, and by who hears it: names, one heading of the page, none skipped, heads of tables."""
    visitors.expected.append("404")
    page = visitors.come(demo_desk)
    found = {address: _unreadable(page, address) for address in OUTSIDE}
    sign_in(demo_desk, page)
    found |= {address: _unreadable(page, address) for address in addresses(demo_desk, page)}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def _unreadable(page: Page, address: str) -> list[str]:
    page.emulate_media(color_scheme="light")
    page.goto(address)
    wrong = [*page.evaluate(NAMELESS), *page.evaluate(OUTLINE), *page.evaluate(PALE)]
    page.emulate_media(color_scheme="dark")
    return [*wrong, *(f"in the dark: {pale}" for pale in page.evaluate(PALE))]


def test_words_in_another_language_say_so(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/reviews/")
    told = set(page.locator(".row-words [lang]").evaluate_all("(all) => all.map((each) => each.lang)"))
    assert {"zh-Hans", "de"} <= told
    page.locator(".row-open:has([lang=de])").first.click()
    assert page.get_attribute(".review-text", "lang") == "de"


def test_what_is_wrong_with_a_field_is_told_with_the_field(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk), "en")
    page.goto("/stores/start/")
    page.evaluate("document.querySelector('form.panel').noValidate = true")
    page.click("form.panel .btn-primary")
    field = page.locator("[name=name]")
    assert field.get_attribute("aria-invalid") == "true"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert any(page.locator(f"#{one}").inner_text().strip() for one in described)
