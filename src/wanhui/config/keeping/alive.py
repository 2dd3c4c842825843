"""Whether a desk is in use: who runs, and what is in it."""

import os
import socket

from django.db import connections

from wanhui.config.keeping.trouble import Trouble
from wanhui.kit import clock
from wanhui.stores.models import Store
from wanhui.work.models import Heartbeat
from wanhui.work.rules import is_alive


def running(alias: str) -> list[Heartbeat]:
    """The processes that count as running; one that died on this very machine does not."""
    if Heartbeat._meta.db_table not in connections[alias].introspection.table_names():
        return []
    now, here = clock.now(), socket.gethostname()
    beats = [one for one in Heartbeat.objects.using(alias).order_by("kind", "pid") if is_alive(one.seen_at, now)]
    return [one for one in beats if one.host != here or _is_there(one.pid)]


def _is_there(pid: int) -> bool:
    if os.name != "posix":  # elsewhere asking after a process could end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def refuse_while_running(alias: str) -> None:
    """Trouble that names who still runs."""
    if found := running(alias):
        who = ", ".join(f"{one.kind} (process {one.pid} on {one.host})" for one in found)
        raise Trouble(
            f"The desk is running: {who}. Stop it first, or what it writes meanwhile would be lost. "
            "(One on another machine that was killed counts as running for two and a half minutes.)",
            wrong_use=True,
        )


def stores(alias: str) -> int:
    """How many stores there are; a database without that table has none."""
    if Store._meta.db_table not in connections[alias].introspection.table_names():
        return 0
    return Store.objects.using(alias).count()
