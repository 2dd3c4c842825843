"""How fast `judge` is: texts a second by length of text, with one process and with two, on invented texts.

    python benchmarks/triage_speed.py [TEXTS]

The whole command, with file and sheet, is measured by `triage_file.py`.
"""

import argparse
import random
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from wanhui.language import judge

CLAUSES = (
    "快递等了十天才到", "箱子都压扁了", "客服一直不回消息", "颜色和图片不一样", "洗了一次就掉色", "说好的赠品没有",
    "退货还要自己出运费", "房间隔音很差", "床单上有头发", "价格比超市还贵", "味道还可以", "面料很舒服", "物流很快",
    "老板人很好", "分量太少了", "电池半天就没电", "感觉不是正品", "大家慎重", "再也不来了", "总体还行",
)  # fmt: skip
CHUNK = 1_000


def invent(count: int, clauses: int) -> list[str]:
    """Texts of so many clauses, no two alike."""
    dice = random.Random(clauses)
    return ["，".join(dice.choice(CLAUSES) for _ in range(clauses)) + f"。{number}号" for number in range(count)]


def alone(texts: list[str]) -> float:
    """Seconds in this process."""
    begun = time.perf_counter()
    judge(texts)
    return time.perf_counter() - begun


def shared(texts: list[str], pool: ProcessPoolExecutor) -> float:
    """Seconds over the pool's processes, results brought home."""
    begun = time.perf_counter()
    list(pool.map(judge, [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]))
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="?", type=int, default=20_000)
    count = parser.parse_args().texts
    begun = time.perf_counter()
    judge(["预热"])
    print(f"first judgement after {time.perf_counter() - begun:.2f} s (model loaded)")
    print("characters   texts   1 process /s   2 processes /s   ratio")
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(judge, [["预热"]] * 4))
        for clauses in (2, 8, 30):
            texts = invent(count * 8 // max(8, clauses), clauses)
            one, two = alone(texts), shared(texts, pool)
            mean = sum(map(len, texts)) / len(texts)
            print(f"{mean:10.0f} {len(texts):7} {len(texts) / one:14,.0f} {len(texts) / two:16,.0f} {one / two:7.2f}")


if __name__ == "__main__":
    main()
