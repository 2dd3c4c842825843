"""Step kinds whose effects can be counted, beside the real ones.

An effect is a row in a table of the tests' own: which step, which kind, which process.
"""

import os
import time

from django.conf import settings
from django.db import connection, transaction

from wanhui.pipeline import advance as real
from wanhui.pipeline import helper
from wanhui.pipeline.steps import STEPS
from wanhui.pipeline.sweep import sweep as real_sweep
from wanhui.work import actions as work
from wanhui.work.models import Step

# A helper is called for a small import here; it knows the real kinds only, so it is not called for the tests' own.
helper.ROWS, helper.STEPS = 500, 10**9

TABLE = "CREATE TABLE test_effect (kind varchar(40) NOT NULL, ref varchar(40) NOT NULL, process integer NOT NULL)"


def effect(step: Step) -> None:
    """Leave one row, asking nothing: whoever does a step twice leaves two."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effect VALUES (%s, %s, %s)", [step.kind, step.ref, os.getpid()])


def count(step: Step) -> None:
    """An effect that is not idempotent, long enough for two workers to meet."""
    effect(step)
    time.sleep(0.002)


def first(step: Step) -> None:
    """As the real steps do it: one transaction asks, writes, and notes what follows."""
    with transaction.atomic():
        if not _happened(step):
            effect(step)
        work.note("test.second", step.ref)


def second(step: Step) -> None:
    """The end of the chain."""
    with transaction.atomic():
        if not _happened(step):
            effect(step)


def stuck(step: Step) -> None:
    """Hangs when tried first; whoever tries it again gets through."""
    if step.attempts == 1:
        time.sleep(600)
    effect(step)


def slow(step: Step) -> None:
    """Waits for a file named "go" in the data folder, and only then leaves its effect."""
    while not (settings.HOME / "go").exists():
        time.sleep(0.05)
    effect(step)


def _happened(step: Step) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM test_effect WHERE kind = %s AND ref = %s", [step.kind, step.ref])
        return bool(cursor.fetchone()[0])


STEPS.update(
    {"test.count": count, "test.first": first, "test.second": second, "test.stuck": stuck, "test.slow": slow}
)


def advance(step_id: int) -> bool:
    """The real one, once this module has added its kinds."""
    return real.advance(step_id)


def sweep() -> int:
    """The real one, once this module has added its kinds; a file tells that this worker is about to begin."""
    (settings.HOME / "begun").touch()
    return real_sweep()


def drain() -> int:
    """The real one, once this module has added its kinds."""
    return real.drain()
