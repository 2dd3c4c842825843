"""A second process that does steps while a large import is under way, so that judging runs beside taking in.

It knows only the Step rows, as every worker does: killed at any moment it loses nothing. It is called when it pays and
leaves by itself when nothing is due any more, or when the process that called it is gone.
"""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

ROWS, STEPS = 5_000, 10  # from this much left to do it pays: starting takes about a second
_IDLE_SECONDS = 3.0
_A_HANDFUL = 8  # looked up at once: the caller works at the same list

_lock = threading.Lock()
_at_work: tuple[BaseProcess, Event] | None = None


def call(*, rows: int = 0, steps: int = 0) -> None:
    """Make sure that a helper is at work if so many rows or steps are left; nothing happens where it cannot pay."""
    global _at_work
    if (rows < ROWS and steps < STEPS) or not _pays():
        return
    with _lock:
        if _at_work is not None and _at_work[0].is_alive():
            return
        # Spawned, never forked: this process has threads, and a fork would copy their locks.
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        helper = context.Process(target=_help, args=(stop,), name="wanhui-helper", daemon=True)
        helper.start()
        _at_work = helper, stop


def dismiss() -> bool:
    """Let the helper finish the step it is at and leave; False when there was none."""
    global _at_work
    with _lock:
        found, _at_work = _at_work, None
    if found is None or not found[0].is_alive():
        return False
    helper, stop = found
    stop.set()
    helper.join()
    return True


def _pays() -> bool:
    """Only with a second core, and not for one of several workers: those are each other's helpers."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1 and multiprocessing.parent_process() is None


def _help(stop: Event) -> None:
    """What the helper runs: this module is imported before Django is ready, so the rest is imported here."""
    import django

    django.setup()
    asked: list[int] = []  # no lock: a signal may come while this very thread holds the one of `stop`
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))  # the step at hand is finished first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the caller answers it
    from wanhui.kit.batches import collect_seldom
    from wanhui.pipeline.advance import advance
    from wanhui.work import actions as work

    collect_seldom()
    parent = multiprocessing.parent_process()
    assert parent is not None, "only ever started by another process"
    busy_at = time.monotonic()
    while time.monotonic() - busy_at < _IDLE_SECONDS and not asked and not stop.wait(0.05) and parent.is_alive():
        for step_id in work.due_steps(_A_HANDFUL):
            if asked or stop.is_set() or not parent.is_alive():
                return
            if advance(step_id):
                busy_at = time.monotonic()
