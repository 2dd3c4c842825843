"""The time, asked for in one place: rules never ask themselves, and the demo world can be told as if it happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; inside `at`, the moment that was told."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at this aware moment: for telling a story, and for tests. ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def day_in(moment: datetime, zone: str) -> date:
    """The calendar day on which an aware moment falls in a time zone, such as "Europe/Berlin"."""
    return moment.astimezone(ZoneInfo(zone)).date()
