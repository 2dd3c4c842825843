"""Huey, typed: only a nudge. What must happen stands in the Step rows; a lost nudge costs time, never work."""

from collections.abc import Callable
from importlib import import_module
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.db import close_old_connections, connection
from huey import Huey, PostgresHuey, SqliteHuey, crontab

_TABLES_LOCK = 0x77616E68  # any number nobody else locks


def _make() -> Huey:
    database = settings.DATABASES["default"]
    if "postgresql" in database["ENGINE"]:
        return on_postgres(_dsn(database))
    return SqliteHuey("wanhui", filename=str(settings.WANHUI_QUEUE_FILE), results=False)


def on_postgres(dsn: str) -> Huey:
    """The queue in a PostgreSQL database; its tables are made by whoever comes first, one at a time."""
    import psycopg  # only where the extra is installed

    made = PostgresHuey("wanhui", dsn=dsn, results=False, create_tables=False)
    with psycopg.connect(dsn, autocommit=True) as connection_:
        # "If not exists" alone fails where two processes of a first start ask at the same moment.
        connection_.execute("SELECT pg_advisory_lock(%s)", [_TABLES_LOCK])
        made.storage.initialize_schema()
    return made


def _dsn(database: dict[str, Any]) -> str:
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return " ".join(f"{word}='{database[key]}'" for key, word in names.items() if database.get(key))


huey: Huey = _make()

COUNT_AFTER_SECONDS = 4.0
TELL_AFTER_SECONDS = 2.0


class Once:
    """A job that a burst of changes asks for many times and that is done once, after it.

    It comes `seconds` after the first one asked; another is put into the queue only when that one may already have
    begun, so that what changed is never older than the job that looks at it.
    """

    def __init__(self, job: Callable[..., Any], seconds: float) -> None:
        self._job, self._seconds, self._asked_at = job, seconds, float("-inf")
        self.__qualname__ = type(self).__qualname__  # by it Django's log names a hook that failed

    def __call__(self) -> None:
        now = monotonic()
        if now - self._asked_at >= self._seconds / 2:
            self._job.schedule(delay=self._seconds)  # type: ignore[attr-defined]
            self._asked_at = now


Job = Callable[..., Any]


def _task(name: str) -> Callable[[Job], Job]:
    return cast("Callable[[Job], Job]", huey.task(name=name))


def _every_minute(name: str) -> Callable[[Job], Job]:
    return cast("Callable[[Job], Job]", huey.periodic_task(crontab(minute="*"), name=name))


def _named(path: str) -> Callable[..., Any]:
    module, name = path.rsplit(".", 1)
    return cast("Callable[..., Any]", getattr(import_module(module), name))


@_task("advance")
def advance(step_id: int) -> None:
    """Try one step now."""
    _with_fresh_connection(settings.WANHUI_ADVANCE, step_id)


@_task("sweep")
def sweep() -> None:
    """Whatever is due and nobody holds: asked for when a worker starts."""
    _with_fresh_connection(settings.WANHUI_SWEEP)


@_every_minute("every_minute")
def every_minute() -> None:
    """The same once a minute, by one of all workers."""
    _with_fresh_connection(settings.WANHUI_EVERY_MINUTE)


def _with_fresh_connection(path: str, *args: Any) -> None:
    close_old_connections()
    try:
        _named(path)(*args)
    finally:
        if not connection.in_atomic_block:
            close_old_connections()


@_task("recount")
def recount() -> None:
    """Count anew what changed, unless more is about to change."""
    _with_fresh_connection(settings.WANHUI_RECOUNT)


nudge_recount = Once(recount, COUNT_AFTER_SECONDS)  # figures changed


@_task("tell")
def tell() -> None:
    """Send what receivers outside should hear."""
    _with_fresh_connection(settings.WANHUI_TELL)


nudge_tell = Once(tell, TELL_AFTER_SECONDS)  # somebody outside wants to hear something


def nudge(step_id: int) -> None:
    """Tell a worker that a step is due."""
    advance(step_id)
