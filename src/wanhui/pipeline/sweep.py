"""Picking up what a crash or a lost nudge left."""

from wanhui.pipeline.advance import advance
from wanhui.work import actions as work


def sweep() -> int:
    """Try every step that is due and that nobody holds; how many were tried."""
    return sum(advance(step_id) for step_id in work.due_steps())


def every_minute() -> int:
    """The sweep of this minute, by one of all workers; how many steps were tried here."""
    return sweep() if work.take_turn("sweep") else 0
