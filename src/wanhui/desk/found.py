"""What a search shows: things found in the stores a person works in, each with the words that were found."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.cases.models import Case, LogLine, Measure
from wanhui.customers.models import Customer
from wanhui.desk import queries, rules
from wanhui.desk.asked import Asked
from wanhui.desk.rules import Piece, Span
from wanhui.kit.clock import day_in
from wanhui.replies.models import Reply
from wanhui.reviews.models import Review
from wanhui.search import queries as search
from wanhui.search import rules as words_of
from wanhui.search.queries import Hit
from wanhui.search.rules import Kind, Query
from wanhui.stores import queries as stores
from wanhui.stores.models import Product, Store
from wanhui.triage.models import Verdict

PAGE = 50
BESIDE = 4  # products and customers shown beside a list of everything
EXCERPT = 96
_IN_ALL = (Kind.REVIEW, Kind.REPLY, Kind.CASE)
_FOUND = "found"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was found: where it leads, its words around what was found, and what else has the words."""

    kind: Kind
    url: str
    store: Store
    day: date | None
    words: list[Piece]
    beside: list[Piece] = field(default_factory=list)
    review: Review | None = None
    verdict: Verdict | None = None
    case: Case | None = None
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of a search. `exact`: reviews whose order or platform number was typed whole."""

    query: Query
    lines: list[Line] = field(default_factory=list)
    exact: list[Line] = field(default_factory=list)
    products: list[Line] = field(default_factory=list)
    customers: list[Line] = field(default_factory=list)
    following: int | None = None

    @property
    def any(self) -> bool:
        return bool(self.lines or self.exact or self.products or self.customers)


def results(user: User, asked: Asked, *, shown: str = Store.Kind.REAL, before: int | None = None) -> Results:
    """One page of what was found in the open stores of the kind `shown` that this person works in; a fixed number of
    queries. Customers are found by name only where this person may see whole names."""
    query = words_of.read(asked.words)
    mine = _stores(user, asked, shown)
    if not query.parts or not mine:
        return Results(query)
    named = set(stores.stores_where(user, Verb.UNMASK, shown).values_list("pk", flat=True)) & mine
    kinds = _IN_ALL if asked.kind is None else (asked.kind,)
    where = named if asked.kind is Kind.CUSTOMER else mine
    hits = search.find(
        where, query, kinds=kinds, since=asked.since, until=asked.until, before=before, limit=PAGE + 1
    )
    following = hits[PAGE - 1].key if len(hits) > PAGE else None
    if before is not None or not asked.plain:
        return Results(query, _lines(hits[:PAGE], query), following=following)
    exact = _exact(mine, asked.words.strip())
    there = {(Kind.REVIEW, review.pk) for review in exact}
    return Results(
        query=query,
        lines=_lines([hit for hit in hits[:PAGE] if (hit.kind, hit.ref) not in there], query),
        exact=_review_lines(exact, query),
        products=_lines(search.find(mine, query, kinds=[Kind.PRODUCT], limit=BESIDE), query),
        customers=_lines(search.find(named, query, kinds=[Kind.CUSTOMER], limit=BESIDE), query),
        following=following,
    )


def _stores(user: User, asked: Asked, shown: str) -> set[int]:
    mine = set(stores.visible(user, shown).values_list("pk", flat=True))
    return mine if asked.store is None else mine & {asked.store}


def _exact(store_ids: Collection[int], number: str) -> list[Review]:
    """Reviews whose order number, or number at the platform, is exactly this, the newest first."""
    if not 4 <= len(number) <= 200 or not number.isprintable():
        return []
    # Two questions, each saying that the number is not empty: the indexes hold only such, and SQLite must be told.
    found: dict[int, Review] = {}
    for same in (~Q(order_number="") & Q(order_number=number), ~Q(platform_id="") & Q(platform_id=number)):
        rows = _whole_reviews().filter(same, store__in=store_ids).order_by("-pk")[:BESIDE]
        found |= {review.pk: review for review in rows}
    return list(found.values())[:BESIDE]


def _lines(hits: Sequence[Hit], query: Query) -> list[Line]:
    """The things these hits name, in their order; one that is gone meanwhile is left out."""
    made: dict[tuple[Kind, int], Line] = {}
    for kind, load in _LOAD.items():
        ids = [hit.ref for hit in hits if hit.kind is kind]
        if ids:
            made |= {(kind, ref): line for ref, line in load(ids, query)}
    return [made[hit.kind, hit.ref] for hit in hits if (hit.kind, hit.ref) in made]


def _marked(text: str, query: Query) -> list[Piece]:
    """The words of a text around what was found in it, marked."""
    spans = [Span(start, end, _FOUND) for start, end in words_of.spans(text, query)]
    return rules.pieces(*rules.excerpt(text, spans, EXCERPT))


def _first(texts: Sequence[str], query: Query) -> list[Piece]:
    """The first of these texts in which something was found, else the first one."""
    about = next((text for text in texts if words_of.spans(text, query)), texts[0] if texts else "")
    return _marked(about, query)


def _whole_reviews() -> QuerySet[Review]:
    return Review.objects.select_related("store", "product", "case_review__case").prefetch_related("follow_ups")


def _reviews(ids: Sequence[int], query: Query) -> list[tuple[int, Line]]:
    return [(line.review.pk, line) for line in _review_lines(_whole_reviews().filter(pk__in=ids), query) if line.review]


def _review_lines(reviews: Iterable[Review], query: Query) -> list[Line]:
    found = list(reviews)
    verdicts = queries.verdicts_of(found)
    return [_review_line(review, queries.telling(verdicts.get(review.pk, [])), query) for review in found]


def _review_line(review: Review, verdict: Verdict | None, query: Query) -> Line:
    case = review.case_review.case if hasattr(review, "case_review") else None
    beside = [review.order_number, review.platform_id, review.sku, review.product.name if review.product else ""]
    matching = next((text for text in beside if words_of.spans(text, query)), "")
    return Line(
        kind=Kind.REVIEW,
        url=reverse("desk:case", args=[case.pk]) if case else reverse("desk:review", args=[review.pk]),
        store=review.store,
        day=review.said_on,
        words=_first([review.text, *(later.text for later in review.follow_ups.all())], query),
        beside=_marked(matching, query) if matching else [],
        review=review,
        verdict=verdict,
        case=case,
    )


def _replies(ids: Sequence[int], query: Query) -> list[tuple[int, Line]]:
    found = Reply.objects.filter(pk__in=ids).select_related("review__store", "review__case_review")
    return [(reply.pk, _reply_line(reply, query)) for reply in found]


def _reply_line(reply: Reply, query: Query) -> Line:
    review = reply.review
    link = getattr(review, "case_review", None)
    page = reverse("desk:case", args=[link.case_id]) if link else reverse("desk:review", args=[review.pk])
    return Line(
        kind=Kind.REPLY,
        url=f"{page}?reply={review.pk}-{reply.follow_up_id or 0}#reply",
        store=review.store,
        day=day_in(reply.created_at, review.store.timezone),
        words=_marked(reply.text, query),
        reply=reply,
    )


def _cases(ids: Sequence[int], query: Query) -> list[tuple[int, Line]]:
    written: dict[int, list[str]] = defaultdict(list)
    notes = LogLine.objects.filter(case_id__in=ids).order_by("-pk")
    for case_id, text, contact in notes.values_list("case_id", "text", "contact__note"):
        written[case_id] += [text, contact or ""]
    for case_id, text in Measure.objects.filter(case_id__in=ids).order_by("-pk").values_list("case_id", "text"):
        written[case_id].append(text)
    return [
        (case.pk, Line(
            kind=Kind.CASE,
            url=reverse("desk:case", args=[case.pk]),
            store=case.store,
            day=day_in(case.opened_at, case.store.timezone),
            words=_first([case.conclusion, *written[case.pk]], query),
            case=case,
        ))
        for case in Case.objects.filter(pk__in=ids).select_related("store")
    ]  # fmt: skip


def _products(ids: Sequence[int], query: Query) -> list[tuple[int, Line]]:
    found = Product.objects.filter(pk__in=ids).select_related("store")
    return [
        (one.pk, Line(
            Kind.PRODUCT, f"{reverse('desk:reviews')}?product={one.pk}", one.store, None, _marked(one.name, query),
            beside=_marked(one.platform_id, query) if words_of.spans(one.platform_id, query) else [],
        ))
        for one in found
    ]  # fmt: skip


def _customers(ids: Sequence[int], query: Query) -> list[tuple[int, Line]]:
    """Without marks: a name is shown masked, as everywhere."""
    found = Customer.objects.filter(pk__in=ids).select_related("store")
    return [
        (one.pk, Line(
            Kind.CUSTOMER, f"{reverse('desk:reviews')}?customer={one.pk}", one.store,
            day_in(one.created_at, one.store.timezone), [Piece(rules.masked(one.shown_name or one.handle))],
        ))
        for one in found
    ]  # fmt: skip


_LOAD: dict[Kind, Callable[[Sequence[int], Query], list[tuple[int, Line]]]] = {
    Kind.REVIEW: _reviews,
    Kind.REPLY: _replies,
    Kind.CASE: _cases,
    Kind.PRODUCT: _products,
    Kind.CUSTOMER: _customers,
}
