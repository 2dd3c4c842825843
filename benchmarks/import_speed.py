"""How fast an import is taken in: new rows, the same file again, and half of the reviews edited; and how fast it is
judged too.

    python benchmarks/import_speed.py [ROWS]            taking in alone
    python benchmarks/import_speed.py [ROWS] --judge    taking in, judging, and both together on two cores

Prints seconds, rows a second, and the processor's own seconds (those of the second process too; a busy machine changes
them least) on SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one. Both runs use a database of
their own, made for the run and dropped after it; nobody's data is touched. The file is invented; with --judge the real
reviews of ../shared/data are measured as well where they lie beside the project (ROWS of them, all with --whole).
"""

import argparse
import csv
import io
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REASONS = ("快递把箱子压坏了", "客服一直不回消息", "洗了一次就掉色", "说好的赠品没有", "隔壁太吵一夜没睡", "面料很舒服")
HEADER = ("评价ID", "订单编号", "商品名称", "规格", "买家昵称", "评价时间", "星级", "评价内容", "追评内容", "商家回复")
REAL = Path(__file__).resolve().parents[2] / "shared/data/reviews/jd_herbal.parquet"


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


def real(rows: int | None) -> tuple[bytes, int]:
    """The first rows of the real reviews as csv, and how many they are; None: the parquet file as it is."""
    import polars

    frame = polars.read_parquet(REAL)
    if rows is None:
        return REAL.read_bytes(), len(frame)
    return ("\ufeff" + frame.head(rows).write_csv()).encode(), min(rows, len(frame))


def measure(rows: int) -> None:
    """In a process of its own, on an empty database: take the files in, print one line each."""
    _set_up()
    data = invent(rows)
    for label, each in (("new", data), ("the same again", data), ("half edited", invent(rows, edited=True))):
        source = _confirmed(each, "评价.csv", "测速店")
        begun = _now()
        done = _take_in(source)
        _say(label, rows, _since(begun), _figures(done))


def measure_judging(rows: int, whole: bool) -> None:
    """Taking in, then judging, one after the other in one process; and both together with the second process."""
    _set_up()
    files = [("invented", invent(rows), rows, "评价.csv")]
    if REAL.exists():
        data, many = real(None if whole else rows)
        files.append(("real", data, many, "真实.parquet" if whole else "真实.csv"))
    for label, data, many, name in files:
        alone = _one_after_the_other(label, data, many, name)
        both = _together(label, data, many, name)
        print(f"{'':<12}{label + ': together against one after the other':<44}{alone / both:>6.2f} x", flush=True)


def _one_after_the_other(label: str, data: bytes, many: int, name: str) -> float:
    from wanhui.pipeline import helper
    from wanhui.pipeline.advance import drain
    from wanhui.work.models import Step

    helper._pays = lambda: False
    source = _confirmed(data, name, f"{label} 1")
    begun = _now()
    done = _take_in(source)
    middle = _now()
    Step.objects.filter(kind="import.confirmed").update(state=Step.State.DONE)
    drain()
    end = _now()
    _say(f"{label}: take in", many, _between(begun, middle), _figures(done))
    _say(f"{label}: judge", many, _between(middle, end), f"{_judged(source)} verdicts; with cases, search and figures")
    return end[0] - begun[0]


def _together(label: str, data: bytes, many: int, name: str) -> float:
    from wanhui.pipeline import helper
    from wanhui.pipeline.advance import drain

    helper._pays = lambda: True
    source = _confirmed(data, name, f"{label} 2")
    begun = _now()
    drain()
    spent = _since(begun)
    _say(f"{label}: together", many, spent, f"{_judged(source)} verdicts; two processes")
    return spent[0]


def _judged(source: Any) -> str:
    from wanhui.triage.models import Verdict
    from wanhui.work.models import Step

    left = Step.objects.exclude(state=Step.State.DONE).count()
    return f"{Verdict.objects.filter(review__source=source).count():,}" + (f" ({left} steps left!)" if left else "")


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanhui.config.settings")
    django.setup()
    from django.core.management import call_command

    from wanhui.kit.batches import collect_seldom
    from wanhui.language import judge
    from wanhui.work import queue

    def no_nudge(step_id: int) -> Any:
        """The queue is a file of its own and not what is measured here."""

    queue.nudge = no_nudge
    call_command("migrate", verbosity=0)
    judge(["预热"])
    collect_seldom()  # as every worker does


def _confirmed(data: bytes, name: str, shop: str) -> Any:
    from wanhui.connectors import actions as connectors
    from wanhui.stores.models import Store

    store, _made = Store.objects.get_or_create(
        name=shop, platform="taobao", defaults={"created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    )
    return connectors.confirm(connectors.receive(store, io.BytesIO(data), name, actor=None), actor=None)


def _take_in(source: Any) -> Any:
    from wanhui.reviews import actions

    return actions.take_in(source.pk, actor=None)


def _figures(done: Any) -> str:
    return f"new {done.new:,}, changed {done.edited:,}, known {done.duplicate:,}, refused {done.refused:,}"


Moment = tuple[float, float]  # seconds on the clock, seconds of the processor


def _now() -> Moment:
    return time.perf_counter(), sum(os.times()[:4])


def _between(begun: Moment, end: Moment) -> Moment:
    return end[0] - begun[0], end[1] - begun[1]


def _since(begun: Moment) -> Moment:
    return _between(begun, _now())


def _say(label: str, rows: int, spent: Moment, figures: str) -> None:
    from django.db import connection

    seconds, processor = spent
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    columns = f"{seconds:>8.2f}{rows / seconds:>10,.0f}{processor:>8.2f}{load:>6}"
    print(f"{connection.vendor:<12}{label:<20}{columns}   {figures}", flush=True)


@contextmanager
def own_database(url: str | None) -> Iterator[str]:
    """The address of an empty database for the run: "" for SQLite in the run's own folder."""
    if not url:
        yield ""
        return
    import psycopg

    name = f"wanhui_speed_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    try:
        yield f"{url.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def main() -> None:
    """Run on each database and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("rows", nargs="?", type=int, default=20_000)
    options.add_argument("--judge", action="store_true", help="judge as well, and both together")
    options.add_argument("--whole", action="store_true", help="with --judge: every row of the real reviews, as parquet")
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        measure_judging(chosen.rows, chosen.whole) if chosen.judge else measure(chosen.rows)
        return
    print(f"{chosen.rows:,} rows")
    print(f"{'database':<12}{'file':<20}{'seconds':>8}{'rows/s':>10}{'cpu':>8}{'load':>6}", flush=True)
    for url in (None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])):
        with tempfile.TemporaryDirectory() as home, own_database(url) as database:
            environment = {**os.environ, "WANHUI_HOME": home, "WANHUI_DATABASE_URL": database}
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--here"], check=True, env=environment)


if __name__ == "__main__":
    main()
