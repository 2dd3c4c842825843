"""What the speed tests of a large desk share: a database of their own on SQLite or PostgreSQL, and a clock."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def own_database(name: str) -> Iterator[Any]:
    """Django on a fresh database ("test_…"), made for the run and dropped after it; nobody's data is touched."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanhui.config.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.HOME / f"test_{name}.sqlite3")
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def size(connection: Any, tables: Sequence[str]) -> float:
    """How many bytes these tables take with their indexes; on SQLite the whole file."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) t", [list(tables)])
            return float(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return os.path.getsize(str(connection.settings_dict["NAME"]))


def settle(connection: Any, tables: Sequence[str]) -> None:
    """What an installation does by itself in the night."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM ANALYZE {table}")


def heading() -> None:
    print(f"  {'asked for':<40}{'rows':>6}{'middle':>10}{'slowest':>10}{'cpu':>8}   ms")


def line(label: str, ask: Callable[[], Sequence[Any]], runs: int) -> None:
    """One line of the table; cpu is the processor time of our own process, which other work on the machine leaves."""
    times, worked, found = [], [], ask()[:0]
    for _run in range(runs):
        begun, busy = time.perf_counter(), time.process_time()
        found = ask()
        times.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    middle, cpu = statistics.median(times), statistics.median(worked)
    print(f"  {label:<40}{len(found):>6}{middle:>10.1f}{max(times):>10.1f}{cpu:>8.1f}", flush=True)


def main(script: str, about: str | None, measure: Callable[[int, int], None]) -> None:
    """Run `measure(reviews, runs)` in a process of its own on each database."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("reviews", nargs="?", type=int, default=2_000_000)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        measure(chosen.reviews, chosen.runs)
        return
    for url in (None, *filter(None, [os.environ.get("WANHUI_DATABASE_URL")])):
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "WANHUI_HOME": home, "WANHUI_DATABASE_URL": url or ""}
            command = [sys.executable, script, str(chosen.reviews), "--runs", str(chosen.runs), "--here"]
            subprocess.run(command, check=True, env=environment)
