"""A seller's own export file, and a shop that already has its reviews."""

import csv
import io
from datetime import date
from pathlib import Path

from tests.browser.running import Desk
from wanhui.demo.story import EXPORT_HEADERS, export_rows

SHOP = "云朵衣铺"
DAYS = 7


def rows() -> list[dict[str, str]]:
    """The reviews of the last week, as the seller's platform lists them.

    Happy ones with a follow-up are left out: whether it makes them unhappy is the engine's word, not the stars'.
    """
    found = export_rows("clothing", DAYS, date.today())
    return [review for review in found if review["评价星级"] in ("1", "2") or not review["追评内容"]]


def write_export(path: Path, reviews: list[dict[str, str]], *, flaws: bool = False) -> None:
    """As sellers' programs write it: GB18030, titles above the header; with `flaws` a row twice and an empty one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["评价管理 - 评价列表导出"])
    writer.writerow([f"店铺：{SHOP}", f"导出时间：{date.today():%Y-%m-%d} 08:30:12"])
    writer.writerow([])
    writer.writerow(EXPORT_HEADERS)
    writer.writerows([review[header] for header in EXPORT_HEADERS] for review in reviews)
    if flaws:
        writer.writerow([reviews[0][header] for header in EXPORT_HEADERS])
        writer.writerow([""] * len(EXPORT_HEADERS))
    path.write_bytes(text.getvalue().encode("gb18030"))


def open_shop(desk: Desk, folder: Path) -> None:
    """The first person's own shop with this week's reviews, judged."""
    desk.python(
        "from wanhui.accounts.models import User\n"
        "from wanhui.stores.actions import open_store\n"
        f"open_store({SHOP!r}, 'taobao', actor=User.objects.get())\n"
    )
    file = folder / "reviews.csv"
    write_export(file, rows())
    desk.run("import", str(file), "--store", SHOP)
