"""The API's door to the figures: each with its formula, its numerator and its denominator."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, Field

from wanhui.accounts.api import caller, needs
from wanhui.accounts.rules import Scope
from wanhui.analytics import queries
from wanhui.analytics.rules import Figure
from wanhui.analytics.sums import Rated
from wanhui.kit import clock
from wanhui.stores import queries as stores
from wanhui.web.shapes import Id, Told, number

router = Router(tags=["Figures"], auth=needs(Scope.READ))


class FigureTold(Told):
    """A share: `numerator` of `denominator`; null where there is nothing to divide by."""

    formula: str
    version: int
    numerator: int
    denominator: int
    share: float | None


class CauseCountTold(Told):
    """How many bad reviews have this main cause."""

    cause: str
    count: int


class FiguresTold(Told):
    """The figures over the last `days` days."""

    days: int
    bad_rate: FigureTold
    answered_24h: FigureTold
    won_back: FigureTold
    open_cases: int
    late_cases: int
    closed_cases: int
    causes: list[CauseCountTold]


class SubCountTold(Told):
    """How many bad reviews have this finer cause of their main one."""

    sub: str
    count: int


class ComparedTold(Told):
    """A share now and in the window of the same length before."""

    now: FigureTold
    before: FigureTold


class BarTold(Told):
    """Some days, and how many bad reviews of each main cause were published in them."""

    first: date
    last: date
    bad: dict[str, int]


class WorstTold(Told):
    """A product with its share of bad reviews, the change, and its most frequent main cause."""

    product: int
    name: str
    store: int
    now: FigureTold
    before: FigureTold
    change: float | None
    cause: str


class DashboardTold(Told):
    """The dashboard: a window compared with the one before it, and what holds right now."""

    first: date
    last: date
    as_of: datetime
    bad_rate: ComparedTold
    answered_24h: ComparedTold
    won_back: ComparedTold
    open_cases: int
    late_cases: int
    causes: list[CauseCountTold]
    subs: list[SubCountTold]
    praised: list[CauseCountTold]
    bars: list[BarTold]
    worst: list[WorstTold]


class FiguresAsked(BaseModel):
    """A window of days that ends now, and one store; all of one's stores without."""

    days: Annotated[int, Field(ge=1, le=366), BeforeValidator(number)] = 30
    store: Id | None = None


@router.get("/figures", response=FiguresTold)
def figures(request: HttpRequest, asked: Query[FiguresAsked]) -> FiguresTold:
    """The desk's figures; practice stores never count beside real ones."""
    person = caller(request)
    kind = stores.shown_kind(person)
    if asked.store is not None:
        stores.store_for(person, asked.store)
    found = queries.figures(person, clock.now(), days=asked.days, kind=kind, store_id=asked.store)
    return FiguresTold(
        days=found.days, bad_rate=_told(found.bad_rate), answered_24h=_told(found.answered_24h),
        won_back=_told(found.won_back), open_cases=found.open_cases, late_cases=found.late_cases,
        closed_cases=found.closed_cases,
        causes=[CauseCountTold(cause=code, count=count) for code, count in found.causes],
    )


@router.get("/dashboard", response=DashboardTold)
def dashboard(request: HttpRequest, asked: Query[FiguresAsked]) -> DashboardTold:
    """The figures compared with the window before, by day and cause, and the worst products."""
    person = caller(request)
    if asked.store is not None:
        stores.store_for(person, asked.store)
    found = queries.dashboard(person, clock.now(), days=asked.days, kind=stores.shown_kind(person),
                              store_id=asked.store)
    return DashboardTold(
        first=found.now.window.first, last=found.now.window.last, as_of=found.as_of,
        bad_rate=_compared(found.now.bad_rate, found.before.bad_rate),
        answered_24h=_compared(found.now.answered_24h, found.before.answered_24h),
        won_back=_compared(found.now.won_back, found.before.won_back),
        open_cases=found.live.open, late_cases=found.live.late,
        causes=[CauseCountTold(cause=code, count=n) for code, n in found.now.texts.by_cause],
        subs=[SubCountTold(sub=code, count=n) for code, n in found.subs],
        praised=[CauseCountTold(cause=code, count=n) for code, n in found.now.texts.praised],
        bars=[BarTold(first=window.first, last=window.last, bad=bad) for window, bad in found.bars],
        worst=[_worst(rated) for rated in found.worst],
    )


def _compared(now: Figure, before: Figure) -> ComparedTold:
    return ComparedTold(now=_told(now), before=_told(before))


def _worst(rated: Rated) -> WorstTold:
    product = rated.product
    return WorstTold(product=product.pk, name=product.name, store=product.store_id, now=_told(rated.now),
                     before=_told(rated.before), change=rated.change, cause=rated.cause)


def _told(figure: Figure) -> FigureTold:
    return FigureTold(formula=figure.formula.code, version=figure.formula.version, numerator=figure.numerator,
                      denominator=figure.denominator, share=figure.share)
