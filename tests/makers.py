"""Reviews, verdicts and cases for tests that are not about how these come to be."""

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection, transaction

from wanhui.analytics import actions as analytics
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict
from wanhui.work import actions as work

_counter = itertools.count(1)


def today() -> date:
    """The day on which a review made here was said unless told otherwise."""
    return clock.now().date()


def review(store: Store, text: str = "裤子起球了", *, stars: int | None = 1, **more: object) -> Review:
    """A stored review, said yesterday evening at a known second, seen now."""
    said_at = clock.now() - timedelta(hours=20)
    fields: dict[str, object] = {
        "said_on": said_at.date(), "said_at": said_at, "precision": "second", "seen_at": clock.now(),
        "buyer": "衣***柜", "raw": text, "fingerprint": f"made-{next(_counter)}",
        "text_digest": hashlib.sha256(text.encode()).hexdigest(), "no_text": not text,
    }
    return Review.objects.create(store=store, text=text, stars=stars, **(fields | more))


def follow_up(of: Review, text: str, position: int = 1) -> FollowUp:
    """A later text to a review."""
    return FollowUp.objects.create(
        review=of, position=position, text=text, raw=text, days_after=3, said_on=today(), seen_at=clock.now(),
        text_digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def verdict(of: Review, *causes: str, later: FollowUp | None = None, **more: object) -> Verdict:
    """The current verdict on a review (or on its follow-up): negative with these causes unless told otherwise."""
    stars = None if later else of.stars
    sentiment = more.pop("sentiment", "negative" if causes else "positive")
    found = [{"code": c.split(".")[0], "sub": c if "." in c else None, "score": 0.9, "evidence": []} for c in causes]
    fields: dict[str, object] = {
        "engine": "test", "made_at": clock.now(), "text_digest": (later or of).text_digest, "language": "zh-Hans",
        "sentiment": sentiment, "causes": found, "primary": causes[0].split(".")[0] if causes else "", "severity": 3,
        "bad": stars <= 2 if stars is not None else sentiment == "negative", "middling": stars == 3,
    }
    return Verdict.objects.create(review=of, follow_up=later, **(fields | more))


def bring_into_search() -> None:
    """Note that everything is brought into the search, as the migration of an installation from before it does."""
    migration = import_module("wanhui.reviews.migrations.0002_lists")
    migration.bring_in(apps, SimpleNamespace(connection=connection))


def case(store: Store, text: str = "裤子起球了", *, causes: tuple[str, ...] = ("quality",), **more: object) -> Case:
    """An open case about one judged bad review; `more` goes to the review."""
    made = review(store, text, **more)
    verdict(made, *causes)
    return cases.open_case(made, actor=None)


def count() -> None:
    """Bring the figures up to date: rows made here are not marked as those of the desk's own verbs are."""
    with transaction.atomic():
        for store in Store.objects.all():
            work.mark_stale(store.pk)
    analytics.recount()


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
