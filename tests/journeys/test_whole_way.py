"""The main job as people live it: from a seller's own export file to a closed case with its outcome."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.running import Desk, Visitors
from tests.journeys import shops
from tests.journeys.hands import Hands
from tests.journeys.words import zh

pytestmark = [
    pytest.mark.browser, pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("browser"),
]  # fmt: skip

OWN_WORDS = "请您在订单里告诉我们方便的时间，我们好好跟您把这件事理清楚。"
CONCLUSION = "这一批固色不足：已给顾客换货并抽查同批次；以后到货先做水洗测试。"
COLUMNS = {
    "评价内容": "Text of the review", "评价星级": "Stars", "评价时间": "Date and time", "买家昵称": "Buyer's name",
    "追评内容": "Follow-up", "评价编号": "Number of the review", "商家回复": "Your reply",
    "规格": "Variant (colour, size …)",
}  # fmt: skip
REVIEWS = shops.rows()
BAD = [review for review in REVIEWS if review["评价星级"] in ("1", "2")]


def test_a_shopkeeper_goes_from_her_own_file_to_a_closed_case(
    desk: Desk, visitors: Visitors, tmp_path: Path
) -> None:
    page = visitors.come(desk, permissions=["clipboard-read", "clipboard-write"])
    mei = Hands(page)
    mei.sign_in(*desk.login())
    open_own_shop(mei)
    bring_in_reviews(mei, tmp_path / "评价导出.csv")
    look_at_queue(mei)
    mei.open_top_case()
    look_at_review(mei)
    answer(mei, visitors)
    put_right(mei)
    close_case(mei)
    look_at_figures(mei)
    look_at_record(mei)


def open_own_shop(mei: Hands) -> None:
    mei.follow("Start my own shop")
    mei.fill("Name of the shop", shops.SHOP)
    mei.choose("Platform", "淘宝")
    mei.press("Open the shop")
    mei.told("“%(name)s” is open. Now bring in its reviews.", name=shops.SHOP)


def bring_in_reviews(mei: Hands, file: Path) -> None:
    """Upload, look at what was recognised, try it dry, take it in; every row of the file is accounted for."""
    shops.write_export(file, REVIEWS, flaws=True)
    mei.attach("File", file)
    mei.press("Upload and check")
    for column, meaning in COLUMNS.items():
        expect(mei.page.get_by_label(column, exact=True).locator("option:checked")).to_have_text(zh(meaning))
    mei.sees(BAD[0]["评价内容"][:20])
    mei.press("Dry run: only the report")
    expect(mei.page.get_by_role("heading", level=1)).to_have_text(zh("Report of the dry run"))
    adds_up(mei)
    mei.press("Import for real")
    expect(mei.page.get_by_role("heading", level=1)).to_have_text(zh("Report of the import"))
    adds_up(mei)
    mei.follow("To the queue")


def adds_up(mei: Hands) -> None:
    parts = [int(mei.number(row)) for row in ("New reviews", "Changed or continued", "Known already", "Not taken")]
    assert parts == [len(REVIEWS), 0, 1, 1]
    assert int(mei.number("Rows in the file")) == sum(parts)


def look_at_queue(mei: Hands) -> None:
    """The bad ones wait there, the most urgent first, nothing else."""
    rows = mei.page.get_by_role("list", name=zh("Open cases, the most urgent first")).locator("> li")
    until = time.monotonic() + 30
    while rows.count() < len(BAD) and time.monotonic() < until:
        time.sleep(0.3)  # the worker is still judging
        mei.page.goto("/")
    texts = rows.all_inner_texts()
    assert len(texts) == len(BAD)
    for review in BAD:
        assert sum(review["评价内容"][:12] in text for text in texts) == 1
    order = [zh(word) for word in ("Now", "Today", "Later")]
    reasons = rows.locator(".row-why").all_inner_texts()
    ranks = [next(rank for rank, word in enumerate(order) if text.startswith(word)) for text in reasons]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]


def look_at_review(mei: Hands) -> None:
    """The words that speak for the verdict are marked, and they are the customer's own."""
    said = mei.part("Review").locator(".review-text").first.inner_text()
    review = next(review for review in BAD if review["评价内容"] == said)
    assert review["评价星级"] == "1"
    marks = mei.part("Review").locator("mark").all_inner_texts()
    assert marks
    assert all(mark in said for mark in marks)


