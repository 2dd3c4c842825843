"""Processes that belong together end together."""

import multiprocessing
import os
import signal
import threading


def leave_with_parent() -> None:
    """Ends this process, gently, when the process that made it is gone.

    A parent that was killed cannot stop its children, and a page server left behind would keep the port. Does
    nothing in a process that multiprocessing did not make.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        # To the process, not to this thread: the main thread waits inside the server and must be woken.
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True, name="leave-with-parent").start()


def one_worker() -> None:
    """What each process of `work --workers N` runs. It stands here because a fresh process imports this module before
    Django is ready, and `serve` knows models."""
    import django

    django.setup()
    leave_with_parent()
    from wanhui.config.serve import work

    work(1)
