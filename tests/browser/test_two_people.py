"""Two people at two browsers, and one person with many cases: told at once, nothing overwritten, everything undone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running import Desk, Visitors, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "another-long-secret-9"
COLLEAGUE = """
import os
from wanhui.accounts.models import User
from wanhui.stores.models import Membership, Store
user, made = User.objects.get_or_create(username="kollege", defaults={"display_name": "老周", "language": "en"})
user.set_password(os.environ["SECRET"])
user.save()
for store in Store.objects.filter(kind="demo"):
    Membership.objects.get_or_create(store=store, user=user, defaults={"role": "lead"})
"""
PULSE = "window.htmx.trigger(document.getElementById('pulse'), 'pulse')"


@pytest.fixture
def mei(demo_desk: Desk, visitors: Visitors) -> Page:
    return sign_in(demo_desk, visitors.come(demo_desk), "en")


@pytest.fixture
def zhou(demo_desk: Desk, visitors: Visitors, mei: Page) -> Page:
    """A colleague, 老周, who leads in the same stores."""
    demo_desk.python(COLLEAGUE, SECRET=PASSWORD)
    page = visitors.come(demo_desk)
    page.goto("/login/")
    page.click("button[name=language][value='en']")
    page.fill("[name=username]", "kollege")
    page.fill("[name=password]", PASSWORD)
    page.click("form.panel button[type=submit]")
    page.wait_for_selector("main.page")
    return page


def told(page: Page, place: str, words: str) -> None:
    """The page is told this by one of its next pulses; they come every twenty seconds by themselves."""
    for _pulse in range(8):
        page.evaluate(PULSE)
        page.wait_for_timeout(500)
        if words in page.inner_text(place):
            return
    expect(page.locator(place)).to_contain_text(words)


def free_case(page: Page, place: int = 0) -> str:
    """The address of a case that nobody has."""
    page.goto("/?whose=nobody")
    return page.locator("[data-row]").nth(place).get_attribute("href") or ""


def test_a_colleagues_deed_is_told_in_the_queue_without_moving_a_row(mei: Page, zhou: Page) -> None:
    address = free_case(mei)
    mei.goto("/")
    rows = [row.get_attribute("href") for row in mei.locator("[data-row]").all()]
    at = mei.locator("[data-row]").nth(1).bounding_box()
    zhou.goto(address)
    zhou.click("#case button[data-key=a]")
    zhou.wait_for_selector("#messages .note")
    told(mei, "#came", "1 case changed")
    assert [row.get_attribute("href") for row in mei.locator("[data-row]").all()] == rows
    assert mei.locator("[data-row]").nth(1).bounding_box() == at
    mei.click("#came a")
    mei.wait_for_selector(".queue")
    assert mei.locator("#came a").count() == 0


def test_on_one_case_each_sees_the_other_and_what_they_did_before_sending(mei: Page, zhou: Page) -> None:
    address = free_case(mei)
    zhou.goto(address)
    mei.goto(address)
    mei.fill("[name=conclusion]", "尺码表已经改好。")
    told(mei, "#company", "老周 is looking at this case")
    told(zhou, "#company", "is writing on this case")
    zhou.click("#case button[data-key=a]")
    zhou.wait_for_selector("#messages .note")
    told(mei, "#company", "老周 is in charge")
    mei.click("#company a.note-soon")
    expect(mei.locator("#case select[name=person] option:checked")).to_have_text("老周")
    assert mei.input_value("[name=conclusion]") == "尺码表已经改好。"
    assert mei.locator("#company a").count() == 0


def test_the_second_of_two_is_told_who_was_faster_and_keeps_the_typed_words(mei: Page, zhou: Page) -> None:
    address = free_case(mei)
    mei.goto(address)
    zhou.goto(address)
    zhou.click("#case button[data-key=a]")
    zhou.wait_for_selector("#messages .note")
    mei.fill("[name=conclusion]", "已经补发，顾客满意。")
    mei.select_option("[name=outcome]", "satisfied")
    mei.click("#close button")
    expect(mei.locator("#messages")).to_contain_text("老周 is in charge")
    assert mei.input_value("[name=conclusion]") == "已经补发，顾客满意。"
    assert mei.locator("#case .chip-good").count() == 0


def test_ticking_taking_and_undoing_with_the_keys_alone(mei: Page) -> None:
    mei.goto("/?whose=nobody")
    boxes = mei.locator(".row-tick input")
    total = boxes.count()
    assert total >= 3
    for key in ("j", "x", "j", "j", "Shift+X"):
        mei.keyboard.press(key)
    expect(mei.locator(".bulk-count")).to_have_text("3 ticked")
    mei.keyboard.press("a")
    expect(mei.locator("#messages")).to_contain_text("3 cases are yours.")
    mei.wait_for_load_state()  # the keys are heard once the page's scripts are in
    assert mei.locator("[data-row]").count() == total - 3
    mei.keyboard.press("u")
    expect(mei.locator("#messages")).to_contain_text("Undone: 3 cases are as they were.")
    assert mei.locator("[data-row]").count() == total


def test_all_on_this_page_and_the_bar_of_verbs_comes_and_goes(mei: Page) -> None:
    mei.goto("/")
    expect(mei.locator("#bulk button[value=claim]")).to_be_hidden()
    mei.check("[data-tick-all]")
    assert mei.locator(".row-tick input:checked").count() == mei.locator(".row-tick input").count()
    expect(mei.locator("#bulk button[value=claim]")).to_be_visible()
    mei.click("[data-tick-none]")
    expect(mei.locator("#bulk button[value=claim]")).to_be_hidden()


def open_one_to_answer(page: Page) -> None:
    """A case whose reply can be written: not every platform takes one, and some replies wait for approval."""
    page.goto("/?platform=pdd")
    for address in [row.get_attribute("href") or "" for row in page.locator("[data-row]").all()]:
        page.goto(address)
        if page.locator("textarea[data-key=r]").count():
            return
    raise AssertionError("no reply is to be written anywhere")


def test_the_map_of_keys_shows_what_works_here_and_nothing_else(mei: Page) -> None:
    def shown() -> set[str]:
        mei.keyboard.press("?")
        expect(mei.locator("#keys")).to_be_visible()
        words = {line.inner_text().split("\n")[0] for line in mei.locator("#keys dt:visible").all()}
        mei.keyboard.press("Escape")
        expect(mei.locator("#keys")).to_be_hidden()
        return {re.sub(r"\s+", " ", word) for word in words}

    mei.goto("/")
    queue = shown()
    assert {"j k", "o", "x", "a", "?", "g q"} <= queue
    assert not {"r", "e", "n", "h"} & queue
    open_one_to_answer(mei)
    case = shown()
    assert {"j k", "r", "e", "n", "h", "?"} - case <= {"j k"}
    assert not {"x", "o"} & case
    mei.goto("/password/")
    assert not {"j k", "o", "x", "a", "r", "e"} & shown()


def test_keys_never_fire_while_a_word_is_being_composed_or_typed(mei: Page) -> None:
    mei.goto("/")
    mei.evaluate("""() => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: "?", bubbles: true, isComposing: true}))""")
    assert not mei.locator("#keys").is_visible()
    mei.locator("[data-row]").first.click()
    mei.click("#note")
    mei.keyboard.type("jokax?")
    assert mei.input_value("#note") == "jokax?"
    assert not mei.locator("#keys").is_visible()
    mei.fill("#note", "")


def test_two_keys_lead_to_a_place(mei: Page) -> None:
    mei.goto("/")
    mei.keyboard.press("g")
    mei.keyboard.press("c")
    mei.wait_for_url("**/cases/")


def test_many_cases_are_taken_and_given_back_without_a_script(demo_desk: Desk, visitors: Visitors) -> None:
    page = sign_in(demo_desk, visitors.come(demo_desk, script=False), "en")
    page.goto("/?whose=nobody")
    total = page.locator("[data-row]").count()
    page.locator(".row-tick input").nth(0).check()
    page.locator(".row-tick input").nth(1).check()
    page.click("#bulk button[value=claim]")
    assert "2 cases are yours." in page.inner_text("#messages")
    page.click("#messages .undo button")
    assert page.locator("[data-row]").count() == total


def test_a_view_is_kept_and_thrown_away(mei: Page) -> None:
    mei.goto("/?sort=oldest")
    mei.click(".views-line .menu > summary")
    mei.fill("#view-name", "Oldest")
    mei.click(".views-line .ask button")
    expect(mei.locator(".views [aria-current]")).to_contain_text("Oldest")
    mei.click(".views-line .menu > summary")
    mei.get_by_role("button", name="Delete the view").click()
    expect(mei.locator(".views")).not_to_contain_text("Oldest")
