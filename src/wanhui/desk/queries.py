"""What the desk's pages show, gathered from several rooms, within what a person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wanhui.accounts.models import User
from wanhui.cases import queries as cases
from wanhui.cases.models import Case
from wanhui.cases.queries import QueueFilter, QueueKey, Waiting
from wanhui.desk import rules
from wanhui.desk.rules import Piece
from wanhui.reviews.models import Review
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict

PAGE = 50
EXCERPT = 96


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue: the case, its first words with the evidence, its causes and its one reason."""

    waiting: Waiting
    words: list[Piece]
    causes: list[str]
    reason: str
    follow_up: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of reviews: the review with its first words, its causes, and its case if it has one."""

    review: Review
    words: list[Piece]
    causes: list[str]
    sentiment: str
    case_id: int | None = None
    case: Case | None = None


def verdicts_of(reviews: Iterable[Review]) -> dict[int, list[Verdict]]:
    """The verdicts that count for these reviews and their follow-ups, by the review's id. One query."""
    ids = [review.pk for review in reviews]
    found: dict[int, list[Verdict]] = {}
    current = Verdict.objects.filter(review_id__in=ids, current=True).select_related("follow_up")
    for verdict in current.order_by("severity", "pk"):
        found.setdefault(verdict.review_id, []).append(verdict)
    return found


def telling(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict a line speaks of: the worst bad text's, else the first text's; None when nothing was judged."""
    bad = next((v for v in verdicts if v.bad), None)
    return bad or next((v for v in verdicts if v.follow_up_id is None), None)


def words_of(review: Review, verdict: Verdict | None, length: int = EXCERPT) -> list[Piece]:
    """The first words of the text a line speaks of, marked where the verdict found its evidence."""
    text = verdict.follow_up.text if verdict is not None and verdict.follow_up is not None else review.text
    spans = rules.spans_of(verdict.causes) if verdict else []
    return rules.pieces(*rules.excerpt(text, spans, length))


def queue_rows(
    user: User, now: datetime, wanted: QueueFilter, *, kind: str = Store.Kind.REAL, after: QueueKey | None = None
) -> tuple[list[Row], QueueKey | None]:
    """One page of the queue, and the key where the next one begins (None on the last). A fixed number of queries."""
    found = cases.queue(user, now, wanted, kind=kind, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    verdicts = verdicts_of(row.review for row in shown)
    rows = [_row(row, telling(verdicts.get(row.review.pk, []))) for row in shown]
    return rows, cases.key_of(shown[-1]) if len(found) > PAGE else None


def _row(waiting: Waiting, verdict: Verdict | None) -> Row:
    return Row(
        waiting=waiting,
        words=words_of(waiting.review, verdict),
        causes=cause_codes(verdict),
        reason=rules.main_reason(waiting.case.reasons, waiting.clock.state == "late"),
        follow_up=verdict is not None and verdict.follow_up_id is not None,
    )


def cause_codes(verdict: Verdict | None) -> list[str]:
    """A verdict's causes, the primary one first, each once."""
    if verdict is None:
        return []
    codes = [cause["code"] for cause in verdict.causes]
    return list(dict.fromkeys([verdict.primary, *codes] if verdict.primary in codes else codes))


def neighbours(
    user: User, now: datetime, case_id: int, *, kind: str = Store.Kind.REAL
) -> tuple[int | None, int | None]:
    """The cases before and after this one in the queue, where the keys k and j go; the first one for a closed case."""
    ids = cases.queue_ids(user, now, kind=kind)
    if case_id not in ids:
        return None, ids[0] if ids else None
    here = ids.index(case_id)
    return ids[here - 1] if here else None, ids[here + 1] if here + 1 < len(ids) else None
