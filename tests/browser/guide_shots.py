"""The pictures of the user guide and of the README, from the demo world, in three languages.

    python -m tests.browser.guide_shots docs

docs/guide/pictures/<language>/<name>.png and docs/pictures/{queue,case}.png. Whatever else lies in these folders stays.
"""

import base64
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import palette
from tests.browser.running import FLAGS, OFFICE, ROOT, Desk, Visitors, browser_path, running_desk, sign_in

LANGUAGES = {"zh": "zh-hans", "de": "de", "en": "en"}
AROUND = 14  # pixels left around a part of a page
WORDS = {"zh": "起球", "de": "Schrauben", "en": "围巾"}
DRAFT = (
    "亲，才穿两回就起球，换谁都会失望，先跟您说声对不起。请把袖口的照片发给我们，"
    "也可以直接打 13800138000 找店长，保证给您满意的答复。【补救办法】"
)  # a number that nobody has, so that the check has something to say
PLACES = """
import json
from wanhui.cases.models import Case
from wanhui.replies.models import Reply
from wanhui.triage.models import Verdict
cases = Case.objects.filter(closed_at=None, store__platform="taobao")
sure = cases.exclude(case_reviews__review__verdicts__in=Verdict.objects.filter(current=True, to_check=True))
awaiting = Reply.objects.get(state="awaiting", review__store__platform="taobao")
print(json.dumps({
    "store": cases.first().store_id,
    "approval": awaiting.case_id,
    "new": sure.filter(stage="discovered").order_by("severity", "pk").first().pk,
    "doing": cases.filter(stage="doing").first().pk,
    "otto": Case.objects.filter(closed_at=None, store__platform="otto").order_by("severity", "pk").first().pk,
}))
"""
FILES = {
    "11月评价.csv": (ROOT / "docs/guide/sample.csv").read_text(encoding="utf-8"),
    "手机端评价.csv": "商品,昵称,星级,评价,日期\n围巾,小***满,2,洗一次就缩水,11-05\n衬衫,阿***力,5,版型好看,11-06\n",
    "店铺汇总.csv": "月份,评价总数,好评数,差评数,好评率\n9月,412,391,8,94.9%\n10月,530,502,11,94.7%\n",
}


@dataclass
class Visit:
    """A person at the desk who reads one language, and where things lie in this world."""

    page: Page
    language: str
    places: dict[str, Any]

    def go(self, address: str) -> None:
        """Open an address, {names} filled from the places, and wait until it has settled."""
        self.page.goto(address.format(**self.places))
        self.page.wait_for_load_state("networkidle")

    def top(self, height: int = OFFICE[1]) -> bytes:
        """The page from its top, so many pixels."""
        return self.page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": OFFICE[0], "height": height})

    def parts(self, *selectors: str, most: float = 760) -> bytes:
        """The smallest picture that holds all these parts of the page, at most so high."""
        self.page.evaluate("window.scrollTo(0, 0)")
        boxes = [box for one in selectors if (box := self.page.locator(one).first.bounding_box()) is not None]
        left, top = min(b["x"] for b in boxes) - AROUND, min(b["y"] for b in boxes) - AROUND
        right, bottom = (max(b[at] + b[size] for b in boxes) + AROUND for at, size in (("x", "width"), ("y", "height")))
        left, top = max(left, 0), max(top, 0)
        box = {"x": left, "y": top, "width": min(right, OFFICE[0]) - left, "height": min(bottom - top, most)}
        return self.page.screenshot(full_page=True, clip=box)  # type: ignore[arg-type]


def start(visit: Visit) -> bytes:
    """The queue as a newcomer sees it."""
    visit.go("/")
    return visit.top(600)


def shop(visit: Visit) -> bytes:
    """Opening one's own shop."""
    visit.go("/stores/start/")
    return visit.parts("main h1", "main form.panel")


def files(visit: Visit) -> bytes:
    """Three files dropped at once; uploaded once, seen in each language."""
    if "together" not in visit.places:
        _drop(visit)
    visit.go("{together}")
    return visit.parts("main .page-head", "#together", "main p.help", most=820)


