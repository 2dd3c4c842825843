"""What the desk's pages show, gathered from several rooms, within what a person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.shortcuts import get_object_or_404

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb, allows, roles_that_may
from wanhui.cases import lists
from wanhui.cases import queries as cases
from wanhui.cases.lists import ListFilter, ListKey
from wanhui.cases.models import Case, Handover
from wanhui.cases.queries import QueueFilter, QueueKey, Waiting
from wanhui.desk import reviewed, rules, seats
from wanhui.desk.models import Seat
from wanhui.desk.reviewed import DayKey, Wanted
from wanhui.desk.rules import Piece, Why
from wanhui.playbook import rules as playbook
from wanhui.playbook.shapes import Play
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.models import OwnCause, Verdict
from wanhui.triage.own import queries as own_causes
from wanhui.triage.own.queries import Beside

PAGE = 50
EXCERPT = 96


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue: the case, its first words with the evidence, its causes and reasons.

    news: "changed" or "new" to this person. handed: the hand-over that waits for this person's "I have it".
    to_check: the verdict waits for a person's look.
    language: of the words, for who has them read aloud; empty where nothing speaks for one.
    """

    waiting: Waiting
    words: list[Piece]
    causes: list[str]
    reasons: list[str]
    follow_up: bool
    news: str
    handed: Handover | None
    language: str = ""
    to_check: bool = False
    whys: list[Why] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of reviews: the review with its first words, its causes, and its case if it has one."""

    review: Review
    words: list[Piece]
    causes: list[str]
    sentiment: str
    judged: bool
    case: Case | None = None
    language: str = ""
    whys: list[Why] = field(default_factory=list)


def verdicts_of(reviews: Iterable[Review]) -> dict[int, list[Verdict]]:
    """The verdicts that count for these reviews and their follow-ups, by the review's id. One query."""
    ids = [review.pk for review in reviews]
    found: dict[int, list[Verdict]] = {}
    current = Verdict.objects.filter(review_id__in=ids, current=True).select_related("follow_up", "by", "checked_by")
    for verdict in current.order_by("severity", "pk"):
        found.setdefault(verdict.review_id, []).append(verdict)
    return found


