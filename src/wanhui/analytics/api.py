"""The API's door to the figures: each with its formula, its numerator and its denominator."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, Field

from wanhui.accounts.api import caller, needs
from wanhui.accounts.rules import Scope
from wanhui.analytics import queries
from wanhui.analytics.rules import Figure
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


def _told(figure: Figure) -> FigureTold:
    return FigureTold(formula=figure.formula.code, version=figure.formula.version, numerator=figure.numerator,
                      denominator=figure.denominator, share=figure.share)
