"""How quick the desk's pages are at the server, with few cases and with an archive of them.

    python benchmarks/pages_speed.py [FEW MANY] [--rounds N]

Prints for each page: queries, median milliseconds at FEW and at MANY cases (2,000 and 200,000; 5,000 open where there
are so many), how many times slower it became, and the milliseconds of processor time of our own process at MANY: what
counts on a machine that does other things too (on SQLite all of the work, on PostgreSQL all but the database's). On
SQLite, and on PostgreSQL where WANHUI_DATABASE_URL names one. Each run has a database of its own ("test_…"), dropped
after it; every text is invented.
"""

import argparse
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from grounds import own_database

SAID = ("快递把箱子压坏了", "客服一直不回消息", "洗了一次就掉色", "说好的赠品没有", "隔壁太吵一夜没睡", "包装很简单")
CAUSES = ("delivery", "service", "quality", "fulfilment", "noise", "damage")
OUTCOMES = ("satisfied", "changed_by_customer", "not_won", "not_won", "void", "removed_by_platform")
STORES, OPEN, BATCH = 5, 5_000, 5_000
Made = dict[str, Any]


def fill(cases: int) -> Made:
    """A team of three with five stores and so many cases, most of them closed; the people and a case to look at."""
    from wanhui.accounts.models import User
    from wanhui.stores.models import Membership, Store

    now = datetime.now(UTC)
    people = [User.objects.create(username=name, display_name=name) for name in ("mei", "wang", "li")]
    stores = [
        Store.objects.create(name=f"测速店{n}", platform="taobao", created_at=now - timedelta(days=900))
        for n in range(STORES)
    ]
    for store in stores:
        for person, role in zip(people, ("owner", "lead", "agent"), strict=True):
            Membership.objects.create(store=store, user=person, role=role)
    dice = random.Random(20261121)
    numbers = iter(range(cases))
    while batch := list(itertools.islice(numbers, BATCH)):
        _batch(batch, cases, stores, people, now, dice)
    return {"user": people[0], "now": now}


def _batch(numbers: list[int], cases: int, stores: list[Any], people: list[Any], now: datetime, dice: Any) -> None:
    from django.db import transaction

    from wanhui.cases.models import Case, CaseReview, LogLine
    from wanhui.reviews.models import Review
    from wanhui.triage.models import Verdict

    with transaction.atomic():
        reviews = Review.objects.bulk_create([_review(n, cases, stores[n % STORES], now, dice) for n in numbers])
        Verdict.objects.bulk_create([_verdict(review) for review in reviews])
        made = Case.objects.bulk_create([
            _case(n, cases, review, people, now, dice) for n, review in zip(numbers, reviews, strict=True)
        ])
        CaseReview.objects.bulk_create([CaseReview(case=c, review=r) for c, r in zip(made, reviews, strict=True)])
        LogLine.objects.bulk_create([
            LogLine(case=case, at=case.opened_at + timedelta(hours=hour), what=what, by=people[hour % 3], version=hour)
            for case in made
            for hour, what in ((0, "opened"), (1, "note"), (2, "note"))
        ])
        _past([(c, r) for c, r in zip(made, reviews, strict=True) if c.closed_at], people[0])


def _past(closed: list[tuple[Any, Any]], person: Any) -> None:
    """What an archive is full of: each closed case was answered, and looked at by the person whose pages are timed."""
    from wanhui.desk.models import Look
    from wanhui.replies.models import Reply

    Reply.objects.bulk_create([
        Reply(
            review=review, case=case, store_ref=case.store_id, state=Reply.State.SENT, text="已经为您补发",
            created_at=case.seen_at, changed_at=case.closed_at, approved_at=case.closed_at, sent_at=case.closed_at,
        )
        for case, review in closed
    ])
    Look.objects.bulk_create([
        Look(user=person, case=case, at=case.closed_at, since=case.seen_at, here_at=case.closed_at)
        for case, _review in closed
    ])