def telling(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict a line speaks of: the worst bad text's, else the first text's; None when nothing was judged."""
    bad = next((v for v in verdicts if v.bad), None)
    return bad or next((v for v in verdicts if v.follow_up_id is None), None)


def whys_of(review: Review, verdict: Verdict | None) -> list[Why]:
    """A verdict's causes with the words that speak for each, the main one first."""
    if verdict is None:
        return []
    said = verdict.follow_up or review
    return rules.whys(said.text, verdict.causes, verdict.primary)


def words_of(review: Review, verdict: Verdict | None, length: int = EXCERPT) -> list[Piece]:
    """The first words of the text a line speaks of, marked where the verdict found its evidence."""
    text = verdict.follow_up.text if verdict is not None and verdict.follow_up is not None else review.text
    spans = [replace(span, place=0) for span in rules.spans_of(verdict.causes)] if verdict else []
    return rules.pieces(*rules.excerpt(text, spans, length))


def queue_rows(
    user: User, now: datetime, wanted: QueueFilter, seat: Seat, *, kind: str = Store.Kind.REAL,
    after: QueueKey | None = None,
) -> tuple[list[Row], QueueKey | None]:
    """One page of the queue, and the key where the next one begins (None on the last). A fixed number of queries."""
    found = cases.queue(user, now, wanted, kind=kind, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    verdicts = verdicts_of(row.review for row in shown)
    news = seats.marks(user, (row.case for row in shown), seat)
    handed = cases.handed_to(user, (row.case.pk for row in shown))
    rows = [_row(row, telling(verdicts.get(row.review.pk, [])), news, handed) for row in shown]
    return rows, cases.key_of(shown[-1]) if len(found) > PAGE else None


def _row(waiting: Waiting, verdict: Verdict | None, news: dict[int, str], handed: dict[int, Handover]) -> Row:
    return Row(
        waiting=waiting,
        words=words_of(waiting.review, verdict),
        causes=cause_codes(verdict),
        reasons=rules.shown_reasons(waiting.case.reasons, waiting.clock.state == "late"),
        follow_up=verdict is not None and verdict.follow_up_id is not None,
        news=news.get(waiting.case.pk, ""),
        handed=handed.get(waiting.case.pk),
        language=spoken(verdict),
        to_check=verdict is not None and verdict.to_check,
        whys=whys_of(waiting.review, verdict),
    )


def spoken(verdict: Verdict | None) -> str:
    """The language of the words a line shows, as an HTML page names it; empty where it is not known."""
    return verdict.language if verdict is not None and verdict.language != "und" else ""


def cause_codes(verdict: Verdict | None) -> list[str]:
    """A verdict's causes, the primary one first, each once."""
    if verdict is None:
        return []
    codes = [cause["code"] for cause in verdict.causes]
    return list(dict.fromkeys([verdict.primary, *codes] if verdict.primary in codes else codes))


@dataclass(frozen=True, slots=True)
class Shown:
    """One text as a page shows it: a review or one of its follow-ups, with its verdict and its marked words."""

    review: Review
    follow_up: FollowUp | None
    verdict: Verdict | None
    words: list[Piece]
    own: list[Beside] = field(default_factory=list)
    addable: list[OwnCause] = field(default_factory=list)

    @property
    def said(self) -> Review | FollowUp:
        return self.follow_up or self.review

    @property
    def key(self) -> str:
        """How an address names this text among those of its page."""
        return f"{self.review.pk}-{self.follow_up.pk if self.follow_up else 0}"


def texts_of(reviews: Sequence[Review]) -> list[Shown]:
    """Every text of these reviews, each followed by its follow-ups."""
    verdicts = verdicts_of(reviews)
    known = own_causes.in_use(review.store_id for review in reviews)
    owns = own_causes.in_reviews(review.pk for review in reviews) if known else {}
    found: list[Shown] = []
    for review in reviews:
        by_text = {v.follow_up_id: v for v in verdicts.get(review.pk, [])}
        for follow_up in [None, *review.follow_ups.all()]:
            verdict = by_text.get(follow_up.pk if follow_up else None)
            text = (follow_up or review).text
            own = [each for each in owns.get(review.pk, []) if each.found.follow_up == follow_up]
            named = [(each.found.cause.name, each.found.evidence) for each in own]
            spans = rules.spans_of(verdict.causes, verdict.praises, named) if verdict else []
            had = {each.found.cause_id for each in owns.get(review.pk, [])}
            more = [each for each in known if each.store_id == review.store_id and each.pk not in had]
            found.append(Shown(review, follow_up, verdict, rules.pieces(text, spans), own, [] if follow_up else more))
    return found


def worst(texts: Sequence[Shown]) -> Shown:
    """The text a page is about: the most urgent bad one, else the first."""
    bad = [t for t in texts if t.verdict is not None and t.verdict.bad]
    return min(bad, key=lambda t: t.verdict.severity if t.verdict else 9, default=texts[0])


def allowed(user: User, store_id: int) -> dict[str, bool]:
    """What this person may do in a store, by the verb's code: for showing only what can be done."""
    role = stores.role_in(user, store_id)
    return {verb.value: allows(role, verb) for verb in Verb}


def workers(store_id: int) -> list[User]:
    """The people of a store who may take cases, by name."""
    return list(stores.people_in(store_id).filter(
        memberships__store_id=store_id, memberships__role__in=roles_that_may(Verb.CLAIM)
    ).distinct())


def plays_for(texts: Sequence[Shown]) -> list[Play]:
    """The playbook's advice for everything these texts complain about, the most urgent first."""
    verdicts = [t.verdict for t in texts if t.verdict is not None]
    codes = [code for verdict in verdicts for code in cause_codes(verdict)]
    codes += [cause["sub"] for verdict in verdicts for cause in verdict.causes if cause.get("sub")]
    return playbook.plays_for(codes, [flag for verdict in verdicts for flag in verdict.flags])


def case_lines(
    user: User, now: datetime, wanted: ListFilter, *, kind: str, before: ListKey | None
) -> tuple[list[Line], ListKey | None]:
    """One page of the list of all cases, the newest first, and the key of the next page."""
    found = lists.listed(user, now, wanted, kind=kind, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    firsts = {case.pk: case.shown_reviews[0].review for case in shown}  # type: ignore[attr-defined]
    for case in shown:
        firsts[case.pk].store = case.store
    verdicts = verdicts_of(firsts.values())
    lines = [_line(firsts[case.pk], telling(verdicts.get(firsts[case.pk].pk, [])), case) for case in shown]
    return lines, lists.key_of(shown[-1], wanted) if len(found) > PAGE else None


def review_lines(
    user: User, wanted: Wanted, *, kind: str, before: DayKey | None
) -> tuple[list[Line], DayKey | None]:
    """One page of every review, the newest first, those without a date last; and the key of the next page."""
    found = reviewed.listed(user, wanted, kind=kind, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    verdicts = verdicts_of(shown)
    lines = [_line(review, telling(verdicts.get(review.pk, [])), _case_of(review)) for review in shown]
    last = shown[-1] if len(found) > PAGE else None
    return lines, (last.said_on, last.pk) if last else None


def _case_of(review: Review) -> Case | None:
    return review.case_review.case if hasattr(review, "case_review") else None


def _line(review: Review, verdict: Verdict | None, case: Case | None) -> Line:
    return Line(
        review=review,
        words=words_of(review, verdict),
        causes=cause_codes(verdict),
        sentiment=verdict.sentiment if verdict else "",
        judged=verdict is not None,
        case=case,
        language=spoken(verdict),
        whys=whys_of(review, verdict),
    )


def review_for(user: User, pk: int) -> Review:
    """One review of a store this person works in, with what its page shows; Http404 otherwise."""
    found = Review.objects.filter(store__in=stores.reachable(user)).select_related("store", "product", "source")
    return get_object_or_404(found.prefetch_related("follow_ups", "edits"), pk=pk)
