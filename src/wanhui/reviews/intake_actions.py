"""Rows decided and written: what a file's rows become, one batch at a time. Called inside the verbs of `actions`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model

from wanhui.connectors.file.rows import ReviewRow
from wanhui.connectors.models import ImportLine
from wanhui.reviews import queries, rules, shaping
from wanhui.reviews.models import Edit, FollowUp, Review
from wanhui.reviews.rules import Decision, Kind, Ledger, Sighting
from wanhui.reviews.shaping import Intake

_OLDER = "an earlier version of a review that has changed since; nothing was changed back"
_EDITABLE = [
    "text", "raw", "text_digest", "no_text", "stars", "platform_verdict", "fingerprint", "occurrence", "platform_id",
    "platform_reply", "platform_reply_on", "readers",
]  # fmt: skip
_LEARNT = ["platform_id", "platform_reply", "platform_reply_on", "readers"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file with what identity sees in it, or with the reason why it is refused."""

    row: ReviewRow
    seen: Sighting | None
    refusal: str


def ledger_of(store_id: int, sightings: Sequence[Sighting], ledger: Ledger) -> tuple[Ledger, queries.Known]:
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
class Batch:
    """Rows decided and not yet written."""

    intake: Intake
    ledger: Ledger
    known: queries.Known
    fresh: list[Review] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[ImportLine] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)  # known reviews under which the shop's reply appeared
    _by_ref: dict[int, Review] = field(default_factory=dict)
    _later: list[FollowUp] = field(default_factory=list)
    _places: Counter[int] = field(default_factory=Counter)
    _edits: list[Edit] = field(default_factory=list)
    _edited: dict[int, Review] = field(default_factory=dict)
    _learnt: dict[int, Review] = field(default_factory=dict)
    _answered: dict[int, FollowUp] = field(default_factory=dict)
    _heard: set[int] = field(default_factory=set)

    def account(self, one: Row) -> None:
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
        source = self.intake.source
        if source is not None:
            number = row.row + source.first_row
            self.lines.append(ImportLine(source=source, row=number, outcome=outcome, reason=reason[:300]))

    def _again(self, review: Review, row: ReviewRow, seen: Sighting, decision: Decision) -> None:
        """A stored review came again: its customer or the shop may have said something since."""
        if decision.learns_id:
            review.platform_id = seen.platform_id
            self._touch(self._learnt, review)
        if row.reply and not decision.older and row.reply != review.platform_reply:
            if review.pk and not review.platform_reply:
                self.answered.append(review.pk)
            review.platform_reply, review.platform_reply_on = row.reply, shaping.day(row.reply_at)
            self._touch(self._learnt, review)
        if row.readers is not None and not decision.older and row.readers != review.readers:
            review.readers = row.readers
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
