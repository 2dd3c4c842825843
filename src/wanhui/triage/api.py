"""The API's door to verdicts: a person's own in place of an engine's."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope
from wanhui.stores import queries as stores
from wanhui.triage import actions
from wanhui.triage.models import Verdict
from wanhui.web.problems import Problem
from wanhui.web.shapes import Asked, Id, Told, Word

router = Router(tags=["Reviews"], auth=needs(Scope.CORRECTIONS))


class CauseTold(Told):
    """A cause or praise: its code, a finer one, how sure, and where in the text (code points, end exclusive)."""

    code: str
    sub: str | None
    score: float
    evidence: list[list[int]]


class VerdictTold(Told):
    """What was said of one text, by an engine or a person."""

    id: int
    review: int
    follow_up: int | None
    current: bool
    engine: str
    by: PersonTold | None
    made_at: datetime
    language: str
    no_text: bool
    unsure: bool
    sentiment: Literal["negative", "mixed", "positive"] | None
    causes: list[CauseTold]
    praises: list[CauseTold]
    primary: str | None
    flags: list[str]
    severity: int
    bad: bool
    middling: bool


class VerdictAsked(Asked):
    """A person's own verdict. `causes`: codes ("delivery") or finer ones ("delivery.slow"), strongest first."""

    sentiment: Literal["negative", "mixed", "positive"]
    causes: Annotated[list[Word], Field(max_length=20)] = []
    primary: Word = ""
    flags: Annotated[list[Word], Field(max_length=10)] = []


@router.post("/verdicts/{int:pk}/correct", response=VerdictTold)
def correct(request: HttpRequest, pk: Id, asked: VerdictAsked) -> VerdictTold:
    """Put my own verdict in the place of this one, if this one still counts."""
    person = caller(request)
    seen = Verdict.objects.select_related("review__store", "follow_up").filter(
        review__store__in=stores.reachable(person)
    )
    verdict = get_object_or_404(seen, pk=pk)
    if not verdict.current:
        now = Verdict.objects.get(review=verdict.review_id, follow_up=verdict.follow_up_id, current=True)
        raise Problem("changed_meanwhile", current={"verdict": now.pk})
    new = actions.correct(verdict, actor=person, **asked.model_dump())
    return verdict_told(new)


def verdict_told(verdict: Verdict) -> VerdictTold:
    """A verdict as the API tells it."""
    names = ("current", "engine", "made_at", "language", "no_text", "unsure", "flags", "severity", "bad", "middling")
    return VerdictTold(
        id=verdict.pk, review=verdict.review_id, follow_up=verdict.follow_up_id, by=person_told(verdict.by),
        sentiment=verdict.sentiment or None,  # type: ignore[arg-type]
        primary=verdict.primary or None,
        causes=[_cause(cause) for cause in verdict.causes], praises=[_cause(praise) for praise in verdict.praises],
        **{name: getattr(verdict, name) for name in names},
    )


def _cause(found: dict[str, Any]) -> CauseTold:
    return CauseTold(code=found["code"], sub=found.get("sub"), score=found["score"], evidence=found["evidence"])
