"""Reviews come in: a whole file piece by piece, or one typed by a person."""

import secrets
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import islice
from time import monotonic
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F, Field, Model
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.connectors import actions as connectors
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.rows import ReviewRow
from wanhui.connectors.models import Import, ImportLine
from wanhui.connectors.queries import rows as rows_of
from wanhui.kit import clock
from wanhui.kit.batches import chunks
from wanhui.kit.errors import Refused
from wanhui.reviews import queries, rules, shaping
from wanhui.reviews.models import Edit, FollowUp, Review
from wanhui.reviews.rules import Decision, Kind, Ledger, Numbering, Sighting, Survey
from wanhui.reviews.shaping import Intake
from wanhui.reviews.typed import MAX_SCREENSHOT, MAX_TEXT, Typed, image_ending
from wanhui.stores.actions import ProductKey, know_products
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.work import actions as work
from wanhui.work.models import Step

MOST_ROWS, MOST_SECONDS = 500, 0.2  # of one transaction: others want to write too
_FEWEST_ROWS = 25
KEPT_ROWS = 20_000  # of a file, about 50 MB in memory; a longer file is read twice
_OLDER = "an earlier version of a review that has changed since; nothing was changed back"
_EDITABLE = [
    "text", "raw", "text_digest", "no_text", "stars", "platform_verdict", "fingerprint", "occurrence", "platform_id",
    "platform_reply", "platform_reply_on",
]  # fmt: skip
_LEARNT = ["platform_id", "platform_reply", "platform_reply_on"]

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
    try:
        file = _survey(source, zone, step)
    except FileProblem as problem:
        return connectors.refuse(source, problem.message, actor=actor)
    _start(source, file.survey.total)
    source.refresh_from_db()
    products = {} if source.dry_run else _products(source.store_id, file.survey, actor)
    intake = Intake(source.store_id, zone, clock.now(), products, source, dry_run=source.dry_run)
    _walk(intake, source, file, actor, on_progress, step)
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
        batch = _Batch(intake, *_ledger(store.pk, [seen], Ledger()))
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file with what identity sees in it, or with the reason why it is refused."""

    row: ReviewRow
    seen: Sighting | None
    refusal: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file that has been walked through once; the rows of a small one are kept for the second walk."""

    source: Import
    survey: Survey
    kept: list[ReviewRow]

    def seen_rows(self, first: int) -> Generator[_Row, None, None]:
        """The rows from `first` on; those before are only counted, so that the k-th equal row is the k-th again."""
        numbering = Numbering()
        again = (row for row in self.kept) if self.kept else rows_of(self.source)
        with closing(again) as rows:
            for row in rows:
                refusal = self.survey.refusal(row)
                seen = None if refusal else rules.sight(row, self.survey, numbering)
                if row.row >= first:
                    yield _Row(row, seen, refusal)


def _survey(source: Import, zone: tzinfo, step: Step | None) -> _File:
    survey, kept = Survey(zone), list[ReviewRow]()
    with closing(rows_of(source)) as rows:
        for row in rows:
            survey.add(row)
            if survey.total <= KEPT_ROWS:
                kept.append(row)
            elif survey.total % KEPT_ROWS == 0 and step is not None:
                work.renew(step)
    return _File(source, survey, kept if survey.total <= KEPT_ROWS else [])


def _products(store_id: int, survey: Survey, actor: User | None) -> dict[ProductKey, int]:
    known: dict[ProductKey, int] = {}
    for part in chunks(sorted(survey.products), 1000):
        known |= know_products(store_id, part, actor=actor)
    return known


def _walk(
    intake: Intake, source: Import, file: _File, actor: User | None, on_progress: Progress | None, step: Step | None
) -> None:
    done, size, total = source.done_rows, MOST_ROWS, file.survey.total
    rehearsal = Ledger() if intake.dry_run else None
    with closing(file.seen_rows(done)) as rows:
        while True:
            part = list(islice(rows, size))
            began = monotonic()
            if not _take_part(intake, source, part, done, total, actor, rehearsal):
                return
            size = _next_size(size, monotonic() - began)
            done += len(part)
            if on_progress is not None:
                on_progress(done, total)
            if done >= total or (step is not None and not work.renew(step)):
                return


def _next_size(size: int, seconds: float) -> int:
    """Keep transactions below `MOST_SECONDS` on a slow disk, and grow back on a fast one."""
    if seconds > MOST_SECONDS:
        return max(_FEWEST_ROWS, int(size * MOST_SECONDS / seconds))
    return min(MOST_ROWS, size * 2) if seconds < MOST_SECONDS / 2 else size


def _take_part(
    intake: Intake,
    source: Import,
    part: Sequence[_Row],
    first: int,
    total: int,
    actor: User | None,
    rehearsal: Ledger | None,
) -> bool:
    """One transaction; False when another worker has taken over this import."""
    with transaction.atomic():
        if not _holds(source, first):
            return False
        _lock(intake.store_id)
        sightings = [one.seen for one in part if one.seen is not None]
        batch = _Batch(intake, *_ledger(intake.store_id, sightings, Ledger() if rehearsal is None else rehearsal))
        for one in part:
            batch.account(one)
        ids = batch.save()
        _advance(source, batch.counts, batch.lines)
        if ids:
            work.note("reviews.received", f"import/{source.pk}/{first}", ids=ids)
        if first + len(part) >= total:
            connectors.finish(source, "reviews.dry_run" if intake.dry_run else "reviews.take_in", actor=actor)
    return True


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


