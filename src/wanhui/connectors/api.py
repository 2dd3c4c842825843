"""The API's door to imports: bring a file or rows, see what was recognised, confirm, look on."""

import io
import json
from datetime import datetime
from typing import IO, Annotated, Literal, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope
from wanhui.connectors import actions, queries
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import as_text
from wanhui.connectors.models import Import, MapVersion, SavedMap
from wanhui.connectors.wording import MEANINGS, told
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.web.cursors import seal, unseal
from wanhui.web.problems import Problem
from wanhui.web.shapes import SOUND, Asked, Id, Line, Page, Paging, Ref, Text, Told, Whole, Yes

MOST_ROWS = 5000
Column = Annotated[int, Field(strict=True, ge=0, le=16_383), Whole]
FieldName = Annotated[str, Field(json_schema_extra={"enum": sorted(MEANINGS)})]
router = Router(tags=["Imports"], auth=needs(Scope.READ))


class ImportTold(Told):
    """One file for one store. `columns` says which column (from 0) holds which field; done_rows is the sum of new,
    edited, duplicate and refused rows at every moment."""

    id: int
    store: int
    file_name: str
    state: Literal["checking", "confirmed", "running", "done", "refused", "cancelled"]
    columns: dict[str, int]
    year: int | None
    dry_run: bool
    total_rows: int | None
    done_rows: int
    new: int
    edited: int
    duplicate: int
    refused: int
    follow_ups: int
    message: str
    started_by: PersonTold | None
    created_at: datetime
    finished_at: datetime | None


class ImportPage(Page[ImportTold]):
    """Part of the imports."""


class UploadAsked(Asked):
    """The store the file belongs to."""

    store: Id


class RowsAsked(Asked):
    """Reviews as rows, for callers without a file: column name → value, as they would stand in a table."""

    store: Ref
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=SOUND)] = "rows"
    rows: Annotated[
        list[dict[Line, Text | Annotated[int, Field(strict=True, ge=-(2**53), le=2**53), Whole] | Yes | None]],
        Field(min_length=1, max_length=MOST_ROWS),
    ]


class ColumnTold(Told):
    """One column of the file: what it was taken for and why, and what stands in its first rows."""

    index: int
    name: str
    field: str | None
    why: str
    examples: list[str]


class CountTold(Told):
    """A problem and how often it occurs."""

    problem: str
    count: int


class CheckTold(Told):
    """What the file looks like before it is taken in, judged by its first `looked_at` rows."""

    columns: list[ColumnTold]
    problems: list[CountTold]
    notes: list[str]
    needs_year: bool
    looked_at: int
    shops: list[str]
    same_file_before: int | None


class ColumnsAsked(Asked):
    """A person's word on the columns (field → column, from 0), and on the year of dates that have none."""

    columns: Annotated[dict[FieldName, Column], Field(min_length=1, max_length=len(MEANINGS))]
    year: Annotated[int, Field(strict=True, ge=1995, le=2100), Whole] | None = None


class ConfirmAsked(Asked):
    """A dry run fills the report and stores nothing; it can be confirmed for real afterwards."""

    dry_run: Yes = False


class MapVersionTold(Told):
    """A person's word on the columns: field → name of the column. `year`: what dates without one were said to mean."""

    number: int
    fields: dict[str, str]
    year: int | None
    by: PersonTold | None
    at: datetime


class MapTold(Told):
    """What the columns of one kind of export mean in a store; `versions` the newest first."""

    id: int
    store: int
    name: str
    header: list[str]
    withdrawn_at: datetime | None
    versions: list[MapVersionTold]


