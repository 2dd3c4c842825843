"""The API's door to a store's severity table."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope, Verb
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.triage.rules import Urgencies
from wanhui.triage.severity import actions, queries, tables
from wanhui.triage.severity.forms import said
from wanhui.triage.severity.tables import TableProblem
from wanhui.web.shapes import Asked, Id, Told, Whole

router = Router(tags=["Stores"], auth=needs(Scope.SETTINGS))
Level = Annotated[int, Field(strict=True, ge=1, le=4), Whole]
From = Annotated[int, Field(strict=True, ge=1, le=tables.MOST), Whole]
Code = Annotated[str, Field(pattern=r"^[a-z_.0-9]{1,60}$")]


class SeverityTold(Told):
    """The severity that each reason alone gives: 1 now, 2 today, 3 normal, 4 low; of the reasons that fit the most
    urgent counts, what is not listed does not. `version` 0 is the table Wanhui ships; `safety` and `threat` are 1
    always."""

    version: int
    levels: dict[str, int]
    mass_from: int
    readers_from: int
    by: PersonTold | None
    made_at: datetime | None


class SeverityAsked(Asked):
    """A table. `seen` is the version it was made from: another one that counts by now is not overwritten."""

    seen: Annotated[int, Field(strict=True, ge=0, le=1_000_000), Whole]
    levels: Annotated[dict[Code, Level], Field(max_length=300, json_schema_extra={"additionalProperties": False})]
    mass_from: From
    readers_from: From


class MovedTold(Told):
    """So many verdicts have the severity `now` and would have `then`."""

    now: int
    then: int
    verdicts: int


class SeverityPreview(Told):
    """What a table would change among the verdicts of the last `days` days. `more`: only the newest were counted."""

    days: int
    verdicts: int
    changed: int
    more: bool
    moved: list[MovedTold]


class WeighedTold(Told):
    """So many verdicts are being weighed again."""

    verdicts: int


@router.get("/stores/{int:pk}/severity", response=SeverityTold, auth=needs(Scope.READ))
def table(request: HttpRequest, pk: Id) -> SeverityTold:
    """The severity table that counts in a store."""
    return _told(stores.store_for(caller(request), pk).pk)


@router.put("/stores/{int:pk}/severity", response=SeverityTold)
def keep(request: HttpRequest, pk: Id, asked: SeverityAsked) -> SeverityTold:
    """Keep a table as the next version. It weighs what is judged from now on; nothing of before changes."""
    person = caller(request)
    store = stores.store_for(person, pk)
    actions.change_severity(store, _table(asked), seen=asked.seen, actor=person)
    return _told(pk)


@router.post("/stores/{int:pk}/severity/preview", response=SeverityPreview)
def preview(request: HttpRequest, pk: Id, asked: SeverityAsked) -> SeverityPreview:
    """What a table would change among the verdicts of the last ninety days. Nothing is kept."""
    person = caller(request)
    stores.store_for(person, pk)
    stores.require(person, Verb.SETTINGS, pk)
    found = queries.preview(pk, _table(asked))
    moved = [MovedTold(now=now, then=then, verdicts=n) for now, then, n in found.rows()]
    return SeverityPreview(days=queries.DAYS, verdicts=found.total, changed=found.changed, more=found.more,
                           moved=moved)


@router.post("/stores/{int:pk}/severity/weigh-again", response=WeighedTold)
def weigh_again(request: HttpRequest, pk: Id) -> WeighedTold:
    """Give the verdicts of the last ninety days the severity that the table of now says; the worker does it."""
    person = caller(request)
    return WeighedTold(verdicts=actions.ask_severity(stores.store_for(person, pk), actor=person))


def _table(asked: SeverityAsked) -> Urgencies:
    try:
        return tables.checked(asked.levels, asked.mass_from, asked.readers_from, tables.known_codes())
    except TableProblem as problem:
        raise Refused(said(problem)) from problem


def _told(store_id: int) -> SeverityTold:
    found, version = queries.table_of(store_id)
    latest = next(iter(queries.versions(store_id)), None)
    return SeverityTold(version=version, levels=dict(found.levels), mass_from=found.mass_from,
                        readers_from=found.readers_from, by=person_told(latest.by) if latest else None,
                        made_at=latest.made_at if latest else None)
