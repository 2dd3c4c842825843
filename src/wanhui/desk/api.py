"""The API's door to what joins rooms: the queue, all cases, one case, reviews, the record. It only reads."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, Http404, HttpRequest
from ninja import Query, Router

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.models import User
from wanhui.accounts.rules import Scope, Verb
from wanhui.audit import queries as audit
from wanhui.audit.models import Entry
from wanhui.cases import lists
from wanhui.cases import queries as cases
from wanhui.cases.api import CaseTold, ContactTold, MeasureTold, case_told, contact_told, measure_told
from wanhui.cases.lists import ListFilter
from wanhui.cases.models import Case, LogLine
from wanhui.cases.queries import QueueFilter
from wanhui.cases.rules import Outcome, Stage
from wanhui.customers.models import Contact
from wanhui.desk import queries, rules
from wanhui.desk.reviewed import Wanted
from wanhui.kit import clock
from wanhui.playbook.shapes import Play
from wanhui.replies.queries import reader_language
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.triage.api import VerdictTold, verdict_told
from wanhui.triage.models import OwnFound, Verdict
from wanhui.triage.own import queries as own_causes
from wanhui.triage.own.api import OwnFoundTold, found_told
from wanhui.web.cursors import seal, unseal
from wanhui.web.shapes import Day, Id, Page, Paging, Told, Word

router = Router(tags=["Cases"], auth=needs(Scope.READ))
Kind = Literal["real", "demo", "drill"]


class ProductName(Told):
    """The product a review is about."""

    id: int
    name: str


class LaterTold(Told):
    """A follow-up: a later text to the same review."""

    id: int
    position: int
    text: str
    said_on: date | None
    days_after: int | None
    seen_at: datetime
    platform_reply: str
    verdict: VerdictTold | None


class ReviewTold(Told):
    """A review. The buyer's name is masked; an order number shows its end only to whoever may not work on cases."""

    id: int
    store: int
    product: ProductName | None
    text: str
    no_text: bool
    stars: int | None
    platform_verdict: str
    said_on: date | None
    said_at: datetime | None
    seen_at: datetime
    buyer: str
    anonymous: bool | None
    order_number: str
    sku: str
    link: str
    typed: bool
    has_picture: bool
    platform_reply: str
    platform_reply_on: date | None
    case: int | None
    verdict: VerdictTold | None
    follow_ups: list[LaterTold]
    own_causes: list[OwnFoundTold]


class ReviewPage(Page[ReviewTold]):
    """Part of the reviews."""


class QueuedTold(CaseTold):
    """A case with the first words it is about."""

    review: int
    words: str


class QueuePage(Page[QueuedTold]):
    """Part of a list of cases."""


class LogLineTold(Told):
    """One line of a case's log: a code, its details, and a person's own words."""

    at: datetime
    by: PersonTold | None
    what: str
    detail: dict[str, Any]
    text: str


class PlayTold(Told):
    """The playbook's advice."""

    code: str
    kind: Literal["cause", "flag"]
    who: str
    hours: int
    what: str
    how: str


class WholeTold(CaseTold):
    """Everything about one unhappy customer; `may` is what the caller's role allows in this store."""

    reviews: list[ReviewTold]
    log: list[LogLineTold]
    measures: list[MeasureTold]
    contacts: list[ContactTold]
    plays: list[PlayTold]
    may: list[Verb]


class EntryTold(Told):
    """One entry of the record: who did what, when. `by` is null when the desk itself acted."""

    id: int
    at: datetime
    by: PersonTold | None
    verb: str
    store: int | None
    kind: str
    ref: str
    fields: list[str]
    counts: dict[str, int]


class RecordPage(Page[EntryTold]):
    """Part of the record."""


class _Lists(Paging):
    kind: Kind | None = None
    store: Id | None = None


class QueueAsked(_Lists):
    """What the queue is narrowed to; `kind` is real stores unless one works in practice stores only."""

    cause: Word = ""
    platform: Word = ""
    stage: Stage | None = None
    whose: Literal["mine", "nobody", "handed"] | None = None
    sort: Literal["newest", "oldest"] | None = None


class CasesAsked(_Lists):
    """What the list of all cases is narrowed to; days are whole days in each store's own time zone."""

    state: Literal["open", "closed"] | None = None
    outcome: Outcome | Literal["won", "counted", "uncounted"] | None = None
    answered: Literal["in_time", "late", "none", "waiting", "decided"] | None = None
    cause: Word = ""
    platform: Word = ""
    assignee: Id | None = None
    seen_from: Day | None = None
    seen_to: Day | None = None
    closed_from: Day | None = None
    closed_to: Day | None = None


