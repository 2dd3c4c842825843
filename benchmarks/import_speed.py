"""How fast an import is taken in: new rows, the same file again, and half of the reviews edited.

    python benchmarks/import_speed.py [ROWS]

Prints rows a second on SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one. Both runs use a database of
their own ("test_…"), made for the run and dropped after it; nobody's data is touched. The file is invented.
"""

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

REASONS = ("快递把箱子压坏了", "客服一直不回消息", "洗了一次就掉色", "说好的赠品没有", "隔壁太吵一夜没睡", "面料很舒服")
HEADER = ("评价ID", "订单编号", "商品名称", "规格", "买家昵称", "评价时间", "星级", "评价内容", "追评内容", "商家回复")


def invent(rows: int, *, edited: bool = False) -> bytes:
    """A csv of `rows` reviews of 200 products, one in ten with a follow-up; `edited`: every second with other words."""
    dice = random.Random(20261121)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    begin = datetime(2026, 1, 1, 8)
    for number in range(rows):
        text = "，".join(dice.sample(REASONS, 3)) + f"，{number}号"
        if edited and number % 2:
            text += "。后来客服都解决了"
        writer.writerow([
            f"R{number:09}", f"W{number:012}", f"格子衬衫{number % 200}", dice.choice("SML"), f"m**{number % 97}",
            f"{begin + timedelta(seconds=61 * number):%Y-%m-%d %H:%M:%S}", dice.randint(1, 5), text,
            "又来说一句" if number % 10 == 0 else "", "亲，感谢" if number % 3 == 0 else "",
        ])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def measure(rows: int) -> None:
    """In a process of its own: make a database, take the files in, print one line each."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanhui.config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.HOME / "test_import.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        for label, data in _files(rows):
            seconds, figures = _take_in(data)
            print(f"{connection.vendor:<12}{label:<16}{seconds:>8.2f}{rows / seconds:>10,.0f}   {figures}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _files(rows: int) -> list[tuple[str, bytes]]:
    data = invent(rows)
    return [("new", data), ("the same again", data), ("half edited", invent(rows, edited=True))]


def _take_in(data: bytes) -> tuple[float, str]:
    from wanhui.connectors import actions as connectors
    from wanhui.reviews import actions
    from wanhui.stores.models import Store
    from wanhui.work import queue

    def no_nudge(step_id: int) -> Any:
        """The queue is a file of its own and not what is measured here."""

    queue.nudge = no_nudge
    store, _made = Store.objects.get_or_create(
        name="测速店", platform="taobao", defaults={"created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    )
    source = connectors.receive(store, io.BytesIO(data), "评价.csv", actor=None)
    connectors.confirm(source, actor=None)
    begun = time.perf_counter()
    done = actions.take_in(source.pk, actor=None)
    seconds = time.perf_counter() - begun
    return seconds, f"new {done.new:,}, changed {done.edited:,}, known {done.duplicate:,}, refused {done.refused:,}"


def main() -> None:
    """Run on each database and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("rows", nargs="?", type=int, default=20_000)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        measure(chosen.rows)
        return
    print(f"{chosen.rows:,} rows\n{'database':<12}{'file':<16}{'seconds':>8}{'rows/s':>10}")
    urls = [None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])]
    for url in urls:
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "WANHUI_HOME": home, "WANHUI_DATABASE_URL": url or ""}
            command = [sys.executable, __file__, str(chosen.rows), "--here"]
            subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    main()