def _age(number: int, cases: int) -> timedelta:
    """The last ones are the youngest, spread over two years; the open ones over the last two days."""
    open_ones = min(OPEN, cases // 4)
    left = cases - number
    if left <= open_ones:
        return timedelta(seconds=left * 2 * 86400 / open_ones)
    return timedelta(days=2) + timedelta(seconds=left * 700 * 86400 / cases)


def _review(number: int, cases: int, store: Any, now: datetime, dice: Any) -> Any:
    from wanhui.reviews.models import Review

    at = now - _age(number, cases)
    text = "，".join(dice.sample(SAID, 3)) + f"，{number}号"
    return Review(
        store=store, platform_id=f"R{number:09}", fingerprint=f"f{number}", text_digest=f"d{number}", text=text,
        raw=text, stars=dice.choice((1, 1, 2)), said_at=at, said_on=at.date(), precision="minute", seen_at=at,
        buyer=f"m**{number % 97}",
    )  # fmt: skip


def _verdict(review: Any) -> Any:
    from wanhui.triage.models import Verdict

    cause = CAUSES[review.pk % len(CAUSES)]
    return Verdict(
        review=review, engine="speed", made_at=review.seen_at, text_digest=review.text_digest, language="zh-Hans",
        sentiment="negative", causes=[{"code": cause, "sub": None, "score": 0.9, "evidence": [[0, 4]]}],
        primary=cause, severity=3, bad=True, middling=False,
        store_ref=review.store_id, said_on=review.said_on,
    )  # fmt: skip


def _case(number: int, cases: int, review: Any, people: list[Any], now: datetime, dice: Any) -> Any:
    from wanhui.cases.models import Case

    seen = review.seen_at
    still_open = cases - number <= min(OPEN, cases // 4)
    answered = seen + timedelta(hours=dice.choice((3, 9, 40))) if not still_open or dice.random() < 0.2 else None
    return Case(
        store=review.store, severity=dice.choice((1, 2, 2, 3, 3, 3)), reasons=["one_star"],
        primary=CAUSES[number % len(CAUSES)], assignee=dice.choice([*people, None]), published_at=seen,
        published_on=seen.date(), seen_at=seen, opened_at=seen, reply_due_at=seen + timedelta(hours=24),
        first_reply_at=min(answered, now) if answered else None, stage="discovered" if still_open else "closed",
        outcome="" if still_open else dice.choice(OUTCOMES), conclusion="" if still_open else "换货后顾客满意",
        closed_at=None if still_open else seen + timedelta(hours=47),
    )  # fmt: skip


def pages(made: Made) -> Iterator[tuple[str, str]]:
    """What is measured: a name and an address."""
    from wanhui.cases import ordering, queries

    user, now = made["user"], made["now"]
    first = queries.queue(user, now, limit=50)
    middle = ordering.page(queries.open_cases(user), "", now, limit=500)[-1][2]
    key = "~".join(str(part) for part in queries.key_of(first[-1]))
    month = f"{now - timedelta(days=30):%Y-%m-%d}"
    yield "queue", "/?sort="
    yield "queue, page 2", "/?after=" + key.replace("+", "%2B")
    yield "queue, mine", "/?whose=mine"
    yield "queue, newest first", "/?sort=newest"
    yield "queue, changed or new", "/?news=1"
    yield "pulse of the queue", f"/pulse/?born={(now - timedelta(minutes=1)).isoformat().replace('+', '%2B')}"
    yield "case", f"/cases/{middle}/"
    yield "pulse of a case", f"/pulse/?case={middle}&line=1"
    yield "all cases", "/cases/"
    yield "closed cases", "/cases/closed/"
    yield "won back, 30 days", f"/cases/?state=closed&outcome=won&closed_from={month}"
    yield "24 h missed, 30 days", f"/cases/?answered=none&seen_from={month}"
    yield "one cause, one store", f"/cases/?cause=noise&store={first[0].case.store_id}"
    yield "nothing fits", "/cases/?outcome=good_follow_up"


def measure(cases: int, rounds: int) -> None:
    """In a process of its own: make a database, fill it, print a line a page: name, queries, median, processor."""
    with own_database("pages") as connection:
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        made = fill(cases)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # what its own housekeeping does within a minute
        for label, address in list(pages(made)):
            print("\t".join([label, *(f"{value}" for value in _timed(made["user"], address, rounds))]), flush=True)


def _timed(user: Any, address: str, rounds: int) -> tuple[int, float, float]:
    from django.db import connection
    from django.test import Client

    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    answer = client.get(address)
    if answer.status_code not in (200, 204):
        raise SystemExit(f"{address} answered {answer.status_code}")
    asked: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        client.get(address)
    times, worked = [], []
    for _round in range(rounds):
        begun, busy = time.perf_counter(), time.process_time()
        client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    return len(asked), statistics.median(times), statistics.median(worked)


def _run(cases: int, rounds: int, url: str | None) -> dict[str, tuple[int, float, float]]:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "WANHUI_HOME": home, "WANHUI_DATABASE_URL": url or ""}
        command = [sys.executable, __file__, str(cases), str(cases), "--rounds", str(rounds), "--here"]
        said = subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in said.splitlines() if line.count("\t") == 3]
    return {label: (int(queries), float(median), float(busy)) for label, queries, median, busy in lines}


def main() -> None:
    """Fill and measure on each database, then print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("few", nargs="?", type=int, default=2_000)
    options.add_argument("many", nargs="?", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        measure(chosen.few, chosen.rounds)
        return
    for url in [None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])]:
        few, many = (_run(cases, chosen.rounds, url) for cases in (chosen.few, chosen.many))
        print(f"\n{(url or 'sqlite').split(':')[0]}: {chosen.few:,} and {chosen.many:,} cases, ms at the server")
        print(f"{'page':<24}{'queries':>8}{'few':>9}{'many':>9}{'times':>7}{'cpu':>8}")
        for label, (queries, median, busy) in many.items():
            before = few[label][1]
            print(f"{label:<24}{queries:>8}{before:>9.1f}{median:>9.1f}{median / before:>7.1f}{busy:>8.1f}")


if __name__ == "__main__":
    main()
