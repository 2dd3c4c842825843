"""How fast words are found among many reviews, how large the index is and how fast it is made.

    python benchmarks/search_speed.py [REVIEWS] [--runs N]

Prints milliseconds (middle and slowest of the runs) on SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one.
Each run uses a database of its own ("test_…"), made for the run and dropped after it; nobody's data is touched. The
texts are put together from invented phrases; one review in five holds 客服, one in three 发货, one in a thousand 漏液.
"""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import grounds

TABLE = "search_findable"
STORES = 40
SMALL = 999  # a store with one review in two thousand
DAYS = 900
WHAT = (
    "衣领", "拉链", "杯盖", "灯罩", "床品", "包装袋", "说明书", "鞋底", "镜框", "插头", "面料", "味道",
    "颜色", "尺寸", "隔音",
)
HOW = (
    "有点松", "不太平整", "刮手", "比图上深", "一碰就掉", "还算结实", "没有想的好", "摸着很舒服",
    "洗后变形", "闻着刺鼻",
)
SAID = (
    "朋友也说不值", "打算再看看", "孩子倒是喜欢", "下次换一家试试", "凑合着用吧", "第二天就坏了", "和描述对不上",
)
GERMAN = ("Der Versandschaden wurde nicht ersetzt", "Die Naht löst sich nach zwei Wochen", "Lieferung kam pünktlich")


def invent(rows: int) -> Iterator[tuple[int, int, date, tuple[str, ...]]]:
    """(number, store, day, texts) of so many reviews; days rise with the number, as they do in a desk that is used."""
    dice = random.Random(20261122)
    begin = date(2026, 11, 20) - timedelta(days=DAYS)
    for number in range(1, rows + 1):
        text = [dice.choice(WHAT) + dice.choice(HOW), dice.choice(SAID), dice.choice(WHAT) + dice.choice(HOW)]
        chance = dice.random()
        text += ["客服半天才回一句"] if chance < 0.2 else []
        text += ["等了一周才发货"] if dice.random() < 1 / 3 else []
        text += ["瓶口漏液弄湿一片"] if dice.random() < 0.001 else []
        text += [dice.choice(GERMAN)] if dice.random() < 0.02 else []
        # Two common words that never meet: the worst a list of the newest can be asked for.
        text += ["赠品少给了"] if chance > 0.8 else []
        dice.shuffle(text)
        store = SMALL if dice.random() < 0.0005 else dice.randint(1, STORES)
        day = begin + timedelta(days=int(DAYS * number / rows))
        yield number, store, day, ("，".join(text), f"26{number:011}7", dice.choice(WHAT) + "新款")


ALL = (*range(1, STORES + 1), SMALL)
ASKED: tuple[tuple[str, str, Sequence[int]], ...] = (
    ("rare word", "漏液", ALL),
    ("word of one review in five", "客服", ALL),
    ("two common words", "客服 发货", ALL),
    ("two common words that never meet", "客服 赠品", ALL),
    ("a phrase of nine characters", "客服半天才回一句等", ALL),
    ("order number", "26{number:011}7", ALL),
    ("end of an order number", "{number:011}7", ALL),
    ("part of a German compound", "schaden", ALL),
    ("word in a small store", "客服", (SMALL,)),
    ("rare word in a small store", "漏液", (SMALL,)),
    ("two letters", "ve", ALL),
    ("no hit", "骆驼", ALL),
    ("no hit, all tokens known", "客服漏液发货", ALL),
)


def measure(rows: int, runs: int) -> None:
    """In a process of its own: make a database, fill it, ask it, print one line each."""
    with grounds.own_database("search") as connection:
        begun = time.perf_counter()
        _fill(rows)
        seconds = time.perf_counter() - begun
        grounds.settle(connection, [TABLE])
        print(f"{connection.vendor}: {rows:,} reviews indexed in {seconds:,.0f} s, {rows / seconds:,.0f} a second;")
        print(f"  {grounds.size(connection, [TABLE]) / rows:,.0f} bytes a review in all")
        grounds.heading()
        from wanhui.search import rules
        from wanhui.search.queries import find

        for label, words, stores in ASKED:
            asked = words.format(number=rows // 3)
            grounds.line(label, lambda w=asked, s=stores: find(s, rules.read(w), limit=51), runs)  # type: ignore[misc]


def _fill(rows: int) -> None:
    from django.db import transaction

    from wanhui.kit.batches import chunks
    from wanhui.search.actions import put
    from wanhui.search.rules import Item, Kind

    items = (Item(Kind.REVIEW, number, store, day, texts) for number, store, day, texts in invent(rows))
    for part in chunks(items, 500):
        with transaction.atomic():
            put(part)


if __name__ == "__main__":
    grounds.main(__file__, __doc__, measure)
