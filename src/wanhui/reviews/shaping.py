"""Rows of a file in the form in which they are stored. Nothing is saved here."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from wanhui.connectors.file.rows import FollowUpRow, ReviewRow
from wanhui.connectors.models import Import
from wanhui.reviews import rules
from wanhui.reviews.models import Edit, FollowUp, Review
from wanhui.reviews.rules import Sighting
from wanhui.stores.actions import ProductKey


@dataclass(frozen=True, slots=True)
class Intake:
    """What is the same for all rows of one import (or of one typed review)."""

    store_id: int
    zone: tzinfo
    now: datetime
    products: dict[ProductKey, int]
    source: Import | None
    dry_run: bool = False


def fresh(intake: Intake, row: ReviewRow, seen: Sighting) -> Review:
    """A review that was not known."""
    return Review(
        store_id=intake.store_id,
        product_id=intake.products.get((row.product_id, row.product_name)),
        source=intake.source,
        platform_id=row.platform_id,
        fingerprint=seen.fingerprint,
        occurrence=seen.nth,
        text=row.text,
        raw=_storable(row.raw),
        text_digest=rules.text_digest(row.text, row.stars, row.platform_verdict),
        no_text=row.no_text,
        stars=row.stars,
        platform_verdict=row.platform_verdict,
        readers=row.readers,
        said_on=row.said_on,
        said_at=rules.localised(row.said_at, intake.zone),
        precision=row.precision,
        buyer=row.buyer[:120],
        anonymous=row.anonymous,
        order_number=row.order_id,
        sku=row.sku[:300],
        platform_reply=row.reply,
        platform_reply_on=day(row.reply_at),
        seen_at=intake.now,
    )


def follow_up(intake: Intake, review: Review, said: FollowUpRow, place: int) -> FollowUp:
    """A later text; `place` counts from 1."""
    return FollowUp(
        review=review,
        position=place,
        days_after=said.days_after,
        text=said.text,
        raw=_storable(said.raw),
        text_digest=rules.text_digest(said.text),
        said_on=said.said_on,
        said_at=rules.localised(said.said_at, intake.zone),
        platform_reply=said.reply,
        seen_at=intake.now,
    )


def kept(review: Review, now: datetime) -> Edit:
    """What a review says now, before it is rewritten."""
    return Edit(
        review=review,
        noticed_at=now,
        old_fingerprint=review.fingerprint,
        old_text=review.text,
        old_stars=review.stars,
        old_platform_verdict=review.platform_verdict,
    )


def rewrite(review: Review, row: ReviewRow, seen: Sighting) -> None:
    """The new words and stars; what the row leaves out stays."""
    if row.text:
        review.text, review.raw, review.no_text = row.text, _storable(row.raw), False
    review.stars = review.stars if row.stars is None else row.stars
    review.readers = review.readers if row.readers is None else row.readers
    review.platform_verdict = row.platform_verdict or review.platform_verdict
    review.fingerprint, review.occurrence = seen.fingerprint, seen.nth
    review.text_digest = rules.text_digest(review.text, review.stars, review.platform_verdict)


def _storable(raw: str) -> str:
    """PostgreSQL keeps no NUL; half a surrogate pair fits no encoding."""
    return raw.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def day(when: datetime | date | None) -> date | None:
    """The day of a time or a date."""
    return when.date() if isinstance(when, datetime) else when
