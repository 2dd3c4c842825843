"""How fast `wanhui triage` judges a csv, from the command's start to the written file, with one process and with two.

    python benchmarks/triage_file.py [ROWS] [--to jsonl]

Prints rows a second of wall time, the ratio of two processes to one, rows a second of processor time (which other
work on the machine hardly disturbs), and the highest memory of any process.
The file is invented: sentences put together at random with a fixed seed, about 60 characters a row.
"""

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

OPENERS = (
    "收到货了",
    "等了快十天才到",
    "第二次买了",
    "给孩子买的",
    "看评价买的",
    "双十一囤的",
    "朋友推荐的",
    "住了两晚",
)
GOOD = ("面料很舒服", "包装很严实", "味道不错", "客服很耐心", "性价比高", "房间干净", "物流很快", "颜色和图片一样")
BAD = (
    "快递把箱子压坏了",
    "客服一直不回消息",
    "洗了一次就掉色",
    "说好的赠品没有",
    "少发了一件也不给补",
    "隔壁太吵一夜没睡",
    "吃完拉肚子",
    "退货还要自己出运费",
    "和描述完全不一样",
    "感觉不是正品",
)
CLOSERS = ("再也不来了", "会回购的", "大家慎重", "总体还行", "要求退款", "", "", "先给个好评")


def invent(path: Path, rows: int) -> None:
    """Write a csv with order, buyer, text, star and time."""
    dice = random.Random(20261121)
    begin = datetime(2026, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["订单编号", "买家昵称", "评价内容", "评价星级", "评价时间", "商品名称"])
        for number in range(rows):
            bad = dice.random() < 0.4
            parts = [
                dice.choice(OPENERS),
                *dice.sample(BAD if bad else GOOD, 3),
                dice.choice(GOOD),
                dice.choice(CLOSERS),
            ]
            text = "，".join(part for part in parts if part) + f"，{dice.randint(1, 9999)}号"
            when = begin + timedelta(seconds=61 * number)
            star = dice.choice((1, 2)) if bad else dice.choice((4, 5))
            out.writerow([f"W{number:012d}", f"m**{number % 97}", text, star, f"{when:%Y-%m-%d %H:%M:%S}", "格子衬衫"])


def measure(source: Path, out: Path, jobs: int) -> tuple[float, float]:
    """Wall seconds and processor seconds of one whole run of the command."""
    command = [sys.executable, "-m", "wanhui.cli", "triage", str(source), "-o", str(out), "--jobs", str(jobs)]
    begun, used = time.perf_counter(), _processor()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun, _processor() - used


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> None:
    """Run and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("rows", nargs="?", type=int, default=20_000)
    options.add_argument("--to", default="jsonl", choices=["jsonl", "csv", "xlsx", "html"])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "reviews.csv"
        invent(source, chosen.rows)
        print(f"{chosen.rows:,} rows, {source.stat().st_size / 1e6:.1f} MB, to {chosen.to}")
        print(f"{'processes':>9}  {'seconds':>8}  {'rows/s':>8}  {'ratio':>6}  {'rows/CPU s':>10}")
        first = 0.0
        for jobs in (1, 2):
            seconds, used = measure(source, Path(folder) / f"out.{chosen.to}", jobs)
            first = first or seconds
            speeds = f"{chosen.rows / seconds:>8,.0f}  {first / seconds:>6.2f}  {chosen.rows / used:>10,.0f}"
            print(f"{jobs:>9}  {seconds:>8.2f}  {speeds}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"highest memory of one process: {peak / (1024 if sys.platform != 'darwin' else 1024 * 1024):,.0f} MB")


if __name__ == "__main__":
    main()
