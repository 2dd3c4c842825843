"""The API's door to verdicts: a person's own in place of an engine's."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.models import User
from wanhui.accounts.rules import Scope
from wanhui.language.confidence import stated
from wanhui.stores import queries as stores
from wanhui.triage import actions, checking, queries
from wanhui.triage.models import Verdict
from wanhui.web.cursors import seal, unseal
from wanhui.web.problems import Problem
from wanhui.web.shapes import Asked, Flag, Id, Page, Paging, Told, Whole, Word

router = Router(tags=["Reviews"], auth=needs(Scope.CORRECTIONS))


Offset = Annotated[int, Field(strict=True, ge=0, le=10_000_000), Whole]
Place = Annotated[list[Offset], Field(min_length=2, max_length=2)]


class CauseTold(Told):
    """A cause or praise: its code, a finer one, how sure, and where in the text (code points, end exclusive)."""

    code: str
    sub: str | None
    score: float
    evidence: list[list[int]]


class KindTold(Told):
    """The kind of a follow-up, where in it that shows, and whether it is sure."""

    code: Literal["use", "offtopic", "advert", "self_praise"]
    evidence: list[list[int]]
    sure: bool


class VerdictTold(Told):
    """What was said of one text, by an engine or a person.

    `about`: of a person's verdict, the engine's one that it corrects. `near`: causes that were nearly named, or that
    the store's bars left out, `bars_version`: these bars, 0 for the engine's own. `to_check`: a person must see it
    first; until then nothing is drafted from it. `confidence`: how many of a hundred verdicts of this engine that are
    as sure (or unsure) as this one are right in mood and main cause, as a share; null where it was not measured.
    `kind` is told of follow-ups only. `table_version`: the store's severity table that weighed it, 0 for the shipped
    one.
    """

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
    reasons: list[str] | None
    table_version: int
    about: int | None
    near: list[CauseTold]
    bars_version: int
    bad: bool
    middling: bool
    confidence: float | None
    to_check: bool
    checked_by: PersonTold | None
    checked_at: datetime | None
    kind: KindTold | None


class VerdictAsked(Asked):
    """A person's own verdict. `causes`: codes ("delivery") or finer ones ("delivery.slow"), strongest first.
    `evidence`: where the text says a cause, by code (code points, end exclusive); a cause that is not in it keeps what
    the verdict has.
    """

    sentiment: Literal["negative", "mixed", "positive"]
    causes: Annotated[list[Word], Field(max_length=20)] = []
    primary: Word = ""
    flags: Annotated[list[Word], Field(max_length=10)] = []
    evidence: Annotated[dict[Word, Annotated[list[Place], Field(max_length=20)]], Field(max_length=20)] = {}


class VerdictPage(Page[VerdictTold]):
    """Part of a list of verdicts."""


class ToCheckAsked(Paging):
    """Which verdicts; `older`: those of reviews beyond the age up to which their store opens cases."""

    kind: Literal["real", "demo", "drill"] | None = None
    store: Id | None = None
    older: Flag = False


@router.post("/verdicts/{int:pk}/correct", response=VerdictTold)
def correct(request: HttpRequest, pk: Id, asked: VerdictAsked) -> VerdictTold:
    """Put my own verdict in the place of this one, if this one still counts."""
    person = caller(request)
    verdict = _current(person, pk)
    places = {code: [(start, end) for start, end in spans] for code, spans in asked.evidence.items()}
    new = actions.correct(verdict, actor=person, **asked.model_dump(exclude={"evidence"}), evidence=places)
    return verdict_told(new)


@router.post("/verdicts/{int:pk}/confirm", response=VerdictTold)
def confirm(request: HttpRequest, pk: Id) -> VerdictTold:
    """Say yes to this verdict, if it still counts: it counts as looked at by me. A second yes changes nothing."""
    person = caller(request)
    return verdict_told(actions.confirm(_current(person, pk), actor=person))


@router.get("/reviews/{int:pk}/verdicts", response=list[VerdictTold], auth=needs(Scope.READ))
def verdicts(request: HttpRequest, pk: Id) -> list[VerdictTold]:
    """Every verdict that a review and its follow-ups ever had, the newest first; `current` marks those that count."""
    return [verdict_told(verdict) for verdict in queries.history(caller(request), pk)]


@router.get("/verdicts/to-check", response=VerdictPage, auth=needs(Scope.READ))
def to_check(request: HttpRequest, asked: Query[ToCheckAsked]) -> VerdictPage:
    """Verdicts that a person must see first, the most urgent first."""
    person = caller(request)
    key = unseal("to_check", asked.cursor)
    kind = asked.kind or stores.shown_kind(person)
    mine = stores.visible(person, kind)
    found = checking.waiting(list(mine if asked.store is None else mine.filter(pk=asked.store)), older=asked.older)
    behind = checking.after(found, (key[0], key[1]) if key else None).select_related("by", "checked_by")
    shown = list(behind[: asked.limit + 1])
    more = checking.key_of(shown[asked.limit - 1]) if len(shown) > asked.limit else None
    return VerdictPage(items=[verdict_told(each) for each in shown[: asked.limit]], next=seal("to_check", more))


def _current(person: User, pk: int) -> Verdict:
    """A verdict that counts; told which one does where another took its place."""
    verdict = checking.verdict_for(person, pk)
    if not verdict.current:
        now = Verdict.objects.get(review=verdict.review_id, follow_up=verdict.follow_up_id, current=True)
        raise Problem("changed_meanwhile", current={"verdict": now.pk})
    return verdict


def verdict_told(verdict: Verdict) -> VerdictTold:
    """A verdict as the API tells it."""
    names = ("current", "engine", "made_at", "language", "no_text", "unsure", "flags", "severity", "reasons",
             "table_version", "bars_version", "bad", "middling", "to_check", "checked_at")
    figures = stated(verdict.engine)
    return VerdictTold(
        id=verdict.pk, review=verdict.review_id, follow_up=verdict.follow_up_id, by=person_told(verdict.by),
        sentiment=verdict.sentiment or None,  # type: ignore[arg-type]
        primary=verdict.primary or None,
        confidence=None if figures is None else figures.unsure if verdict.unsure else figures.sure,
        checked_by=person_told(verdict.checked_by),
        kind=_kind(verdict), about=verdict.about_id, near=[_cause(cause) for cause in verdict.near],
        causes=[_cause(cause) for cause in verdict.causes], praises=[_cause(praise) for praise in verdict.praises],
        **{name: getattr(verdict, name) for name in names},
    )


def _kind(verdict: Verdict) -> KindTold | None:
    if not verdict.kind:
        return None
    return KindTold(
        code=verdict.kind,  # type: ignore[arg-type]
        evidence=verdict.kind_evidence, sure=verdict.kind_sure,
    )


def _cause(found: dict[str, Any]) -> CauseTold:
    return CauseTold(code=found["code"], sub=found.get("sub"), score=found["score"], evidence=found["evidence"])