def answer(mei: Hands, visitors: Visitors) -> None:
    """Complete the draft, approve it (she is the only one who may), copy it, and say that it stands there."""
    text = mei.complete_draft(OWN_WORDS)
    mei.sees(zh("Saved."))
    mei.sees(zh("Nothing against it."))
    mei.press("Approve")
    mei.told("Approved. Copy it, paste it on the platform, then record it as sent.")
    with mei.page.expect_popup() as opened:
        mei.press("Copy and open %(platform)s", platform="淘宝")
    assert opened.value.url.startswith("https://myseller.taobao.com/")
    opened.value.close()
    assert mei.page.evaluate("navigator.clipboard.readText()") == text
    mei.press("Record as sent")
    expect(mei.part("Public reply")).to_contain_text(text)
    expect(mei.page.locator("#case")).to_contain_text(zh("answered in time"))
    assert visitors.went


def put_right(mei: Hands) -> None:
    """Plan a measure and carry it out; log the contact with the customer."""
    with mei.inside("Measures"):
        mei.unfold("Nothing planned yet. Plan a measure")
        mei.fill("What will be done", "给顾客换一件，抽查同批次十件")
        mei.choose("By whom", "梅")
        mei.press("Plan it")
        mei.told("The measure is planned.")
        mei.press("Carried out")
        mei.told("Carried out. Thank you.")
    with mei.inside("Contacts with the customer"):
        mei.unfold("No contact yet. Log one")
        mei.choose("How", zh("Platform chat"))
        mei.choose("Result", zh("Reached"))
        mei.fill("What was said", "同意换货，明天寄回")
        mei.press("Log it")
        mei.told("The contact is in the log.")


def close_case(mei: Hands) -> None:
    """Nothing closes without an outcome and a conclusion."""
    with mei.inside("Sum up and close"):
        mei.choose("Outcome", zh("Satisfied, review unchanged"))
        mei.fill("Conclusion", CONCLUSION)
        mei.press("Close the case")
    mei.told("The case is closed. Its conclusion stays here to be found again.")
    expect(mei.part("How it ended")).to_contain_text(CONCLUSION)
    mei.follow("Cases")
    mei.sees(zh("Satisfied, review unchanged"))


def look_at_figures(mei: Hands) -> None:
    """What the page says is what can be counted in the file and in what was just done; a click shows the rows."""
    mei.follow("Dashboard")
    for _look in range(40):  # a worker counts what changed, a few seconds later
        if "100.0%" in card(mei, "Won back").inner_text():
            break
        mei.page.wait_for_timeout(1000)
        mei.page.goto("/figures/")
    shown = {title: card(mei, title).locator(".figure-value").inner_text() for title in
             ("Bad reviews", "Answered in 24 h", "Won back", "Open cases")}
    assert shown == {
        "Bad reviews": f"{100 * len(BAD) / len(REVIEWS):.1f}%", "Answered in 24 h": "100.0%", "Won back": "100.0%",
        "Open cases": str(len(BAD) - 1),
    }  # fmt: skip
    told = card(mei, "Bad reviews").inner_text()
    assert str(len(BAD)) in told
    assert str(len(REVIEWS)) in told
    card(mei, "Bad reviews").get_by_role("link", name=str(len(BAD)), exact=True).click()
    assert mei.page.locator("[data-row]").count() == len(BAD)


def card(mei: Hands, title: str) -> Locator:
    """One figure of the dashboard with what it says about itself."""
    head = mei.page.locator("dt").get_by_text(zh(title), exact=True)
    return mei.page.locator(".figure-card").filter(has=head)


def look_at_record(mei: Hands) -> None:
    """Every deed of this journey stands there; nothing a customer said does."""
    mei.unfold("More")
    mei.follow("Record")
    said = mei.page.locator("main").inner_text()
    for deed in ("Store opened", "File received", "Import confirmed", "Reviews brought in", "Case opened",
                 "Reply approved", "Reply recorded as sent", "Measure planned", "Measure carried out",
                 "Contact logged", "Case closed"):
        assert zh(deed) in said, deed
    assert not [review for review in REVIEWS if review["评价内容"][:10] in said]
    assert CONCLUSION not in said


