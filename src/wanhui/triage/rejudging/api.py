"""The API's door to judging again: ask what another engine would say, read it, decide."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope
from wanhui.language import DEFAULT_ENGINE, engine_names
from wanhui.stores import queries as stores
from wanhui.triage.rejudging import actions, queries
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rejudging.rules import Tally
from wanhui.web.shapes import SOUND, Asked, Day, Id, Told

router = Router(tags=["Reviews"], auth=needs(Scope.CORRECTIONS))
State = Literal["looking", "looked", "applying", "applied", "stopped"]


class EnginesTold(Told):
    """The engines that can judge, oldest first; `default` reads what comes in."""

    names: list[str]
    default: str


class RejudgingAsked(Asked):
    """Which engine, and for reviews said from when until when (days included; without them every review)."""

    engine: Annotated[str, Field(min_length=1, max_length=60, pattern=SOUND)]
    since: Day | None = None
    until: Day | None = None


class SaidTold(Told):
    """What one verdict says; `finer` are sub-causes."""

    engine: str
    severity: int
    bad: bool
    sentiment: str
    primary: str
    causes: list[str]
    finer: list[str]
    praises: list[str]
    flags: list[str]
    unsure: bool


class ExampleTold(Told):
    """One text that reads differently, and in which respect first."""

    aspect: str
    review: int
    follow_up: int | None
    old: SaidTold
    new: SaidTold


class TallyTold(Told):
    """What came of comparing. `kept`: left alone, because a person spoke; `same`: that engine's already, and alike.
    Moves are counted as "old>new"; `cases` says how many would be opened ("open"), opened again ("again") or told of
    another urgency or cause ("changed")."""

    looked: int
    changed: int
    kept: int
    same: int
    aspects: dict[str, int]
    sentiments: dict[str, int]
    primaries: dict[str, int]
    severities: dict[str, int]
    gained: dict[str, int]
    lost: dict[str, int]
    flags_gained: dict[str, int]
    flags_lost: dict[str, int]
    bad: dict[str, int]
    engines: dict[str, int]
    cases: dict[str, int]
    examples: list[ExampleTold]


class RejudgingTold(Told):
    """One rejudging: how far it has come, what the look found, and what was put in place."""

    id: int
    store: int
    engine: str
    since: date | None
    until: date | None
    state: State
    done: int
    total: int
    found: TallyTold
    applied: TallyTold
    asked_by: PersonTold | None
    asked_at: datetime
    confirmed_by: PersonTold | None
    finished_at: datetime | None


@router.get("/engines", response=EnginesTold, auth=needs(Scope.READ))
def engines(request: HttpRequest) -> EnginesTold:
    """The engines by their frozen names."""
    return EnginesTold(names=list(engine_names()), default=DEFAULT_ENGINE)


@router.post("/stores/{int:pk}/rejudgings", response={201: RejudgingTold})
def ask(request: HttpRequest, pk: Id, asked: RejudgingAsked) -> RejudgingTold:
    """Have another engine read a store's reviews; no verdict changes by it. Read the answer until it says "looked"."""
    person = caller(request)
    made = actions.ask_rejudging(
        stores.store_for(person, pk), asked.engine, since=asked.since, until=asked.until, actor=person
    )
    return _told(made)


@router.get("/rejudgings/{int:pk}", response=RejudgingTold, auth=needs(Scope.READ))
def rejudging(request: HttpRequest, pk: Id) -> RejudgingTold:
    """How far it has come, and what it found."""
    return _told(queries.rejudging_for(caller(request), pk))


@router.post("/rejudgings/{int:pk}/apply", response=RejudgingTold)
def apply(request: HttpRequest, pk: Id) -> RejudgingTold:
    """Put the verdicts in place that were looked at; what a person said or confirmed stays."""
    person = caller(request)
    found = queries.rejudging_for(person, pk)
    actions.confirm_rejudging(found, actor=person)
    return _told(found)


@router.post("/rejudgings/{int:pk}/stop", response=RejudgingTold)
def stop(request: HttpRequest, pk: Id) -> RejudgingTold:
    """Leave everything as it is; what was put in place already stays."""
    person = caller(request)
    found = queries.rejudging_for(person, pk)
    actions.stop_rejudging(found, actor=person)
    return _told(found)


def _told(found: Rejudging) -> RejudgingTold:
    return RejudgingTold(
        id=found.pk, store=found.store_id, engine=found.engine, since=found.since, until=found.until,
        state=cast("State", found.state), done=found.done, total=found.total, found=_tally(found.tally),
        applied=_tally(found.applied), asked_by=person_told(found.asked_by), asked_at=found.asked_at,
        confirmed_by=person_told(found.confirmed_by), finished_at=found.finished_at,
    )  # fmt: skip


def _tally(stored: dict[str, Any]) -> TallyTold:
    return TallyTold.model_validate(Tally.from_json(stored).to_json())
