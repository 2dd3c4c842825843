"""When a step is tried again, and when a process counts as alive. Pure."""

from datetime import datetime, timedelta

MAX_ATTEMPTS = 6
# A worker that dies is mostly somebody's power cut or restart, not the step's fault: it is tried far more often.
MAX_DEATHS = 30
BEAT_EVERY = timedelta(seconds=45)
# Two beats may be late: SQLite's one writer can hold a beat up for twenty seconds.
SILENT_AFTER = timedelta(seconds=150)
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=1)


def wait_before(attempt: int) -> timedelta:
    """How long to wait before this attempt (2 = the second): 10 s, five times longer each time, an hour at most."""
    if attempt < 2:
        return timedelta(0)
    return min(_FIRST_WAIT * int(5 ** min(attempt - 2, MAX_ATTEMPTS)), _LONGEST_WAIT)


def gives_up(attempts: int) -> bool:
    """Whether a step that failed this many times is put before a person instead."""
    return attempts >= MAX_ATTEMPTS


def kills_workers(deaths: int) -> bool:
    """Whether a step in whose attempts so many workers died, one after the other, is put before a person."""
    return deaths >= MAX_DEATHS


def is_alive(seen_at: datetime, now: datetime) -> bool:
    """Whether a process that beat at `seen_at` counts as running."""
    return now - seen_at < SILENT_AFTER
