"""Picking up what a crash or a lost nudge left."""

from wanhui.pipeline import helper
from wanhui.pipeline.advance import advance
from wanhui.work import actions as work


def sweep() -> int:
    """Try every step that is due and that nobody holds; how many were tried."""
    due = work.due_steps()
    helper.call(steps=len(due))
    return sum(advance(step_id) for step_id in due)


def every_minute() -> int:
    """The sweep of this minute, by one of all workers; how many steps were tried here."""
    return sweep() if work.take_turn("sweep") else 0
