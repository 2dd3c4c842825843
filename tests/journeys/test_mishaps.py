"""What goes wrong in the middle of a sentence: the desk says so, and the sentence is still there."""

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.running import Desk, Visitors
from tests.journeys.hands import Hands
from tests.journeys.words import zh

pytestmark = [
    pytest.mark.browser, pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("browser"),
]  # fmt: skip

OWN_WORDS = "您好，掉色是我们没做好，请您把照片发给旺旺客服，我们好好跟您处理。"


def begin_reply(shop: Desk, visitors: Visitors) -> Hands:
    """Somebody at the top case, with words of their own in the box that are saved already."""
    mei = Hands(visitors.come(shop))
    mei.sign_in(*shop.login())
    mei.open_top_case()
    mei.fill("Text of the reply", OWN_WORDS)
    mei.sees(zh("Saved."))
    return mei


def still_there(mei: Hands, words: str) -> None:
    expect(mei.reply_box()).to_have_value(words)


def test_signing_out_elsewhere_does_not_cost_the_words_in_the_box(shop: Desk, visitors: Visitors) -> None:
    mei = begin_reply(shop, visitors)
    sign_out_in_another_tab(mei.page)
    visitors.expected.append("401")
    mei.fill("Text of the reply", OWN_WORDS + "谢谢。")
    mei.told("You were signed out; nothing was saved. Your words are still here: copy them, sign in again, "
             "and paste them.")
    mei.press("Approve")
    still_there(mei, OWN_WORDS + "谢谢。")
    expect(mei.page.get_by_label(zh("Password"), exact=True)).to_have_count(0)


def sign_out_in_another_tab(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/")
    other.locator("summary").filter(has_text=zh("Your account")).click()
    other.get_by_role("button", name=zh("Sign out"), exact=True).click()
    expect(other.get_by_role("button", name=zh("Sign in"), exact=True)).to_be_visible()
    other.close()


def test_signing_in_anew_elsewhere_makes_the_old_page_say_that_it_is_too_old(
    shop: Desk, visitors: Visitors
) -> None:
    mei = begin_reply(shop, visitors)
    sign_out_in_another_tab(mei.page)
    again = Hands(mei.page.context.new_page())
    again.sign_in(*shop.login())
    expect(again.page.get_by_role("heading", name=zh("Queue"))).to_be_visible()
    visitors.expected.append("403")
    mei.press("Approve")
    mei.told("This page was open too long; nothing was saved. Your words are still here: copy them, reload the page, "
             "and paste them.")
    still_there(mei, OWN_WORDS)
    mei.page.reload()
    mei.press("Approve")
    mei.told("Approved. Copy it, paste it on the platform, then record it as sent.")


def test_a_desk_that_has_stopped_is_said_and_the_words_stay(shop: Desk, visitors: Visitors) -> None:
    mei = begin_reply(shop, visitors)
    shop.stop()
    visitors.expected += ["ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "htmx:"]
    mei.press("Approve")
    mei.told("Nothing was saved: the desk does not answer. Your words are still here. Try again in a moment.")
    still_there(mei, OWN_WORDS)


def test_the_clock_is_right_even_when_two_verbs_follow_each_other_faster_than_the_page(
    shop: Desk, visitors: Visitors
) -> None:
    mei = begin_reply(shop, visitors)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    mei.page.route("**/cases/*/", hold, times=1)
    mei.press("Approve")
    while not held:
        mei.page.wait_for_timeout(50)
    mei.press("Record as sent")
    mei.told("Recorded as sent. The reply clock has stopped.")
    (route, outdated), = held
    route.fulfill(response=outdated)
    expect(mei.page.locator("#case")).to_contain_text(zh("answered in time"))
