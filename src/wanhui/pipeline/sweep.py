"""Picking up what a crash or a lost nudge left; and counting anew what changed, once a burst of changes is over."""

from datetime import timedelta

from wanhui.analytics import actions as analytics
from wanhui.connectors import actions as connectors
from wanhui.kit import clock
from wanhui.pipeline import helper
from wanhui.pipeline.advance import advance
from wanhui.webhooks import actions as webhooks
from wanhui.webhooks.queries import anybody_listens
from wanhui.work import actions as work


def sweep() -> int:
    """Try every step that is due and that nobody holds; how many were tried."""
    due = work.due_steps()
    helper.call(steps=len(due))
    return sum(advance(step_id) for step_id in due)


def every_minute() -> int:
    """The sweep of this minute, by one of all workers, and the figures; how many steps were tried here."""
    if not work.take_turn("sweep"):
        return 0
    tried = sweep()
    connectors.lapse(actor=None)
    recount()
    tell()
    return tried


# While an import goes on, the figures wait so long: its days come shuffled, and each is counted once, not once a batch.
PATIENCE = timedelta(seconds=40)


def recount() -> int:
    """Count the days anew that were marked stale; how many had changed. While steps are due, only what waited long."""
    since = work.stale_since()
    if since is None or (clock.now() - since < PATIENCE and work.due_steps(1)):
        return 0
    return analytics.recount()


def tell() -> int:
    """Tell receivers outside what happened, and send again what did not arrive; how many messages arrived."""
    if not anybody_listens():
        return 0
    webhooks.announce()
    return webhooks.deliver_due()
