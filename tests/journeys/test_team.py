"""A team of five moves in: owner, lead, two agents and a viewer, each at a browser of their own, through one day."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.running import Desk, Visitors
from tests.journeys import shops
from tests.journeys.hands import Hands
from tests.journeys.words import zh

pytestmark = [
    pytest.mark.browser, pytest.mark.processes, pytest.mark.slow, pytest.mark.xdist_group("browser"),
]  # fmt: skip

PASSWORD = "三个好记的词-云朵-茶壶"
PLACES = {"wang": ("老王", "Lead"), "li": ("小李", "Agent"), "zhang": ("小张", "Agent"), "ning": ("阿宁", "Viewer")}
WHY = "顾客是老客，先打电话再回评价"
OWN_WORDS = "我们已经登记，今天之内由小李跟您把这件事办好。"
CONCLUSION = "发货前没有核对清单：已补发，并在打包台贴了清单。"


@dataclass
class Team:
    """The five at their browsers."""

    mei: Hands
    wang: Hands
    li: Hands
    zhang: Hands
    ning: Hands


def test_a_team_of_five_moves_in_and_goes_through_its_day(shop: Desk, visitors: Visitors) -> None:
    visitors.expected.append("410")  # a link opened a second time
    mei = Hands(visitors.come(shop))
    mei.sign_in(*shop.login())
    links = invite(mei)
    joined = {name: join(visitors.come(shop), links[role].pop(), name, shown) for name, (shown, role) in PLACES.items()}
    team = Team(mei, **joined)
    lead_hands_out(team.wang)
    address = agent_takes_over_and_writes(team.li)
    colleague_is_told(team.zhang, address)
    lead_gives_back_then_approves(team, address)
    agent_records_and_closes(team.li, address)
    viewer_looks_on(team.ning, address)
    owner_looks_back(team.mei)
    somebody_leaves(team)


def invite(mei: Hands) -> dict[str, list[str]]:
    """One link for each place, by its role; each is to be passed on."""
    mei.page.goto("/stores/")
    mei.follow(shops.SHOP)
    links: dict[str, list[str]] = {}
    for _shown, role in PLACES.values():
        before = set(_links(mei.page))
        with mei.inside("Invite somebody"):
            mei.choose("Role", zh(role))
            mei.press("Invite")
        mei.told("The link stands below. Copy it and pass it on.")
        links.setdefault(role, []).extend(set(_links(mei.page)) - before)
    assert [len(found) for found in links.values()] == [1, 2, 1]
    return links


def _links(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("input[id^=invitation-]").all()]


def join(page: Page, link: str, name: str, shown: str) -> Hands:
    """From the link to the desk: a name, a password, and in."""
    person = Hands(page)
    page.goto(link)
    person.fill("Name to sign in with", name)
    person.fill("Name colleagues see", shown)
    person.fill("Password", PASSWORD)
    person.press("Join")
    person.told("Welcome to %(store)s.", store=shops.SHOP)
    page.goto(link)
    expect(page.get_by_role("button", name=zh("Join"), exact=True)).to_have_count(0)
    page.goto("/")
    return person


def _rows(person: Hands) -> Locator:
    return person.page.get_by_role("list", name=zh("Open cases, the most urgent first")).locator("> li")


def lead_hands_out(wang: Hands) -> None:
    """Ticks the two most urgent cases, gives them to 小李 with a word; moves a third too far and takes that back; keeps
    a view for everybody."""
    wang.page.goto("/")
    rows = _rows(wang)
    waiting = rows.count()
    assert waiting >= 4
    for place in (0, 1):
        rows.nth(place).get_by_role("checkbox").check()
    bulk = wang.page.locator("#bulk")
    bulk.get_by_label(zh("Hand over to"), exact=True).select_option(label="小李")
    bulk.get_by_label(zh("Why, for the next person"), exact=True).fill(WHY)
    bulk.get_by_role("button", name=zh("Hand over"), exact=True).click()
    expect(rows.nth(0)).to_contain_text("小李")
    expect(rows.nth(1)).to_contain_text("小李")
    assert rows.count() == waiting
    rows.nth(2).get_by_role("checkbox").check()
    bulk.get_by_label(zh("Move to stage"), exact=True).select_option(index=2)
    bulk.get_by_role("button", name=zh("Move"), exact=True).click()
    expect(wang.page.locator("#messages button")).to_be_visible()
    wang.page.locator("#messages button").click()
    expect(wang.page.locator("#messages")).to_contain_text(re.compile("撤销|恢复"))
    wang.page.goto("/?whose=nobody")
    wang.unfold("Keep as a view")
    wang.fill("Name of the view", "没人接的")
    wang.choose("For whom", zh("Everybody in %(store)s", store=shops.SHOP))
    wang.press("Keep it")
    wang.told("“%(name)s” is kept as a view.", name="没人接的")


def agent_takes_over_and_writes(li: Hands) -> str:
    """Finds the case among those handed to them, reads why, takes it, completes the draft and asks for approval."""
    li.page.goto("/")
    views = li.page.get_by_role("navigation", name=zh("Views of the queue"))
    expect(views).to_contain_text("没人接的")
    views.get_by_role("link", name=re.compile(zh("Handed to me"))).click()
    assert _rows(li).count() == 2
    li.open_top_case()
    li.sees(WHY)
    li.press("I have it")
    li.told("Taken over. Good luck with it.")
    li.complete_draft(OWN_WORDS)
    li.sees(zh("Saved."))
    li.press("Ask for approval")
    expect(li.part("Public reply")).to_contain_text(zh("Waiting for approval"))
    return li.page.url.partition("#")[0]


def colleague_is_told(zhang: Hands, address: str) -> None:
    """The second agent opens the same case, is told who has it, writes a note that nothing overwrites, and takes a free
    one instead."""
    zhang.page.goto(address)
    expect(zhang.page.locator("#owner")).to_have_value(re.compile(r"\d+"))
    expect(zhang.page.locator("#owner option:checked")).to_have_text("小李")
    zhang.fill("Note for colleagues", "仓库说今天补发，运单号晚上给。")
    zhang.press("Note it")
    zhang.told("Noted.")
    zhang.page.goto("/")
    zhang.follow("没人接的")
    zhang.open_top_case()
    zhang.press("Take it")
    zhang.told("The case is yours.")


def lead_gives_back_then_approves(team: Team, address: str) -> None:
    """The lead asks for one change, the agent makes it, the lead approves; whoever wrote it is not offered to."""
    expect(team.li.page.get_by_role("button", name=zh("Approve"), exact=True)).to_have_count(0)
    team.wang.page.goto(address)
    team.wang.fill("What should be changed?", "说一下什么时候到")
    team.wang.press("Give back")
    expect(team.wang.part("Public reply")).not_to_contain_text(zh("Waiting for approval"))
    team.li.page.goto(address)
    team.li.sees("说一下什么时候到")
    text = team.li.reply_box().input_value()
    team.li.fill("Text of the reply", f"{text}补发的东西发出以后，物流信息在订单页看得到。")
    team.li.sees(zh("Saved."))
    team.li.press("Ask for approval")
    expect(team.li.part("Public reply")).to_contain_text(zh("Waiting for approval"))
    team.wang.page.goto(address)
    team.wang.press("Approve")
    team.wang.told("Approved. Copy it, paste it on the platform, then record it as sent.")


def agent_records_and_closes(li: Hands, address: str) -> None:
    """Pasted on the platform, recorded, the customer is content, the case is closed; the next one is offered."""
    li.page.goto(address)
    li.press("Record as sent")
    expect(li.page.locator("#case")).to_contain_text(zh("answered in time"))
    with li.inside("Sum up and close"):
        li.choose("Outcome", zh("Satisfied, review unchanged"))
        li.fill("Conclusion", CONCLUSION)
        li.press("Close the case")
    li.told("The case is closed. Its conclusion stays here to be found again.")
    li.follow("Next case")
    assert li.page.url != address


def viewer_looks_on(ning: Hands, address: str) -> None:
    """Finds the conclusion by two of its characters, sees the figures and their rows; nothing can be pressed."""
    ning.page.goto("/")
    ning.page.get_by_role("searchbox").first.fill("打包台")
    ning.page.get_by_role("searchbox").first.press("Enter")
    ning.sees("打包台")
    ning.page.goto(address)
    ning.sees(CONCLUSION)
    verbs = ning.page.locator("main form[method=post]").locator("button, select, textarea, input:not([type=hidden])")
    assert verbs.evaluate_all("(found) => found.map((each) => each.outerHTML)") == []
    ning.page.goto("/figures/")
    ning.sees(zh("Dashboard"))


def owner_looks_back(mei: Hands) -> None:
    """The customer won back is in the figures within a minute, leads to the case, and the record says who did what."""
    card = mei.page.locator(".figure-card", has_text=zh("Won back")).first
    for _look in range(40):
        mei.page.goto("/figures/")
        if "100" in card.inner_text():
            break
        mei.page.wait_for_timeout(2000)
    expect(card).to_contain_text("100")
    card.get_by_role("link").first.click()
    assert mei.page.locator("[data-row]").count() == 1
    mei.page.goto("/record/")
    for name, deed in (("老王", "Reply approved"), ("小李", "Case closed"), ("小张", "Note written")):
        line = mei.page.get_by_role("row").filter(has_text=name).filter(has_text=zh(deed))
        expect(line.first).to_be_visible()


def somebody_leaves(team: Team) -> None:
    """小张 leaves; the open case goes to 小李, and the door is closed."""
    mei = team.mei
    mei.page.goto("/stores/")
    mei.follow(shops.SHOP)
    mei.page.get_by_role("row").filter(has_text="小张").get_by_role("link").click()
    with mei.inside_form("Take out of the store"):
        mei.choose("Their open cases go to", "小李")
        mei.press("Take out of the store")
    mei.told("%(name)s does not work here any more. What they did stays in the record.", name="小张")
    team.zhang.page.goto("/")
    assert _rows(team.zhang).count() == 0
    for _look in range(30):  # the worker hands over
        team.li.page.goto("/?whose=mine")
        if _rows(team.li).count() == 2:
            return
        team.li.page.wait_for_timeout(1000)
    expect(_rows(team.li)).to_have_count(2)