class MapNameAsked(Asked):
    """Another name for a column map."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=SOUND)]


class LineTold(Told):
    """A row that was not taken, or taken with a remark; rows are numbered as a spreadsheet shows them."""

    row: int
    outcome: Literal["refused", "noted"]
    reason: str


class LinePage(Page[LineTold]):
    """Part of the rows that need a word."""


@router.get("/imports", response=ImportPage)
def imports(request: HttpRequest, page: Query[Paging]) -> ImportPage:
    """Imports into the stores I work in, newest first."""
    before = unseal("imports", page.cursor)
    most = min(page.limit, queries.IMPORTS_A_PAGE)
    found = list(queries.imports(caller(request), before=before[0] if before else None)[:most])
    more = (found[-1].pk,) if len(found) == most else None
    return ImportPage(items=[_told(source) for source in found], next=seal("imports", more))


@router.post("/imports", response={201: ImportTold}, auth=needs(Scope.IMPORT))
def upload(request: HttpRequest, asked: Form[UploadAsked], file: File[UploadedFile]) -> ImportTold:
    """Upload a file of reviews; it waits until its columns are confirmed."""
    person = caller(request)
    store = stores.store_for(person, asked.store)
    return _told(actions.receive(store, cast("IO[bytes]", file.file), file.name or "", actor=person))


@router.post("/imports/rows", response={201: ImportTold}, auth=needs(Scope.IMPORT))
def send_rows(request: HttpRequest, asked: RowsAsked) -> ImportTold:
    """Send reviews as JSON rows; they wait like the rows of a file until they are confirmed."""
    person = caller(request)
    store = stores.store_for(person, asked.store)
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in asked.rows)
    return _told(actions.receive(store, io.BytesIO(lines.encode()), f"{asked.name}.jsonl", actor=person))


@router.get("/imports/{int:pk}", response=ImportTold)
def one(request: HttpRequest, pk: Id) -> ImportTold:
    """One import: where it stands, how far it came, and its figures."""
    return _told(queries.import_for(caller(request), pk))


@router.get("/imports/{int:pk}/columns", response=CheckTold)
def columns(request: HttpRequest, pk: Id) -> CheckTold:
    """What was recognised in the file, while it is kept."""
    source = queries.import_for(caller(request), pk)
    try:
        found = queries.check(source)
    except FileProblem as problem:
        raise Problem("refused", told(problem.message)) from problem
    earlier = queries.same_file_before(source)
    return CheckTold(
        columns=_columns(found),
        problems=[CountTold(problem=told(kind), count=count) for kind, count in found.problems],
        notes=[told(note) for note in found.notes],
        needs_year=found.needs_year,
        looked_at=found.looked_at,
        shops=found.shops,
        same_file_before=earlier.pk if earlier else None,
    )


@router.put("/imports/{int:pk}/columns", response=ImportTold, auth=needs(Scope.IMPORT))
def set_columns(request: HttpRequest, pk: Id, asked: ColumnsAsked) -> ImportTold:
    """Say which column holds which field."""
    person = caller(request)
    source = queries.import_for(person, pk)
    return _told(actions.set_columns(source, dict(asked.columns), year=asked.year, actor=person))


@router.post("/imports/{int:pk}/confirm", response=ImportTold, auth=needs(Scope.IMPORT))
def confirm(request: HttpRequest, pk: Id, asked: ConfirmAsked) -> ImportTold:
    """Start it, or a dry run of it; from here on the desk works by itself."""
    person = caller(request)
    return _told(actions.confirm(queries.import_for(person, pk), actor=person, dry_run=asked.dry_run))


@router.post("/imports/{int:pk}/cancel", response=ImportTold, auth=needs(Scope.IMPORT))
def cancel(request: HttpRequest, pk: Id) -> ImportTold:
    """Throw it away before it is taken in; the file is deleted."""
    person = caller(request)
    return _told(actions.cancel(queries.import_for(person, pk), actor=person))


@router.get("/imports/{int:pk}/lines", response=LinePage)
def lines(request: HttpRequest, pk: Id, page: Query[Paging]) -> LinePage:
    """The rows that were not taken or taken with a remark, in the order of the file."""
    source = queries.import_for(caller(request), pk)
    place = f"lines.{pk}"
    key = unseal(place, page.cursor)
    most = min(page.limit, queries.LINES_A_PAGE)
    found = list(queries.lines(source, after=(key[0], key[1]) if key else None)[:most])
    more = (found[-1].row, found[-1].pk) if len(found) == most else None
    items = [LineTold(row=line.row, outcome=line.outcome, reason=told(line.reason)) for line in found]  # type: ignore[arg-type]
    return LinePage(items=items, next=seal(place, more))


@router.get("/column-maps", response=list[MapTold])
def column_maps(request: HttpRequest) -> list[MapTold]:
    """The column maps of my stores, those in use first."""
    return [_map(saved) for saved in queries.saved_maps(caller(request))]


@router.get("/column-maps/{int:pk}", response=MapTold)
def column_map(request: HttpRequest, pk: Id) -> MapTold:
    """One column map with its versions."""
    return _map(queries.saved_map_for(caller(request), pk))


@router.put("/column-maps/{int:pk}/columns", response=MapTold, auth=needs(Scope.IMPORT))
def correct_map(request: HttpRequest, pk: Id, asked: ColumnsAsked) -> MapTold:
    """A better word on the columns: a new version, by which the next file is read."""
    person = caller(request)
    saved = queries.saved_map_for(person, pk)
    if any(place >= len(saved.header) for place in asked.columns.values()):
        raise Refused(_("One of these columns is not in the header of this map."))
    actions.correct_map(saved, dict(asked.columns), year=asked.year, actor=person)
    return _map(queries.saved_map_for(person, pk))


@router.patch("/column-maps/{int:pk}", response=MapTold, auth=needs(Scope.IMPORT))
def rename_map(request: HttpRequest, pk: Id, asked: MapNameAsked) -> MapTold:
    """Give a column map another name."""
    person = caller(request)
    actions.rename_map(queries.saved_map_for(person, pk), asked.name, actor=person)
    return _map(queries.saved_map_for(person, pk))


@router.delete("/column-maps/{int:pk}", response=MapTold, auth=needs(Scope.IMPORT))
def withdraw_map(request: HttpRequest, pk: Id) -> MapTold:
    """Withdraw a column map: the next such file is recognised anew, imports that used it still say so."""
    person = caller(request)
    actions.withdraw_map(queries.saved_map_for(person, pk), actor=person)
    return _map(queries.saved_map_for(person, pk))


def _map(saved: SavedMap) -> MapTold:
    versions: list[MapVersion] = saved.newest_first
    return MapTold(
        id=saved.pk, store=saved.store_id, name=saved.name, header=saved.header, withdrawn_at=saved.withdrawn_at,
        versions=[
            MapVersionTold(number=v.number, fields=v.fields, year=v.year, by=person_told(v.by), at=v.at)
            for v in versions
        ],
    )


def _columns(found: queries.Check) -> list[ColumnTold]:
    fields = {match.index: match for match in found.columns.matches}
    shown = []
    for index, name in enumerate(found.columns.header):
        match = fields.get(index)
        values = dict.fromkeys(as_text(row.source.get(name, "")).strip() for row in found.preview)
        shown.append(ColumnTold(
            index=index, name=name, field=match.field if match else None, why=told(match.reason) if match else "",
            examples=[value for value in values if value][:2],
        ))
    return shown


def _told(source: Import) -> ImportTold:
    names = ("file_name", "state", "columns", "year", "dry_run", "total_rows", "done_rows", "new", "edited",
             "duplicate", "refused", "follow_ups", "created_at", "finished_at")
    return ImportTold(
        id=source.pk, store=source.store_id, message=told(source.message), started_by=person_told(source.started_by),
        **{name: getattr(source, name) for name in names},
    )
