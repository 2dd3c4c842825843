"""Hostile words on the pages: shown as words, turned round nowhere, and pushing nothing out of a phone's window."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.fixtures import visitors
from tests.browser.looking import STICKS_OUT
from tests.browser.running import NARROW, Desk, Visitors, running_desk, sign_in

__all__ = ["visitors"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARK = "袖口开线"
STORE = "安心布铺"
WORDS = {
    "turned round": f"{MARK}\u202e了线开口袖\u202c\u2067abc",
    "right to left": f"{MARK} الطرد وصل مكسورا جدا",
    "zalgo": MARK + "坏\u0335\u0322\u0347\u0489" * 300,
    "endless": MARK + "哈" * 20_000,
    "endless Latin": MARK + "a" * 20_000,
    "script": f'{MARK}<script>document.title="mine"</script><img src=x onerror="document.title=1">',
    "template": MARK + "{{ 7|add:7 }}{% load i18n %}${7*7}",
    "escape": f"{MARK}\x1b[31m\x1b]0;mine\x07",
    "formula": f'=HYPERLINK("http://example.invalid/","{MARK}")',
}
NAME = "w\u202e**\u2066g" + "名" * 300
PRODUCT = "杯" * 400 + "\u202etxt.exe" + "b" * 400
SHORTEST = """() => [...document.querySelectorAll("main td, main dd, main li")].filter((e) =>
  e.getClientRects().length && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(e.textContent))
  .map((e) => e.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    """A desk with one store, and an import of hostile reviews into it."""
    path = tmp_path_factory.mktemp("words") / "评价.csv"
    day = date.today() - timedelta(days=2)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["评价内容", "星级", "评价时间", "用户昵称", "商品名称", "订单号"])
        for number, words in enumerate(WORDS.values()):
            rows.writerow([words, 1, f"{day:%Y-%m-%d} 09:0{number}:00", NAME, PRODUCT, f"T{number}" + "0" * 150])
        rows.writerow([MARK, "x\u202e" * 60, "never" * 80, NAME, PRODUCT, "1.2E+18"])

    def bring(desk: Desk) -> None:
        desk.python(
            "from wanhui.accounts.models import User\nfrom wanhui.stores.actions import open_store\n"
            f"open_store({STORE!r}, 'taobao', actor=User.objects.get())"
        )
        desk.run("import", str(path), "--store", STORE)

    with running_desk(tmp_path_factory.mktemp("desk"), before=bring) as desk:
        yield desk


def addresses(desk: Desk) -> list[str]:
    """The queue, the lists, the import's report, and the case and the review of every hostile text."""
    found = desk.python(
        "from wanhui.reviews.models import Review\nfrom wanhui.connectors.models import Import\n"
        "from wanhui.cases.models import Case\n"
        "print('/imports/%d/' % Import.objects.latest('pk').pk)\n"
        "for r in Review.objects.filter(buyer__contains='名名名'): print('/reviews/%d/' % r.pk)\n"
        "for c in Case.objects.order_by('-pk')[:8]: print('/cases/%d/' % c.pk)\n"
    ).split()
    return ["/", "/reviews/", "/cases/", "/imports/", *found]


def look(page: Page, address: str) -> list[str]:
    """What is wrong on one page."""
    page.goto(address)
    page.wait_for_selector("main")
    wrong = [f"{address} sticks out: {each}" for each in page.evaluate(STICKS_OUT)]
    wrong += [f"{address} holds a turning sign: {each}" for each in page.evaluate(SHORTEST)]
    if page.title() in ("mine", "1"):
        wrong.append(f"{address} ran a script")
    return wrong


def test_hostile_words_break_no_page_on_a_phone(hostile_desk: Desk, visitors: Visitors) -> None:
    page = visitors.come(hostile_desk, size=NARROW)
    sign_in(hostile_desk, page)
    found = addresses(hostile_desk)
    assert len(found) >= 14
    wrong = [each for address in found for each in look(page, address)]
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_a_name_from_right_to_left_does_not_turn_what_stands_beside_it(hostile_desk: Desk, visitors: Visitors) -> None:
    page = visitors.come(hostile_desk, size=NARROW)
    sign_in(hostile_desk, page)
    page.goto("/reviews/")
    inline = page.evaluate(
        "() => [...document.querySelectorAll('main a, main span, main strong, main small')]"
        ".filter((e) => getComputedStyle(e).unicodeBidi !== 'isolate').map((e) => e.outerHTML.slice(0, 90))"
    )
    assert inline == []
