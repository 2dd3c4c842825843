"""The API's door to looking things up: the search, and the views of the queue that people keep."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope
from wanhui.cases.rules import Stage
from wanhui.desk import actions, found, seats
from wanhui.desk.asked import Asked as Wanted
from wanhui.desk.found import Line
from wanhui.desk.models import SavedView
from wanhui.desk.rules import Piece
from wanhui.search.rules import Kind
from wanhui.stores import queries as stores
from wanhui.web.cursors import seal, unseal
from wanhui.web.shapes import CURSOR, SOUND, Asked, Day, Id, Page, Ref, Told, Word

router = Router(tags=["Looking up"], auth=needs(Scope.READ))
KindName = Literal["review", "reply", "case", "customer", "product"]
Name = Annotated[str, Field(min_length=1, max_length=40, pattern=SOUND)]


class HitTold(Told):
    """One thing that was found: its words around what was found, and `marks`, where in them it stands (code points,
    end exclusive). `page` is its address in the desk; the ids that apply are set."""

    kind: KindName
    store: int
    day: date | None
    words: str
    marks: list[list[int]]
    page: str
    review: int | None
    case: int | None
    reply: int | None


class HitPage(Page[HitTold]):
    """Part of what was found; `beside`, on the first part only, are exact numbers, products and customers."""

    beside: list[HitTold]


class SearchAsked(BaseModel):
    """What is looked for, and where."""

    q: Annotated[str, Field(min_length=1, max_length=200, pattern=SOUND)]
    kind: KindName | None = None
    store: Id | None = None
    since: Day | None = None
    until: Day | None = None
    cursor: Annotated[str, Field(max_length=500, pattern=CURSOR)] | None = None


class FilterAsked(Asked):
    """What the queue is narrowed to, as in /cases; something must be set."""

    store: Ref | None = None
    cause: Word = ""
    platform: Word = ""
    stage: Stage | None = None
    whose: Literal["mine", "nobody", "handed"] | None = None
    sort: Literal["newest", "oldest"] | None = None


class NameAsked(Asked):
    """The name of a view."""

    name: Name


class ViewAsked(NameAsked):
    """A filter to keep; with `share` for everybody who works in that store."""

    filter: FilterAsked
    share: Ref | None = None


class ViewTold(Told):
    """A view that is kept; `query` is its filter as it stands in the queue's address."""

    id: int
    name: str
    query: str
    owner: PersonTold | None
    store: int | None


@router.get("/search", response=HitPage)
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HitPage:
    """Reviews, replies, cases, products and customers by their words, the newest first, fifty at a time."""
    person = caller(request)
    kind = Kind[asked.kind.upper()] if asked.kind else None
    key = unseal("search", asked.cursor)
    wanted = Wanted(asked.q, kind, asked.store, asked.since, asked.until)
    got = found.results(person, wanted, shown=stores.shown_kind(person), before=key[0] if key else None)
    beside = [*got.exact, *got.products, *got.customers]
    more = (got.following,) if got.following is not None else None
    return HitPage(items=[_hit(line) for line in got.lines], next=seal("search", more),
                   beside=[_hit(line) for line in beside])


@router.get("/views", response=list[ViewTold])
def views(request: HttpRequest) -> list[ViewTold]:
    """My views of the queue, and those shared with the stores I work in."""
    return [_view(view) for view in seats.views_for(caller(request)).select_related("owner")]


@router.post("/views", response={201: ViewTold}, auth=needs(Scope.CASES))
def save_view(request: HttpRequest, asked: ViewAsked) -> ViewTold:
    """Keep a filter of the queue under a name."""
    person = caller(request)
    kept = {name: str(value) for name, value in asked.filter.model_dump(exclude_none=True).items() if value}
    return _view(actions.save_view(asked.name, seats.canonical(kept), actor=person, store=asked.share))


@router.patch("/views/{int:pk}", response=ViewTold, auth=needs(Scope.CASES))
def rename_view(request: HttpRequest, pk: Id, asked: NameAsked) -> ViewTold:
    """Give a view another name."""
    person = caller(request)
    actions.rename_view(seats.view_for(person, pk), asked.name, actor=person)
    return _view(seats.view_for(person, pk))


@router.delete("/views/{int:pk}", response={204: None}, auth=needs(Scope.CASES))
def delete_view(request: HttpRequest, pk: Id) -> None:
    """Throw a view away, for everybody it was shared with; no case changes."""
    person = caller(request)
    actions.delete_view(seats.view_for(person, pk), actor=person)


def _hit(line: Line) -> HitTold:
    review = line.review or (line.reply.review if line.reply else None)
    return HitTold(
        kind=_NAMES[line.kind], store=line.store.pk, day=line.day, words="".join(piece.text for piece in line.words),
        marks=_marks(line.words), page=line.url, review=review.pk if review else None,
        case=line.case.pk if line.case else None, reply=line.reply.pk if line.reply else None,
    )


_NAMES: dict[Kind, KindName] = {
    Kind.REVIEW: "review", Kind.REPLY: "reply", Kind.CASE: "case", Kind.CUSTOMER: "customer", Kind.PRODUCT: "product",
}


def _marks(pieces: list[Piece]) -> list[list[int]]:
    """Where the marked pieces stand in their joined text."""
    marks, at = [], 0
    for piece in pieces:
        if piece.codes:
            marks.append([at, at + len(piece.text)])
        at += len(piece.text)
    return marks


def _view(view: SavedView) -> ViewTold:
    return ViewTold(id=view.pk, name=view.name, query=view.query, owner=person_told(view.owner), store=view.store_id)
