"""The desk in a real browser: verbs in place, words that stay, a page without a script."""

import pytest

from tests.browser.running import Desk, Visitors, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
