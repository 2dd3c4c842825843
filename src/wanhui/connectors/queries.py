"""Imports as a person may see them, and what stands in their files."""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.connectors.file.columns import ColumnMap, recognise, with_fields
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import ReviewRow, read_reviews
from wanhui.connectors.file.table import Table
from wanhui.connectors.models import Import, ImportLine
from wanhui.stores.queries import reachable

PREVIEW_ROWS = 8
LINES_A_PAGE = 100
IMPORTS_A_PAGE = 30
_NO_YEAR = "time without a year"


@dataclass(frozen=True, slots=True)
class Check:
    """What a file looks like before it is taken in, judged by its first rows (500 at most).

    `problems`: how often each kind of problem occurs there; `needs_year`: some dates lack a year and nobody has said
    which one is meant; `shops`: the names of the shops it speaks of.
    """

    columns: ColumnMap
    preview: list[ReviewRow]
    problems: list[tuple[str, int]]
    notes: tuple[str, ...]
    needs_year: bool
    looked_at: int
    shops: list[str]


def imports(user: User, *, before: int | None = None) -> QuerySet[Import]:
    """One page of imports into stores this person works in, newest first; `before`: the last id of the page above."""
    found = Import.objects.filter(store__in=reachable(user)).select_related("store", "started_by").order_by("-pk")
    return (found.filter(pk__lt=before) if before else found)[:IMPORTS_A_PAGE]


def import_for(user: User, pk: int) -> Import:
    """One import this person may see; Http404 otherwise, whether it exists or not."""
    found = Import.objects.filter(pk=pk, store__in=reachable(user)).select_related("store", "started_by").first()
    if found is None:
        raise Http404
    return found


def same_file_before(source: Import) -> Import | None:
    """The last finished import of the very same file into the same store: nothing new will come of this one."""
    earlier = Import.objects.filter(
        store_id=source.store_id, sha256=source.sha256, state=Import.State.DONE, dry_run=False
    )
    return earlier.exclude(pk=source.pk).order_by("-pk").first()


def lines(source: Import, *, after: tuple[int, int] | None = None) -> QuerySet[ImportLine]:
    """One page of the rows that need a word, in the order of the file; `after`: (row, id) of the last line above."""
    found = source.lines.order_by("row", "pk")
    if after is not None:
        row, pk = after
        found = found.filter(row__gte=row).exclude(row=row, pk__lte=pk)
    return found[:LINES_A_PAGE]


def all_lines(source: Import) -> Iterator[ImportLine]:
    """Every row that needs a word, read piece by piece."""
    return source.lines.order_by("row", "pk").iterator(chunk_size=2000)


def path_of(source: Import) -> Path:
    """Where the file lies, outside everything that is served."""
    return Path(settings.MEDIA_ROOT) / source.stored_as


def columns_of(table: Table, fields: dict[str, int] | None) -> ColumnMap:
    """What the columns mean: as recognised, or as a person said (`fields`: field → 0-based column).

    Raises FileProblem when no column holds text or a named one is not there.
    """
    text = fields.get("text", -1) if fields else -1
    try:
        found = recognise(table.header, table.sample, named=table.named)
    except FileProblem:
        if not 0 <= text < len(table.header):
            raise
        found = recognise(table.header, table.sample, text_column=table.header[text], named=table.named)
    return found if not fields or found.fields() == fields else with_fields(found, fields, table.sample)


def corrected(table: Table, wanted: dict[str, str]) -> dict[str, int]:
    """What was recognised, with a person's corrections: field → a column's name, its number from 1, or "" for none.

    A column named for one field is taken from the field it was recognised as. Raises FileProblem for an unknown name.
    """
    places = {field: _column(table, column) for field, column in wanted.items() if column}
    try:
        found = columns_of(table, {"text": places["text"]} if "text" in places else None).fields()
    except FileProblem:
        if "text" not in places:
            raise
        found = {}
    kept = {field: at for field, at in found.items() if field not in wanted and at not in places.values()}
    return kept | places


def _column(table: Table, wanted: str) -> int:
    if wanted in table.header:
        return table.header.index(wanted)
    if wanted.isdigit() and 1 <= int(wanted) <= len(table.header):
        return int(wanted) - 1
    raise FileProblem(
        f'There is no column "{wanted}". The file has: '
        + ", ".join(f'{number} "{name}"' for number, name in enumerate(table.header, 1))
        + "."
    )


@contextmanager
def opened(source: Import) -> Iterator[Table]:
    """The table of an import's file, open as long as the block. Raises FileProblem; also when the file is gone."""
    try:
        stream: BinaryIO = path_of(source).open("rb")
    except FileNotFoundError as error:
        raise FileProblem(f"The file {source.file_name} is no longer kept. Please upload it again.") from error
    with stream:
        yield read_table(stream, source.file_name)


def rows(source: Import) -> Generator[ReviewRow, None, None]:
    """Every row of an import's file, in order, read as its columns say. Raises FileProblem."""
    with opened(source) as table:
        yield from read_reviews(table, columns_of(table, source.columns), year=source.year)


def check(source: Import) -> Check:
    """Look at the first rows of an import's file. Raises FileProblem."""
    with opened(source) as table:
        columns = columns_of(table, source.columns)
        looked_at = len(table.sample)
        seen = list(islice(read_reviews(table, columns, year=source.year), looked_at))
        notes = table.notes + columns.notes
    found = Counter(kind_of(problem) for row in seen for problem in ([row.refused] if row.refused else row.problems))
    return Check(
        columns=columns,
        preview=[row for row in seen if not row.refused][:PREVIEW_ROWS],
        problems=found.most_common(),
        notes=notes,
        needs_year=source.year is None and _NO_YEAR in found,
        looked_at=looked_at,
        shops=list(dict.fromkeys(row.shop for row in seen if row.shop and not row.refused)),
    )


def kind_of(problem: str) -> str:
    """A problem without the value it was found in, so that equal ones can be counted: what stands before ": "."""
    return problem.partition(": ")[0]