def _drop(visit: Visit) -> None:
    visit.go("/imports/")
    form = visit.page.locator("form[data-drop]")
    form.locator("select[name=store]").select_option(str(visit.places["store"]))
    given = [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in FILES.items()]
    form.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    form.locator("button[type=submit]").click()
    visit.page.wait_for_url("**/together/")
    visit.places["together"] = visit.page.url
    visit.places["asking"] = visit.page.locator(".drop-list a.btn-small").first.get_attribute("href")


def columns(visit: Visit) -> bytes:
    """The columns of a file that has a question."""
    visit.go("{asking}")
    return visit.parts("main .page-head", "section[aria-labelledby=columns-head]")


def queue(visit: Visit) -> bytes:
    """Three ticked cases, and the bar that they bring."""
    visit.go("/")
    ticks = visit.page.locator(".row-tick input")
    for number in (2, 3, 4):
        ticks.nth(number).check()
    return visit.page.screenshot()


def keys(visit: Visit) -> bytes:
    """The map of keys."""
    visit.go("/")
    visit.page.keyboard.press("?")
    shown = visit.page.locator("#keys")
    shown.wait_for()
    return shown.screenshot()


def case(visit: Visit) -> bytes:
    """A case; German readers see the German shop."""
    visit.go("/cases/{otto}/" if visit.language == "de" else "/cases/{approval}/")
    return visit.top(800)


def measures(visit: Visit) -> bytes:
    """What is done for a customer, and each attempt to reach them."""
    visit.go("/cases/{doing}/")
    return visit.parts("#measures", "#contact")


def reply(visit: Visit) -> bytes:
    """A draft in which the check finds something."""
    visit.go("/cases/{new}/")
    field = visit.page.locator("#reply textarea")
    field.fill(DRAFT)
    with visit.page.expect_response(lambda answer: "/reply" in answer.url):
        field.press("End")
        field.type("。")
    visit.page.locator("#reply .lint-block").first.wait_for()
    visit.page.wait_for_load_state("networkidle")
    return visit.parts("#reply")


def approved(visit: Visit) -> bytes:
    """An approved reply; approved once, seen in each language."""
    visit.go("/cases/{approval}/")
    button = visit.page.locator("#reply button[value=approve]")
    if button.count():
        button.click()
        visit.page.locator("#reply button[value=sent]").wait_for()
    return visit.parts("#reply")


def search(visit: Visit) -> bytes:
    """What a word finds."""
    visit.go(f"/search/?q={WORDS[visit.language]}")
    return visit.parts("main .page-head", ".found-tabs", ".found >> nth=-1", most=560)


def verdict(visit: Visit) -> bytes:
    """A verdict about to be corrected."""
    visit.go("/cases/{new}/")
    visit.page.locator("#verdict summary").click()
    return visit.parts("#verdict", most=700)


def dashboard(visit: Visit) -> bytes:
    """The figures and the bad reviews by day."""
    visit.go("/figures/")
    return visit.parts("main .page-head", ".figure-cards", "section[aria-labelledby=days-head]", most=900)


def worst(visit: Visit) -> bytes:
    """Praise and complaint beside the worst products."""
    visit.go("/figures/")
    return visit.parts(".figures-split", most=560)


def people(visit: Visit) -> bytes:
    """People of a store, and an invitation that waits."""
    visit.go("/stores/{store}/")
    if not visit.page.locator("#invitations .cards").count():
        visit.page.locator("#invitations form select[name=role]").select_option("agent")
        visit.page.locator("#invitations form button.btn:not(.btn-small)").last.click()
        visit.page.locator("#invitations .cards").wait_for()
        visit.go("/stores/{store}/")
    return visit.parts("#people", "#invitations", most=900)


