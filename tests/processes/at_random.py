"""Real workers killed at random moments while a real file is taken in and judged; what must be there in the end.

`bring`, `left` and `look` run inside the installation (see driver.py); `played` starts the workers and kills them.
"""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.processes.conftest import Installation


def bring(path: str) -> dict[str, int]:
    """A shop and its file, confirmed."""
    from wanhui.connectors import actions as connectors
    from wanhui.kit import clock
    from wanhui.stores.models import Store
    from wanhui.work import queue

    queue.nudge = lambda step_id: None  # it is lost, as after a crash: the starting worker sweeps
    store = Store.objects.create(name="测试店", platform="jd", created_at=clock.now())
    with Path(path).open("rb") as stream:
        source = connectors.receive(store, stream, Path(path).name, actor=None)
    connectors.confirm(source, actor=None)
    return {"import": source.pk}


def left() -> dict[str, Any]:
    """How many steps wait or are held, how many were given up, and how many rows are in."""
    from wanhui.connectors.models import Import
    from wanhui.work.models import Step

    states = Counter(Step.objects.values_list("state", flat=True))
    return {
        "open": states["waiting"] + states["claimed"], "failed": states["failed"],
        "rows": Import.objects.values_list("done_rows", flat=True).get(),
    }  # fmt: skip


def look() -> dict[str, Any]:
    """All that the import must have left, whoever was killed on the way."""
    from django.conf import settings

    from wanhui.audit.models import Entry
    from wanhui.cases.models import Case
    from wanhui.connectors.models import Import, ImportLine
    from wanhui.reviews.models import FollowUp, Review
    from wanhui.search.models import Findable
    from wanhui.search.rules import Kind
    from wanhui.stores.models import Product
    from wanhui.triage.models import Verdict
    from wanhui.work.models import Step

    fields = ("state", "total_rows", "done_rows", "new", "edited", "duplicate", "refused", "follow_ups")
    said = ("review__fingerprint", "review__occurrence", "text_digest", "current", "engine", "sentiment", "primary")
    judged = Entry.objects.filter(verb="triage.judge").values_list("counts", flat=True)
    verbs = Counter(Entry.objects.values_list("verb", flat=True))
    return {
        "import": Import.objects.values(*fields).get(),
        "steps": sorted(set(Step.objects.values_list("state", flat=True))),
        "reviews": _digest(Review.objects, "fingerprint", "occurrence", "text", "platform_id"),
        "follow-ups": _digest(FollowUp.objects, "text_digest", "review__fingerprint", "position"),
        "verdicts": _digest(Verdict.objects, *said),
        "verdicts in the record": sum(counts["verdicts"] for counts in judged),
        "cases": _digest(Case.objects, "case_reviews__review__fingerprint", "stage", "severity"),
        "products": Product.objects.count(),
        "lines": ImportLine.objects.count(),
        "found by searching": Findable.objects.filter(kind=Kind.REVIEW).count(),
        "entries": {verb: verbs[verb] for verb in ("reviews.take_in", "connectors.confirm", "cases.open")},
        "files left": sum(file.is_file() for file in (Path(settings.MEDIA_ROOT) / "imports").iterdir()),
    }


def _digest(rows: Any, *fields: str) -> str:
    """How many rows there are, and a sum over what stands in them, whatever order they were written in."""
    digest, many = sha256(), 0
    for row in rows.order_by(*fields).values_list(*fields).iterator(chunk_size=2000):
        digest.update(repr(row).encode("utf-8", "replace"))
        many += 1
    return f"{many} {digest.hexdigest()[:16]}"


@dataclass
class Played:
    """What came of a run: the state at the end, seconds in all, and the rows that were in at each kill."""

    seen: dict[str, Any]
    seconds: float
    kills: list[str] = field(default_factory=list)


def played(place: "Installation", file: Path, *, kills: int, seed: int, span: float, lease: float) -> Played:
    """Take the file in with real workers, killed `kills` times at moments up to `span` seconds after they began, then
    left alone until everything is done."""
    dice = random.Random(seed)
    variables = {"WANHUI_STEP_LEASE_SECONDS": str(lease), "OPENBLAS_NUM_THREADS": "1"}
    place.drive("bring", str(file), within=600)
    begun = time.monotonic()
    done: list[str] = []
    for _number in range(kills):
        (place.home / "begun").unlink(missing_ok=True)
        worker = place.start("work", **variables)
        until = time.monotonic() + 60
        while not (place.home / "begun").exists() and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(dice.uniform(0.0, span))
        whom = _kill(worker, dice)
        state = place.drive("left", within=600)
        done.append(f"{whom} at {state['rows']} rows, {state['open']} steps open")
        assert not state["failed"], state
        time.sleep(lease)  # until then the dead one's steps are held
        if not state["open"]:
            break
    worker = place.start("work", **variables)
    while (state := place.drive("left", within=600))["open"]:
        assert not state["failed"], state
        time.sleep(max(0.3, span / 10))
    seconds = time.monotonic() - begun
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=120)
    return Played(place.drive("look", within=900), seconds, done)


def _kill(worker: "subprocess.Popen[str]", dice: random.Random) -> str:
    """The power fails (every process at once), or only the worker dies, or only its helper."""
    helpers = _children(worker.pid)
    whom = dice.choice(["all", "worker", "helper"]) if helpers else "all"
    with contextlib.suppress(ProcessLookupError):
        if whom == "helper":
            for helper in helpers:
                os.kill(helper, signal.SIGKILL)
            time.sleep(dice.uniform(0.0, 0.5))
        if whom == "all":
            os.killpg(worker.pid, signal.SIGKILL)
        os.kill(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=60)
    return whom


def _children(pid: int) -> list[int]:
    """Processes that this one started, where the system tells."""
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in told.stdout.split()]
