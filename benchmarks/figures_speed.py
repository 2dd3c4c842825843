"""What the figures cost from rollups, against counting raw verdicts, with few reviews and with many.

    python benchmarks/figures_speed.py [FEW MANY] [--rounds N]

Prints median milliseconds at FEW and at MANY reviews (10,000 and 100,000) and how many times slower it became; then
how fast everything is counted anew. On SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one. Each run has a
database of its own ("test_…"), dropped after it; every text is invented.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from grounds import own_database

CAUSES = ("delivery", "service", "quality", "fulfilment", "noise", "damage", "price")
STORES, PRODUCTS, DAYS, BATCH = 5, 400, 730, 5_000
REBUILD = "counted anew, reviews/s"
ONE_DAY = "one verdict corrected, its day counted"


def fill(reviews: int) -> tuple[Any, datetime]:
    """One person with five stores, and so many judged reviews of two years, one in five bad, one in fifty undated."""
    from django.db import transaction

    from wanhui.accounts.models import User
    from wanhui.reviews.models import Review
    from wanhui.stores.models import Membership, Product, Store
    from wanhui.triage.models import Verdict

    now, dice = datetime.now(UTC), random.Random(20261122)
    person = User.objects.create(username="mei", display_name="mei")
    stores = [Store.objects.create(name=f"测速店{n}", platform="taobao", created_at=now) for n in range(STORES)]
    for store in stores:
        Membership.objects.create(store=store, user=person, role="owner")
    products = Product.objects.bulk_create(
        [Product(store=stores[n % STORES], name=f"格子衬衫{n}") for n in range(PRODUCTS)]
    )
    for first in range(0, reviews, BATCH):
        with transaction.atomic():
            made = [_review(n, dice.choice(products), now, dice) for n in range(first, min(first + BATCH, reviews))]
            Verdict.objects.bulk_create([_verdict(review, dice) for review in Review.objects.bulk_create(made)])
    return person, now


def _review(number: int, product: Any, now: datetime, dice: random.Random) -> Any:
    from wanhui.reviews.models import Review

    said = now - timedelta(days=dice.random() * DAYS)
    undated = number % 50 == 0
    return Review(
        store_id=product.store_id, product=product, platform_id=f"R{number:09}", fingerprint=f"f{number}",
        text_digest=f"d{number}", text=f"洗了一次就掉色，{number}号", stars=1 if number % 5 == 0 else 5,
        said_on=None if undated else said.date(), said_at=None if undated else said, seen_at=said,
    )  # fmt: skip


def _verdict(review: Any, dice: random.Random) -> Any:
    from wanhui.triage.models import Verdict

    bad = review.stars == 1
    cause = dice.choice(CAUSES)
    told = [{"code": cause, "sub": None, "score": 0.9, "evidence": [[0, 4]]}]
    return Verdict(
        review=review, engine="speed", made_at=review.seen_at, text_digest=review.text_digest, language="zh-Hans",
        sentiment="negative" if bad else "positive", causes=told if bad else [], praises=[] if bad else told,
        primary=cause if bad else "", severity=3, bad=bad, middling=False,
        store_ref=review.store_id, said_on=review.said_on,
    )  # fmt: skip


def raw(person: Any, now: datetime, days: int) -> object:
    """The header's review figures without rollups: judged, bad, and bad by main cause, from the verdicts."""
    from django.db.models import Count, Q
    from django.db.models.functions import Coalesce, TruncDate

    from wanhui.stores import queries as stores
    from wanhui.triage.models import Verdict

    texts = Verdict.objects.filter(current=True, follow_up=None, review__store__in=stores.visible(person))
    texts = texts.annotate(day=Coalesce("review__said_on", TruncDate("review__seen_at", tzinfo=UTC)))
    texts = texts.filter(day__gte=(now - timedelta(days=days)).date())
    counted = texts.aggregate(all=Count("pk"), bad=Count("pk", filter=Q(bad=True)))
    return counted, list(texts.filter(bad=True).values("primary").annotate(n=Count("pk")))


def deeds(person: Any, now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured: a name and what to do."""
    from django.test import Client

    from wanhui.analytics import queries

    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person)
    for days in (30, 365):
        yield f"raw verdicts counted, {days} days", lambda days=days: raw(person, now, days)  # type: ignore[misc]
        yield f"header figures, {days} days", lambda days=days: queries.figures(person, now, days=days)  # type: ignore[misc]
        yield f"dashboard, {days} days", lambda days=days: queries.dashboard(person, now, days=days)  # type: ignore[misc]
        yield f"page /figures/, {days} days", lambda days=days: client.get(f"/figures/?days={days}")  # type: ignore[misc]
    yield "picture, drawn before", lambda: client.get("/figures/bad-by-day.svg?days=30")
    yield ONE_DAY, lambda: _corrected(person)


def _corrected(person: Any) -> None:
    from wanhui.analytics import actions
    from wanhui.triage import actions as triage
    from wanhui.triage.models import Verdict

    verdict = Verdict.objects.filter(current=True).select_related("review").order_by("-pk")[0]
    triage.correct(verdict, actor=person, sentiment="negative", causes=["price"])
    actions.recount()


def measure(reviews: int, rounds: int) -> None:
    """In a process of its own: make a database, fill it, count, and print one line a deed: name, median."""
    with own_database("figures") as connection:
        from django.conf import settings

        from wanhui.analytics import actions

        settings.ALLOWED_HOSTS = ["*"]
        person, now = fill(reviews)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # what its own housekeeping does within a minute
        begun = time.perf_counter()
        actions.rebuild(actor=None)
        print(f"{REBUILD}\t{reviews / (time.perf_counter() - begun)}", flush=True)
        for label, deed in deeds(person, now):
            deed()
            print(f"{label}\t{statistics.median(_timed(deed) for _round in range(rounds))}", flush=True)


def _timed(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000


def _run(reviews: int, rounds: int, url: str | None) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "WANHUI_HOME": home, "WANHUI_DATABASE_URL": url or ""}
        command = [sys.executable, __file__, str(reviews), str(reviews), "--rounds", str(rounds), "--here"]
        said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
    return {label: float(value) for label, _tab, value in (line.partition("\t") for line in said.splitlines())}


def main() -> None:
    """Fill and measure on each database, then print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("few", nargs="?", type=int, default=10_000)
    options.add_argument("many", nargs="?", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        measure(chosen.few, chosen.rounds)
        return
    for url in [None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])]:
        few, many = (_run(reviews, chosen.rounds, url) for reviews in (chosen.few, chosen.many))
        print(f"\n{(url or 'sqlite').split(':')[0]}: {chosen.few:,} and {chosen.many:,} reviews, ms")
        print(f"{'deed':<42}{'few':>10}{'many':>10}{'times':>8}")
        for label, value in many.items():
            if label != REBUILD:
                print(f"{label:<42}{few[label]:>10.1f}{value:>10.1f}{value / few[label]:>8.1f}")
        print(f"{REBUILD:<42}{few[REBUILD]:>10,.0f}{many[REBUILD]:>10,.0f}")
        for days in (30, 365):
            ratio = many[f"raw verdicts counted, {days} days"] / many[f"header figures, {days} days"]
            print(f"header figures of {days} days: {ratio:.0f} times quicker than counting raw verdicts")


if __name__ == "__main__":
    main()