def factor(visit: Visit) -> bytes:
    """Setting up a second factor."""
    visit.go("/account/second-factor/")
    if not visit.page.locator("main img").count():
        visit.page.locator("main form button[type=submit]").first.click()
        visit.page.locator("main img").wait_for()
    visit.page.wait_for_load_state("networkidle")
    return visit.parts("main .panel")


def token(visit: Visit) -> bytes:
    """Access tokens: one made before, and the form for another."""
    visit.go("/account/tokens/")
    if not visit.page.locator("main .cards").count():
        form = visit.page.locator("form[aria-labelledby=new-head]")
        form.locator("input[type=text]").fill("ERP")
        form.locator("button[type=submit]").click()
        visit.page.locator("main .cards").wait_for()
        visit.go("/account/tokens/")
    return visit.parts("section[aria-labelledby=tokens-head]", "form[aria-labelledby=new-head]", most=800)


def webhook(visit: Visit) -> bytes:
    """A receiver about to be added; nothing is sent anywhere."""
    visit.go("/stores/{store}/webhooks/")
    form = visit.page.locator("main form.panel").first
    form.locator("input[name=url]").fill("https://shop.example/wanhui")
    for event in ("case.opened", "reply.approved"):
        form.locator(f"input[value='{event}']").check()
    return visit.parts("main .page-head", "main form.panel")


def check(visit: Visit) -> bytes:
    """What `wanhui check` says, as a terminal shows it."""
    page = visit.page.context.new_page()
    page.set_content(
        "<style>body{margin:0}pre{font:14px/1.45 'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace;margin:0;"
        f"padding:16px 18px;display:inline-block;color:#e8ecea;background:#1d2423}}</style>"
        f"<pre>$ wanhui check\n{escape(visit.places['checked'])}</pre>"
    )
    picture = page.locator("pre").screenshot()
    page.close()
    return picture


def record(visit: Visit) -> bytes:
    """Who did what."""
    visit.go("/record/")
    return visit.top(520)


SCENES: tuple[Callable[[Visit], bytes], ...] = (
    start, shop, queue, keys, files, columns, case, measures, reply, approved, search, verdict,
    dashboard, worst, people, factor, token, webhook, check, record,
)  # fmt: skip


def main(folder: Path) -> None:
    """Every picture, remade."""
    with tempfile.TemporaryDirectory() as home, running_desk(Path(home), demo=True) as desk, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path(), args=FLAGS)
        places = {**json.loads(desk.python(PLACES)), "checked": _checked(desk)}
        take(browser, desk, places, folder)
        browser.close()


def take(browser: Browser, desk: Desk, places: dict[str, Any], folder: Path) -> None:
    """Each scene in each language, then the two of the README."""
    visitors = Visitors(browser)
    visits = [
        Visit(sign_in(desk, visitors.come(desk, locale=code), code), language, places)
        for language, code in LANGUAGES.items()
    ]
    smaller = visitors.come(desk)
    total = 0
    for scene in SCENES:
        for visit in visits:
            total += _keep(smaller, scene(visit), folder / f"guide/pictures/{visit.language}/{scene.__name__}.png")
            if visit.language == "zh" and scene in (start, case):
                name = {"start": "queue", "case": "case"}[scene.__name__]
                _keep(smaller, visit.top(), folder / f"pictures/{name}.png")
    assert visitors.trouble == [], visitors.trouble  # a page without one of its styles makes no picture of the desk
    print(f"{len(SCENES)} pictures × {len(visits)} languages, {total / 1000:,.0f} kB")


def _checked(desk: Desk) -> str:
    """What the check says after the first backup; the folder of the data as it is called on everybody's machine."""
    desk.run("backup", str(desk.home / "backups"), "--keep", "14")
    return desk.run("check").replace(str(desk.home), "~/.local/share/wanhui").strip()


def _keep(smaller: Page, picture: bytes, file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    got = smaller.evaluate(palette.COUNT, base64.b64encode(picture).decode())
    data = palette.png(got["width"], got["height"], got["colours"], base64.b64decode(got["dots"]))
    file.write_bytes(data)
    return len(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