class ReviewsAsked(_Lists):
    """What the list of reviews is narrowed to; mood "open": bad or middling with words and without an answer;
    `cause`: a code ("quality") or a finer one
    ("quality.taste"); `own_cause`: one of the store's own, by id; `follow_up`: the kind of one of its follow-ups."""

    mood: Literal["bad", "middling", "good", "judged", "open"] | None = None
    cause: Word = ""
    follow_up: Literal["use", "offtopic", "advert", "self_praise"] | None = None
    own_cause: Id | None = None
    product: Id | None = None
    customer: Id | None = None
    said_from: Day | None = None
    said_to: Day | None = None


class RecordAsked(Paging):
    """What the record is narrowed to; `verb` by its beginning, such as "cases." or "replies.approve"."""

    store: Id | None = None
    person: Id | None = None
    verb: Word = ""


@router.get("/cases", response=QueuePage)
def queue(request: HttpRequest, asked: Query[QueueAsked]) -> QueuePage:
    """Open cases, the most urgent first unless asked otherwise."""
    person, now = caller(request), clock.now()
    wanted = QueueFilter(
        store=asked.store, cause=asked.cause, platform=asked.platform, stage=asked.stage or "",
        mine=asked.whose == "mine", unassigned=asked.whose == "nobody", handed=asked.whose == "handed",
        sort=asked.sort or "",
    )
    place = f"queue.{asked.sort or ''}"
    key = unseal(place, asked.cursor)
    found = cases.queue(person, now, wanted, kind=asked.kind or stores.shown_kind(person),
                        after=(key[0], key[1], key[2]) if key else None, limit=asked.limit + 1)
    shown = found[: asked.limit]
    more = cases.key_of(shown[-1]) if len(found) > asked.limit else None
    return QueuePage(items=[_queued(row.case, row.review) for row in shown], next=seal(place, more))


@router.get("/cases/all", response=QueuePage)
def all_cases(request: HttpRequest, asked: Query[CasesAsked]) -> QueuePage:
    """Open and closed cases, the last seen first; closed ones by when they were closed."""
    person, now = caller(request), clock.now()
    names = ("store", "cause", "platform", "assignee", "seen_from", "seen_to", "closed_from", "closed_to")
    wanted = ListFilter(state=asked.state or "", outcome=asked.outcome or "", answered=asked.answered or "",
                        **{name: getattr(asked, name) for name in names})
    place = f"cases.{wanted.by_closing}"
    key = unseal(place, asked.cursor)
    found = lists.listed(person, now, wanted, kind=asked.kind or stores.shown_kind(person),
                         before=(datetime.fromisoformat(key[0]), key[1]) if key else None, limit=asked.limit + 1)
    shown = found[: asked.limit]
    more = lists.key_of(shown[-1], wanted) if len(found) > asked.limit else None
    items = [_queued(case, case.shown_reviews[0].review) for case in shown]  # type: ignore[attr-defined]
    return QueuePage(items=items, next=seal(place, more))


@router.get("/cases/{int:pk}", response=WholeTold)
def case(request: HttpRequest, pk: Id) -> WholeTold:
    """One case: its reviews, what was done, what is planned, what the playbook says."""
    person = caller(request)
    found = cases.case_for(person, pk)
    reviews = cases.reviews_of(found)
    contacts = Contact.objects.filter(customer=found.customer_id).select_related("by").order_by("-at")
    measures = found.measures.select_related("owner").order_by("done_at", "planned_at")
    return WholeTold(
        **case_told(found).model_dump(),
        reviews=_reviews(person, reviews),
        log=[_line(line) for line in cases.log_of(found)],
        measures=[measure_told(measure) for measure in measures],
        contacts=[contact_told(contact) for contact in contacts],
        plays=[_play(play) for play in queries.plays_for(queries.texts_of(reviews))],
        may=[verb for verb in Verb if queries.allowed(person, found.store_id)[verb.value]],
    )


@router.get("/reviews", response=ReviewPage, tags=["Reviews"])
def reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> ReviewPage:
    """Every review, the newest first, those without a date last."""
    person = caller(request)
    key = unseal("reviews", asked.cursor)
    before = (date.fromisoformat(key[0]) if key[0] else None, key[1]) if key else None
    wanted = Wanted(store=asked.store, mood=asked.mood or "", cause=asked.cause, later=asked.follow_up or "",
                    product=asked.product, own=asked.own_cause, customer=asked.customer, since=asked.said_from,
                    until=asked.said_to)
    lines, following = queries.review_lines(
        person, wanted, kind=asked.kind or stores.shown_kind(person), before=before
    )
    shown = [line.review for line in lines[: asked.limit]]
    more = (shown[-1].said_on, shown[-1].pk) if len(lines) > asked.limit else following
    return ReviewPage(items=_reviews(person, shown), next=seal("reviews", more))