def _ledger(store_id: int, sightings: Sequence[Sighting], ledger: Ledger) -> tuple[Ledger, queries.Known]:
    """What is stored about these rows, in a number of queries that does not depend on how many they are."""
    known = queries.known_by_proof(store_id, sightings)
    for one in known.stored():
        ledger.add(one)
    by_second = queries.known_by_second(store_id, [s.key for s in sightings if s.key and not ledger.proven(s)])
    for one in by_second.stored():
        ledger.add(one)
    for pk, review in by_second.reviews.items():
        if pk not in known.reviews:
            known.reviews[pk] = review
            known.follow_ups[pk] = by_second.follow_ups[pk]
    return ledger, known


@dataclass(slots=True)
class _Batch:
    """Rows decided and not yet written."""

    intake: Intake
    ledger: Ledger
    known: queries.Known
    fresh: list[Review] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[ImportLine] = field(default_factory=list)
    _by_ref: dict[int, Review] = field(default_factory=dict)
    _later: list[FollowUp] = field(default_factory=list)
    _places: Counter[int] = field(default_factory=Counter)
    _edits: list[Edit] = field(default_factory=list)
    _edited: dict[int, Review] = field(default_factory=dict)
    _learnt: dict[int, Review] = field(default_factory=dict)
    _answered: dict[int, FollowUp] = field(default_factory=dict)
    _heard: set[int] = field(default_factory=set)

    def account(self, one: _Row) -> None:
        """Every row of a file ends here: as a review, as known already, or with its reason."""
        if one.seen is None:
            self.counts["refused"] += 1
            self._line(one.row, ImportLine.Outcome.REFUSED, one.refusal)
            return
        for problem in one.row.problems:
            self._line(one.row, ImportLine.Outcome.NOTED, problem)
        if self.take(one.row, one.seen).older:
            self._line(one.row, ImportLine.Outcome.NOTED, _OLDER)

    def take(self, row: ReviewRow, seen: Sighting) -> Decision:
        """Decide about one row, and remember what is to be written."""
        decision = self.ledger.what_is(seen)
        self.counts[_FIGURE[decision.kind]] += 1
        self.counts["follow_ups"] += len(decision.add)
        if self.intake.dry_run:
            return decision
        if decision.kind is Kind.NEW:
            review = shaping.fresh(self.intake, row, seen)
            self.fresh.append(review)
            self._by_ref[decision.ref] = review
        else:
            review = self._by_ref.get(decision.ref) or self.known.reviews[decision.ref]
            self._again(review, row, seen, decision)
        self._add_follow_ups(review, row, decision)
        return decision

    def save(self) -> list[int]:
        """Write everything; the ids of reviews that are new or say something new."""
        Review.objects.bulk_create(self.fresh)
        Edit.objects.bulk_create(self._edits)
        FollowUp.objects.bulk_create(self._later)
        _rewrite(list(self._edited.values()), _EDITABLE)
        learnt = [review for pk, review in self._learnt.items() if pk not in self._edited]
        _rewrite(learnt, _LEARNT)
        _rewrite(list(self._answered.values()), ["platform_reply"])
        return sorted({review.pk for review in self.fresh} | self._heard)

    def _line(self, row: ReviewRow, outcome: str, reason: str) -> None:
        if self.intake.source is not None:
            line = ImportLine(source=self.intake.source, row=row.row + 1, outcome=outcome, reason=reason[:300])
            self.lines.append(line)

    def _again(self, review: Review, row: ReviewRow, seen: Sighting, decision: Decision) -> None:
        """A stored review came again: its customer or the shop may have said something since."""
        if decision.learns_id:
            review.platform_id = seen.platform_id
            self._touch(self._learnt, review)
        if row.reply and not decision.older and row.reply != review.platform_reply:
            review.platform_reply, review.platform_reply_on = row.reply, shaping.day(row.reply_at)
            self._touch(self._learnt, review)
        self._answers(review, row, decision)
        if decision.kind is Kind.EDITED:
            self._edits.append(shaping.kept(review, self.intake.now))
            shaping.rewrite(review, row, seen)
            self._touch(self._edited, review)
        if decision.kind in (Kind.EDITED, Kind.FOLLOW_UP_ADDED) and review.pk:
            self._heard.add(review.pk)

    def _answers(self, review: Review, row: ReviewRow, decision: Decision) -> None:
        """The shop's reply to a follow-up that is stored already."""
        stored = {later.text_digest: later for later in self.known.follow_ups.get(review.pk or 0, [])}
        for index, said in enumerate(row.follow_ups):
            later = stored.get(rules.text_digest(said.text)) if said.reply and index not in decision.add else None
            if later is not None and later.pk and later.platform_reply != said.reply:
                later.platform_reply = said.reply
                self._answered[later.pk] = later

    def _add_follow_ups(self, review: Review, row: ReviewRow, decision: Decision) -> None:
        for index in decision.add:
            self._places[id(review)] += 1
            place = self._places[id(review)] + len(self.known.follow_ups.get(review.pk or 0, []))
            self._later.append(shaping.follow_up(self.intake, review, row.follow_ups[index], place))

    def _touch(self, group: dict[int, Review], review: Review) -> None:
        if review.pk:
            group[review.pk] = review


def _rewrite(changed: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of many rows with one statement for all. `bulk_update` builds a CASE for every cell, which
    took nine tenths of the time of an export with many edits."""
    if not changed:
        return
    table = changed[0]._meta.db_table
    fields = [cast("Field[Any, Any]", changed[0]._meta.get_field(name)) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields), one.pk]
        for one in changed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{table}" SET {columns} WHERE "id" = %s', values)


_FIGURE = {
    Kind.NEW: "new", Kind.DUPLICATE: "duplicate", Kind.EDITED: "edited", Kind.FOLLOW_UP_ADDED: "edited",
}  # fmt: skip


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
