"""How fast a page of the list of reviews is found among many, by filter.

    python benchmarks/list_speed.py [REVIEWS] [--runs N]

Prints milliseconds (middle and slowest of the runs) on SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one,
each in a database of its own. A page is fifty reviews with verdicts, products, cases. One review in eight is bad; one
in two thousand lies in the small store; one in a thousand complains of "authenticity".
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import grounds

STORES = 40
SMALL = STORES + 1
PRODUCTS = 2_000
DAYS = 900
LAST = date(2026, 11, 20)
TABLES = ("reviews_review", "triage_verdict")
REVIEW = (
    "id", "store_id", "product_id", "text", "raw", "said_on", "platform_reply", "seen_at", "typed", "platform_id",
    "fingerprint", "occurrence", "text_digest", "no_text", "stars", "platform_verdict", "precision", "buyer",
    "order_number", "sku", "link", "screenshot",
)  # fmt: skip
VERDICT = (
    "id", "review_id", "current", "engine", "made_at", "text_digest", "language", "no_text", "unsure", "sentiment",
    "causes", "praises", "primary", "flags", "severity", "bad", "middling", "store_ref", "said_on",
    "answered",
)  # fmt: skip
COMMON = ("delivery", "quality", "service", "damage", "mismatch", "price", "fulfilment")


def invent(rows: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """(review, verdict) as their tables hold them; nine in ten bad ones are answered on the platform."""
    dice = random.Random(20261122)
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for number in range(1, rows + 1):
        store = SMALL if dice.random() < 0.0005 else dice.randint(1, STORES)
        product = PRODUCTS + 1 if store == SMALL else store + STORES * dice.randrange(PRODUCTS // STORES)
        day = None if dice.random() < 0.01 else LAST - timedelta(days=int(DAYS * dice.random()))
        stars = dice.choices((1, 2, 3, 4, 5), (8, 4, 6, 17, 65))[0]
        cause = dice.choice(COMMON) if stars < 4 else ""
        cause = "authenticity" if dice.random() < 0.001 else cause
        reply = "亲，已经为您补发" if dice.random() < 0.9 else ""
        yield (
            (number, store, product, "杯盖有点松", "", day, reply, now, False, "", f"f{number}", 1, "d", False, stars,
             "", "day", "", f"26{number:011}7", "", "", ""),
            (number, number, True, "test", now, "d", "zh-Hans", False, False, "", "[]", "[]", cause, "[]", 3,
             stars < 3, stars == 3, store, day, bool(reply)),
        )  # fmt: skip


def measure(rows: int, runs: int) -> None:
    """In a process of its own: make a database, fill it, ask it, print one line each."""
    with grounds.own_database("list") as connection:
        user = _people()
        _fill(connection, rows)
        grounds.settle(connection, TABLES)
        from wanhui.desk.queries import review_lines
        from wanhui.desk.reviewed import Wanted

        print(f"{connection.vendor}: {rows:,} reviews")
        grounds.heading()
        deep = (LAST - timedelta(days=DAYS // 2), rows // 2)
        for label, wanted, before in (
            ("everything", Wanted(), None),
            ("everything, in the middle", Wanted(), deep),
            ("without a date", Wanted(), (None, rows)),
            ("a small store", Wanted(store=SMALL), None),
            ("bad", Wanted(mood="bad"), None),
            ("good, in the middle", Wanted(mood="good"), deep),
            ("middling", Wanted(mood="middling"), None),
            ("bad or middling without an answer", Wanted(mood="open"), None),
            ("bad with a common cause", Wanted(mood="bad", cause="delivery"), None),
            ("bad with a rare cause", Wanted(mood="bad", cause="authenticity"), None),
            ("rare cause in a small store", Wanted(store=SMALL, cause="authenticity"), None),
            ("bad within a week", Wanted(mood="bad", since=LAST - timedelta(7), until=LAST), None),
            ("rare cause within a day", Wanted(cause="authenticity", since=LAST, until=LAST), None),
            ("a praise nobody gave, in a week", Wanted(praise="price", since=LAST - timedelta(7), until=LAST), None),
            ("a product", Wanted(product=7), None),
            ("a product, bad, common cause", Wanted(product=7, mood="bad", cause="quality"), None),
            ("nothing fits", Wanted(cause="noise"), None),
        ):
            grounds.line(
                label,
                lambda w=wanted, b=before: review_lines(user, w, kind="real", before=b)[0],  # type: ignore[misc]
                runs,
            )


def _people() -> Any:
    from wanhui.accounts.models import User
    from wanhui.stores.models import Membership, Product, Store

    user = User.objects.create_user("bench", password=None)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    stores = Store.objects.bulk_create(
        Store(pk=n, name=f"测速店{n}", platform="taobao", created_at=now) for n in range(1, SMALL + 1)
    )
    Membership.objects.bulk_create(Membership(store=store, user=user, role="owner") for store in stores)
    Product.objects.bulk_create(
        Product(pk=n, store_id=(n - 1) % STORES + 1 if n <= PRODUCTS else SMALL, name=f"杯子{n}")
        for n in range(1, PRODUCTS + 2)
    )
    return user


def _fill(connection: Any, rows: int) -> None:
    from django.db import transaction

    from wanhui.kit.batches import chunks

    for part in chunks(invent(rows), 20_000):
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns, place in ((TABLES[0], REVIEW, 0), (TABLES[1], VERDICT, 1)):
                names = ", ".join(f'"{name}"' for name in columns)
                values = [pair[place] for pair in part]
                if connection.vendor == "postgresql":
                    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                        for row in values:
                            copy.write_row(row)
                else:
                    cursor.executemany(
                        f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", values
                    )


if __name__ == "__main__":
    grounds.main(__file__, __doc__, measure)
