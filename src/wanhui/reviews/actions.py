"""Reviews come in: a whole file piece by piece, or one typed by a person."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, tzinfo
from itertools import islice
from time import monotonic
from typing import IO
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.connectors import actions as connectors
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.rows import ReviewRow
from wanhui.connectors.models import Import, ImportLine
from wanhui.connectors.queries import path_of
from wanhui.connectors.queries import rows as rows_of
from wanhui.kit import clock
from wanhui.kit.batches import chunks
from wanhui.kit.errors import Refused
from wanhui.reviews import rules
from wanhui.reviews.intake_actions import Batch, Row, ledger_of
from wanhui.reviews.models import Review
from wanhui.reviews.rules import Kind, Ledger, Numbering, Survey
from wanhui.reviews.shaping import Intake
from wanhui.reviews.typed import MAX_SCREENSHOT, MAX_TEXT, Typed, image_ending
from wanhui.reviews.walked import Walked
from wanhui.stores.actions import ProductKey, know_products
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.work import actions as work
from wanhui.work.models import Step

MOST_ROWS, MOST_SECONDS = 500, 0.2  # of one transaction: others want to write too
_FEWEST_ROWS = 25
_RENEW_AFTER = 5_000  # rows read

FIGURES = ("new", "edited", "duplicate", "refused", "follow_ups")

Progress = Callable[[int, int], None]


def take_in(
    import_id: int, *, actor: User | None, on_progress: Progress | None = None, step: Step | None = None
) -> Import:
    """Take in a confirmed import from where it stands; a dry run only fills the report.

    The file is walked through once before anything is written, so a file broken in its middle is refused whole. Each
    transaction then stores at most 500 rows with their lines, figures and the step "reviews.received"; the last one
    writes the audit entry. May be called again after a crash, and while another worker is at it: that one goes on
    alone. `on_progress` is told rows done and rows in all.
    """
    source = Import.objects.select_related("store").get(pk=import_id)
    if source.state not in (Import.State.CONFIRMED, Import.State.RUNNING):
        connectors.clear_up(source)
        return source
    zone = ZoneInfo(source.store.timezone)
    with closing(Walked(path_of(source).parent)) as rows:
        try:
            survey = _survey(source, zone, rows, step)
        except FileProblem as problem:
            return connectors.refuse(source, problem.message, actor=actor)
        _start(source, survey.total)
        source.refresh_from_db()
        products = {} if source.dry_run else _products(source.store_id, survey, actor)
        intake = Intake(source.store_id, zone, clock.now(), products, source, dry_run=source.dry_run)
        _walk(intake, source, rows, survey, actor, on_progress, step)
    source.refresh_from_db()
    return source


def type_in(store: Store, typed: Typed, *, actor: User, screenshot: IO[bytes] | None = None) -> Review:
    """Take in one review that a person typed or pasted. Refused when it says nothing, is known already, lies in the
    future, or its screenshot is no picture."""
    require(actor, Verb.IMPORT, store.pk)
    row = typed.as_row()
    zone = ZoneInfo(store.timezone)
    _refuse_typed(typed, row, clock.now().astimezone(zone))
    picture = _picture(screenshot)
    survey = Survey(zone)
    survey.add(row)
    intake = Intake(store.pk, zone, clock.now(), _products(store.pk, survey, actor), None)
    seen = rules.sight(row, survey, Numbering())
    with transaction.atomic():
        _lock(store.pk)
        batch = Batch(intake, *ledger_of(store.pk, [seen], Ledger()))
        if batch.take(row, seen).kind is not Kind.NEW:
            raise Refused(_("This review is already in the desk. Search for its words to open it."))
        review = batch.fresh[0]
        review.typed, review.link = True, typed.link
        [review_id] = batch.save()
        if picture is not None:
            review.screenshot.save(picture[0], ContentFile(picture[1]))
        work.note("reviews.received", f"typed/{review_id}", ids=[review_id])
        record("reviews.type_in", actor=actor, kind="review", ref=review_id, store=store.pk)
    return review


def _survey(source: Import, zone: tzinfo, walked: Walked, step: Step | None) -> Survey:
    survey = Survey(zone, source.first_row)
    with closing(rows_of(source)) as rows:
        for row in rows:
            survey.add(row)
            walked.add(row)
            if survey.total % _RENEW_AFTER == 0 and step is not None:
                work.renew(step)
    return survey


def _seen_rows(rows: Iterable[ReviewRow], survey: Survey, first: int) -> Iterator[Row]:
    """The rows from `first` on; those before are only counted, so that the k-th equal row is the k-th again."""
    numbering = Numbering()
    for row in rows:
        refusal = survey.refusal(row)
        seen = None if refusal else rules.sight(row, survey, numbering)
        if row.row >= first:
            yield Row(row, seen, refusal)


def _products(store_id: int, survey: Survey, actor: User | None) -> dict[ProductKey, int]:
    known: dict[ProductKey, int] = {}
    for part in chunks(sorted(survey.products), 1000):
        known |= know_products(store_id, part, actor=actor)
    return known


def _walk(
    intake: Intake,
    source: Import,
    walked: Walked,
    survey: Survey,
    actor: User | None,
    on_progress: Progress | None,
    step: Step | None,
) -> None:
    done, size, total = source.done_rows, MOST_ROWS, survey.total
    rehearsal = Ledger() if intake.dry_run else None
    rows = _seen_rows(walked, survey, done)
    while True:
        part = list(islice(rows, size))
        seconds = _take_part(intake, source, part, done, total, actor, rehearsal)
        if seconds is None:
            return
        size = _next_size(size, seconds)
        done += len(part)
        if on_progress is not None:
            on_progress(done, total)
        if done >= total or (step is not None and not work.renew(step, ahead=True)):
            return


def _next_size(size: int, seconds: float) -> int:
    """Keep transactions below `MOST_SECONDS` on a slow disk, and grow back on a fast one."""
    if seconds > MOST_SECONDS:
        return max(_FEWEST_ROWS, int(size * MOST_SECONDS / seconds))
    return min(MOST_ROWS, size * 2) if seconds < MOST_SECONDS / 2 else size


def _take_part(
    intake: Intake,
    source: Import,
    part: Sequence[Row],
    first: int,
    total: int,
    actor: User | None,
    rehearsal: Ledger | None,
) -> float | None:
    """One transaction; how many seconds it kept others from writing, None when another worker has taken over."""
    with transaction.atomic():
        began = monotonic()  # not before: waiting for another writer must not make the parts smaller
        if not _holds(source, first):
            return None
        _lock(intake.store_id)
        sightings = [one.seen for one in part if one.seen is not None]
        batch = Batch(intake, *ledger_of(intake.store_id, sightings, Ledger() if rehearsal is None else rehearsal))
        for one in part:
            batch.account(one)
        ids = batch.save()
        _advance(source, batch.counts, batch.lines)
        if ids:
            work.note("reviews.received", f"import/{source.pk}/{first}", ids=ids)
        if batch.answered:
            work.note("replies.appeared", f"import/{source.pk}/{first}", ids=batch.answered)
        if first + len(part) >= total:
            connectors.finish(source, "reviews.dry_run" if intake.dry_run else "reviews.take_in", actor=actor)
    return monotonic() - began


def _start(source: Import, total_rows: int) -> None:
    """The file has been read through. A dry run stores nothing from which it could go on: it begins anew."""
    again = {"done_rows": 0, **dict.fromkeys(FIGURES, 0)} if source.dry_run else {}
    with transaction.atomic():
        Import.objects.filter(pk=source.pk, state__in=[Import.State.CONFIRMED, Import.State.RUNNING]).update(
            state=Import.State.RUNNING, total_rows=total_rows, **again
        )
        if again:
            source.lines.all().delete()


def _holds(source: Import, first: int) -> bool:
    """Lock the import and say whether the next row to take in is still `first`."""
    mine = Import.objects.select_for_update().filter(pk=source.pk, done_rows=first, state=Import.State.RUNNING)
    return mine.values_list("pk").first() is not None


def _advance(source: Import, counts: Counter[str], lines: Sequence[ImportLine]) -> None:
    """So many more rows are done, with these outcomes."""
    ImportLine.objects.bulk_create(lines, ignore_conflicts=True)
    done = counts["new"] + counts["edited"] + counts["duplicate"] + counts["refused"]
    Import.objects.filter(pk=source.pk).update(
        done_rows=F("done_rows") + done, **{name: F(name) + count for name, count in counts.items()}
    )


def _lock(store_id: int) -> None:
    """One import at a time decides what is new in a store (PostgreSQL; SQLite has one writer anyway)."""
    Store.objects.select_for_update(no_key=True).filter(pk=store_id).values_list("pk").first()


def _refuse_typed(typed: Typed, row: ReviewRow, now: datetime) -> None:
    if not row.text and not row.follow_ups and row.stars is None and not row.platform_verdict:
        raise Refused(_("Give the words of the review, or at least its stars."))
    if len(typed.text) > MAX_TEXT:
        raise Refused(_("This text is too long for one review. Paste one review at a time."))
    future = row.said_on is not None and row.said_on > now.date()
    if future or (row.said_at is not None and row.said_at > now.replace(tzinfo=None)):
        raise Refused(_("This review would lie in the future. Check its date and time."))


def _picture(upload: IO[bytes] | None) -> tuple[str, bytes] | None:
    """The screenshot under a random name, or Refused: what is served later must be a picture and nothing else."""
    if upload is None:
        return None
    data = upload.read(MAX_SCREENSHOT + 1)
    if len(data) > MAX_SCREENSHOT:
        raise Refused(_("This picture is larger than 8 MB. Choose a smaller one."))
    ending = image_ending(data)
    if not ending:
        raise Refused(_("This file is not a picture we can show. Choose a PNG, JPEG or WebP picture."))
    return f"{secrets.token_hex(16)}.{ending}", data
