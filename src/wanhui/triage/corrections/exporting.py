"""Checked verdicts as lines for the training of an engine: one JSON object each, personal data masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from wanhui.kit.batches import chunks
from wanhui.stores.models import Store
from wanhui.triage.corrections import queries
from wanhui.triage.corrections.masking import masked
from wanhui.triage.corrections.queries import Row
from wanhui.triage.models import Verdict

_AT_ONCE = 500


def lines(store: Store) -> Iterator[str]:
    """Every checked verdict of a store with words in it, the newest first."""
    for part in chunks(list(queries.rows(store)), _AT_ONCE):
        for row, verdict in _with_verdicts(part):
            if not verdict.no_text:
                yield json.dumps(told(row, verdict), ensure_ascii=False)


def _with_verdicts(part: Iterable[Row]) -> Iterator[tuple[Row, Verdict]]:
    rows = list(part)
    found = Verdict.objects.filter(pk__in=[row.pk for row in rows])
    verdicts = {each.pk: each for each in found.select_related("review", "follow_up", "about")}
    return ((row, verdicts[row.pk]) for row in rows if row.pk in verdicts)


def told(row: Row, verdict: Verdict) -> dict[str, Any]:
    """One line. `engine_said` is the engine's verdict with scores; evidence points into the masked text, which is as
    long as the customer's. Where the customer changed the text since, it is None: the verdict was about other words."""
    review, later, engine = verdict.review, verdict.follow_up, verdict.about or verdict
    same = verdict.text_digest == (later or review).text_digest
    secrets = [review.buyer, review.order_number, review.platform_id]
    return {
        "text": masked((later or review).text, secrets) if same else None,
        "star": review.stars if later is None else None,
        "language": verdict.language,
        "sentiment": verdict.sentiment or None,
        "causes": verdict.causes,
        "primary": verdict.primary or None,
        "flags": verdict.flags,
        "confirmed": verdict.about_id is None,
        "checked_at": row.at.isoformat(),
        "engine_said": {
            "engine": engine.engine, "sentiment": engine.sentiment or None, "causes": engine.causes,
            "near": engine.near, "primary": engine.primary or None, "flags": engine.flags,
        },
    }  # fmt: skip