@router.get("/reviews/{int:pk}", response=ReviewTold, tags=["Reviews"])
def review(request: HttpRequest, pk: Id) -> ReviewTold:
    """One review with its follow-ups and the verdicts that count."""
    person = caller(request)
    return _reviews(person, [queries.review_for(person, pk)])[0]


@router.get("/reviews/{int:pk}/screenshot", response=bytes, tags=["Reviews"])
def screenshot(request: HttpRequest, pk: Id) -> FileResponse:
    """The picture that a person attached to a typed review."""
    found = queries.review_for(caller(request), pk)
    if not found.screenshot:
        raise Http404
    return FileResponse(found.screenshot.open("rb"))


@router.get("/record", response=RecordPage, tags=["Record"])
def record(request: HttpRequest, asked: Query[RecordAsked]) -> RecordPage:
    """Who did what, when, in the stores I work in, the latest first."""
    person = caller(request)
    mine = list(stores.reachable(person).values_list("pk", flat=True))
    if asked.store is not None:
        mine = [stores.store_for(person, asked.store).pk]
    key = unseal("record", asked.cursor)
    entries = audit.entries(person, mine, before=key[0] if key else None, verb=asked.verb, actor_id=asked.person)
    found = list(entries[: asked.limit + 1])
    shown = found[: asked.limit]
    more = (shown[-1].pk,) if len(found) > asked.limit else None
    return RecordPage(items=[_entry(entry) for entry in shown], next=seal("record", more))


def _queued(case: Case, about: Review) -> QueuedTold:
    words, _spans = rules.excerpt(about.text, [], queries.EXCERPT)
    return QueuedTold(**case_told(case).model_dump(), review=about.pk, words=words)


def _line(line: LogLine) -> LogLineTold:
    return LogLineTold(at=line.at, by=person_told(line.by), what=line.what, detail=line.detail, text=line.text)


def _play(play: Play) -> PlayTold:
    words = reader_language()
    return PlayTold(code=play.code, kind=play.kind, who=play.who, hours=play.hours, what=play.what.say(words),
                    how=play.how.say(words))


def _entry(entry: Entry) -> EntryTold:
    return EntryTold(id=entry.pk, at=entry.at, by=person_told(entry.actor), verb=entry.verb, store=entry.store_ref,
                     kind=entry.kind, ref=entry.ref, fields=entry.fields, counts=entry.counts)


def _reviews(person: User, found: list[Review]) -> list[ReviewTold]:
    """Reviews as the API tells them: a fixed number of queries, however many they are."""
    verdicts = queries.verdicts_of(found)
    owns = own_causes.in_reviews(review.pk for review in found)
    whole = {store: stores.may(person, Verb.CLAIM, store) for store in {review.store_id for review in found}}
    return [
        _review(each, {v.follow_up_id: v for v in verdicts.get(each.pk, [])}, whole[each.store_id],
                [beside.found for beside in owns.get(each.pk, [])])
        for each in found
    ]  # fmt: skip


def _review(
    review: Review, verdicts: dict[int | None, Verdict], whole: bool, own: list[OwnFound]
) -> ReviewTold:
    names = ("text", "no_text", "stars", "platform_verdict", "said_on", "said_at", "seen_at", "anonymous", "sku",
             "link", "typed", "platform_reply", "platform_reply_on")
    order = review.order_number
    return ReviewTold(
        id=review.pk, store=review.store_id,
        product=ProductName(id=review.product.pk, name=review.product.name) if review.product else None,
        buyer=rules.masked(review.buyer), order_number=order if whole or not order else f"…{order[-4:]}",
        has_picture=bool(review.screenshot),
        case=review.case_review.case_id if hasattr(review, "case_review") else None,
        verdict=_verdict(verdicts.get(None)),
        follow_ups=[
            LaterTold(id=later.pk, position=later.position, text=later.text, said_on=later.said_on,
                      days_after=later.days_after, seen_at=later.seen_at, platform_reply=later.platform_reply,
                      verdict=_verdict(verdicts.get(later.pk)))
            for later in review.follow_ups.all()
        ],
        own_causes=[found_told(found) for found in own],
        **{name: getattr(review, name) for name in names},
    )


def _verdict(found: Verdict | None) -> VerdictTold | None:
    return verdict_told(found) if found is not None else None