def test_from_signing_in_to_a_recorded_reply_takes_at_most_eight_deeds(shop: Desk, visitors: Visitors) -> None:
    """Fields and clicks, with the words of the reply completed by hand and the text copied to the platform."""
    page = visitors.come(shop, permissions=["clipboard-read", "clipboard-write"])
    mei = Hands(page)
    mei.sign_in(*shop.login())
    mei.open_top_case()
    answer(mei, visitors)
    assert mei.deeds <= 8


def test_a_team_writes_approves_and_sends_with_four_eyes(shop: Desk, visitors: Visitors) -> None:
    owner = Hands(visitors.come(shop))
    owner.sign_in(*shop.login())
    li = Hands(visitors.come(shop, permissions=["clipboard-read", "clipboard-write"]))
    li.sign_in("li", add_colleague(owner, "li", "小李", "Agent"))
    wang = Hands(visitors.come(shop))
    wang.sign_in("wang", add_colleague(owner, "wang", "老王", "Lead"))

    li.open_top_case()
    wang.open_top_case()
    assert li.page.url == wang.page.url
    li.press("Take it")
    li.told("The case is yours.")
    wang.press("Take it")
    expect(wang.page.locator("#messages")).to_contain_text("小李")
    expect(wang.page.get_by_label(zh("In charge")).locator("option:checked")).to_have_text("小李")

    text = li.complete_draft(OWN_WORDS)
    expect(li.page.get_by_role("button", name=zh("Approve"), exact=True)).to_have_count(0)
    li.press("Ask for approval")
    li.told("Handed over for approval.")
    approve_what_was_read(li, wang)
    send(li, text + "给您添麻烦了。", visitors)


def approve_what_was_read(li: Hands, wang: Hands) -> None:
    """The lead reads one text; the agent changes it; only what the lead has read can be approved."""
    wang.page.reload()
    expect(wang.part("Public reply")).to_contain_text(zh("Waiting for approval"))
    li.press("Change it again")
    li.told("It is a draft again.")
    li.fill("Text of the reply", li.reply_box().input_value() + "给您添麻烦了。")
    li.press("Ask for approval")
    li.told("Handed over for approval.")
    wang.press("Approve")
    wang.told("The text has changed since you looked. Read it again, then approve it.")
    expect(wang.part("Public reply")).to_contain_text("给您添麻烦了。")
    wang.press("Approve")
    wang.told("Approved. Copy it, paste it on the platform, then record it as sent.")


def send(li: Hands, text: str, visitors: Visitors) -> None:
    li.page.reload()
    with li.page.expect_popup() as opened:
        li.press("Copy and open %(platform)s", platform="淘宝")
    opened.value.close()
    assert li.page.evaluate("navigator.clipboard.readText()") == text
    li.press("Record as sent")
    expect(li.page.locator("#case")).to_contain_text(zh("answered in time"))
    expect(li.part("Public reply")).to_contain_text("小李")


def add_colleague(owner: Hands, name: str, shown: str, role: str) -> str:
    """The owner adds a person to the shop; the first password, which the page shows once."""
    owner.unfold("More")
    owner.follow("Stores")
    owner.page.get_by_role("link", name=shops.SHOP).click()
    with owner.inside("People"):
        owner.unfold("Add a person here and now")
        owner.fill("Name to sign in with", name)
        owner.fill("Name colleagues see", shown)
        owner.choose("Role", zh(role))
        owner.press("Add")
    password = owner.page.locator("#first-password").inner_text()
    owner.page.reload()
    expect(owner.page.locator("#first-password")).to_have_count(0)
    return password


def test_without_javascript_a_case_can_be_answered_and_closed(shop: Desk, visitors: Visitors) -> None:
    page: Page = visitors.come(shop, script=False)
    mei = Hands(page)
    mei.sign_in(*shop.login())
    mei.open_top_case()
    text = mei.complete_draft(OWN_WORDS)
    mei.press("Save draft")
    mei.told("Saved as a draft.")
    mei.press("Approve")
    mei.told("Approved. Copy it, paste it on the platform, then record it as sent.")
    expect(mei.part("Public reply")).to_contain_text(text)
    mei.press("Record as sent")
    mei.told("Recorded as sent. The reply clock has stopped.")
    expect(page.locator("#case")).to_contain_text(zh("answered in time"))
    expect(page.get_by_label(zh("In charge")).locator("option:checked")).to_have_text("梅")
    put_right(mei)
    close_case(mei)
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh"))
