"""Trying one step: claim it, do what the table says, mark it done. Exactly one worker wins a claim."""

import logging
import traceback

from wanhui.analytics import actions as analytics
from wanhui.pipeline import helper
from wanhui.pipeline.steps import STEPS
from wanhui.webhooks import telling
from wanhui.work import actions as work

log = logging.getLogger(__name__)


def advance(step_id: int) -> bool:
    """Try one step now. False when it was not ours to do: done already, not due, or held by another worker.

    A step may run twice (after a crash), so what the table calls must be idempotent; it notes what follows in its
    own transaction.
    """
    step = work.claim(step_id)
    if step is None:
        return False
    try:
        STEPS[step.kind](step)
    except Exception:  # the worker loop: whatever went wrong, the step is given back with its reason
        log.exception("step %s of %s failed (attempt %d)", step.kind, step.ref, step.attempts)
        work.fail(step, traceback.format_exc(limit=-3)[-2000:])
        return True
    work.finish(step)
    telling.soon()
    return True


def drain() -> int:
    """Do everything that is due, here and now, until nothing is left, and count the figures anew; how many steps were
    tried."""
    tried = 0
    while True:
        while due := work.due_steps():
            helper.call(steps=len(due))
            tried += sum(advance(step_id) for step_id in due)
        if not helper.dismiss():  # what it was at may have noted something
            analytics.recount()
            return tried
