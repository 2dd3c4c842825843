"""Imports as a person may see them, and what stands in their files."""

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import Case, Count, F, Prefetch, QuerySet, When
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.connectors import rules
from wanhui.connectors.file.columns import ColumnMap, recognise, with_fields
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.rows import ReviewRow, read_reviews
from wanhui.connectors.file.table import Table
from wanhui.connectors.models import Import, ImportLine, MapVersion, SavedMap
from wanhui.stores.models import Store
from wanhui.stores.queries import reachable

PREVIEW_ROWS = 8
LINES_A_PAGE = 100
IMPORTS_A_PAGE = 30
_NO_YEAR = "time without a year"
_PROPOSED = 0.3  # the confidence of a column that only has the longest texts
_MAPS_LOOKED_AT = 200
_WITH = ("store", "started_by", "map_version__saved__store", "map_version__by")


@dataclass(frozen=True, slots=True)
class Check:
    """What a file looks like before it is taken in, judged by its first rows (500 at most).

    `problems`: how often each kind of problem occurs there; `needs_year`: some dates lack a year and nobody has said
    which one is meant; `shops`: the names of the shops it speaks of; `sure`: a column is known to hold the text, not
    just proposed for having the longest ones.
    """

    columns: ColumnMap
    preview: list[ReviewRow]
    problems: list[tuple[str, int]]
    notes: tuple[str, ...]
    needs_year: bool
    looked_at: int
    shops: list[str]
    sure: bool


def imports(user: User, *, before: int | None = None) -> QuerySet[Import]:
    """One page of imports into stores this person works in, newest first; `before`: the last id of the page above."""
    found = Import.objects.filter(store__in=reachable(user)).select_related("store", "started_by").order_by("-pk")
    return (found.filter(pk__lt=before) if before else found)[:IMPORTS_A_PAGE]


def import_for(user: User, pk: int) -> Import:
    """One import this person may see; Http404 otherwise, whether it exists or not."""
    found = Import.objects.filter(pk=pk, store__in=reachable(user)).select_related(*_WITH).first()
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
        return look(table, columns_of(table, source.columns), source.year)


def look(table: Table, columns: ColumnMap, year: int | None) -> Check:
    """What the first rows of a table are, read so. The table's rows are walked: open it anew to take it in."""
    looked_at = len(table.sample)
    seen = list(islice(read_reviews(table, columns, year=year), looked_at))
    found = Counter(kind_of(problem) for row in seen for problem in ([row.refused] if row.refused else row.problems))
    text = columns.match("text")
    return Check(
        columns=columns,
        preview=[row for row in seen if not row.refused][:PREVIEW_ROWS],
        problems=found.most_common(),
        notes=table.notes + columns.notes,
        needs_year=year is None and _NO_YEAR in found,
        looked_at=looked_at,
        shops=list(dict.fromkeys(row.shop for row in seen if row.shop and not row.refused)),
        sure=text is not None and text.confidence > _PROPOSED,
    )


def kind_of(problem: str) -> str:
    """A problem without the value it was found in, so that equal ones can be counted: what stands before ": "."""
    return problem.partition(": ")[0]


def together(user: User, source: Import) -> list[Import]:
    """The imports that came in one drop with this one, itself among them, in the order in which they came."""
    if not source.batch:
        return [source]
    same = Import.objects.filter(batch=source.batch, store__in=reachable(user))
    return list(same.select_related(*_WITH).order_by("pk"))


def next_to_look_at(source: Import) -> Import | None:
    """The next file of the same batch that a person must look at, after this one and then from the first."""
    if not source.batch:
        return None
    waiting = Import.objects.filter(batch=source.batch, store_id=source.store_id, state=Import.State.CHECKING)
    unclear = [one for one in waiting.exclude(pk=source.pk).order_by("pk") if one.asks]
    return next((one for one in unclear if one.pk > source.pk), unclear[0] if unclear else None)


def saved_maps(user: User) -> QuerySet[SavedMap]:
    """Column maps in the stores this person works in, those in use first, each with its versions, newest first."""
    found = SavedMap.objects.filter(store__in=reachable(user)).select_related("store")
    return found.prefetch_related(_versions()).order_by(F("withdrawn_at").asc(nulls_first=True), "store__name", "-pk")


def saved_map_for(user: User, pk: int) -> SavedMap:
    """One column map this person may see, with its versions; Http404 otherwise."""
    found = saved_maps(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _versions() -> "Prefetch[str]":
    versions = MapVersion.objects.select_related("by").order_by("-number")
    return Prefetch("versions", versions.annotate(used=Count("imports")), to_attr="newest_first")


def remembered(store: Store, header: Sequence[str], actor: User | None) -> MapVersion | None:
    """What a person last said of a file with this header: in this store, else in another of the same platform that
    this person works in; else of the most similar header. None when nothing is known.

    Its header is the same in whatever order exactly when `rules.signature` says so.
    """
    if not header:
        return None
    reach = Store.objects.filter(kind=store.kind) if actor is None else reachable(actor).filter(kind=store.kind)
    near = SavedMap.objects.filter(withdrawn_at=None, store__in=reach.filter(platform=store.platform).values("pk"))
    own_first = near.annotate(own=Case(When(store=store, then=0), default=1)).order_by("own", "-pk")
    found = own_first.filter(signature=rules.signature(header)).first()
    if found is None:
        maps = list(own_first[:_MAPS_LOOKED_AT])
        likeness = [rules.likeness(header, one.header) for one in maps]
        best = max(likeness, default=0.0)
        found = maps[likeness.index(best)] if best >= rules.LIKE_ENOUGH else None
    if found is None:
        return None
    return found.versions.select_related("saved__store", "by").order_by("-number").first()
