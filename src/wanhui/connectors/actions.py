"""A file comes in, is looked at, corrected, confirmed, and taken in piece by piece."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.connectors import queries, rules
from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.file.table import Table
from wanhui.connectors.models import Import, MapVersion, SavedMap
from wanhui.connectors.sentences import NOT_CONFIRMED
from wanhui.connectors.wording import told
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.work import actions as work

_PIECE = 1 << 20
_LAPSE_AT_ONCE = 100
_State = Import.State


def receive(
    store: Store,
    upload: IO[bytes],
    name: str,
    *,
    actor: User | None,
    fields: dict[str, int] | None = None,
    batch: str = "",
) -> Import:
    """Keep a file, recognise its columns (or take `fields`, or what a person said of such a file before), and wait
    for a person's word. `batch` marks files that came together.

    `actor` None is the person at the machine itself (the command line). Refused, with nothing kept, when the file is
    too large, cannot be read, holds totals, or no column holds text.
    """
    _allow(actor, store.pk)
    if store.closed_at is not None:
        raise Refused(_("This store is closed. Choose another one."))
    name = _plain_name(name)
    stored_as = f"imports/{secrets.token_hex(16)}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    try:
        source = Import(
            store=store, file_name=name, stored_as=stored_as, sha256=_keep(upload, path), batch=batch,
            started_by=actor, created_at=clock.now(),
        )  # fmt: skip
        _refuse_a_twin(source)
        _recognise(source, fields, actor)
        with transaction.atomic():
            source.save()
            _record("connectors.receive", source, actor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return source


def receive_many(
    store: Store, uploads: Iterable[tuple[IO[bytes], str]], *, actor: User | None, batch: str
) -> list[Import]:
    """Several files dropped together: each becomes an import of its own, in order. One that cannot be used is kept as
    a refused import with the sentence why, and stops none of the others."""
    _allow(actor, store.pk)
    brought = []
    for upload, name in uploads:
        try:
            with translation.override("en"):  # what is kept is told in each reader's language
                brought.append(receive(store, upload, name, actor=actor, batch=batch))
        except Refused as refusal:
            brought.append(turn_away(store, name, refusal.message, actor=actor, batch=batch))
    return brought


def turn_away(store: Store, name: str, message: str, *, actor: User | None, batch: str) -> Import:
    """A file of several that cannot be used: nothing of it is kept but its name and the reason."""
    now = clock.now()
    with transaction.atomic():
        source = Import.objects.create(
            store=store, file_name=_plain_name(name), batch=batch, started_by=actor, created_at=now, finished_at=now,
            state=_State.REFUSED, message=message,
        )  # fmt: skip
        _record("connectors.turn_away", source, actor)
    return source


def set_columns(source: Import, fields: dict[str, int], *, year: int | None, actor: User | None) -> Import:
    """A person's word on the columns and on the year of dates without one. Refused when no column holds the text."""
    _allow(actor, source.store_id)
    try:
        with queries.opened(source) as table:
            found = queries.look(table, queries.columns_of(table, fields), year)
    except FileProblem as problem:
        raise Refused(told(problem.message)) from problem
    columns = found.columns.fields()
    # The word on these columns is given: what is left to ask is what it does not answer.
    asks = [ask for ask in _asks(found) if ask != "text"]
    with transaction.atomic():
        _move(source, [_State.CHECKING, _State.DONE], columns=columns, year=year, state=_State.CHECKING, asks=asks)
        _record("connectors.set_columns", source, actor, fields=["columns", "year"])
    return source


def confirm(source: Import, *, actor: User | None, dry_run: bool = False) -> Import:
    """Start it: notes "import.confirmed". After a dry run it can be confirmed again, for real.

    What a person confirmed is kept as the map of this header (`keep_map`) for the next file of its kind.
    """
    _allow(actor, source.store_id)
    now = clock.now()
    with transaction.atomic():
        _move(
            source, [_State.CHECKING, _State.DONE], state=_State.CONFIRMED, dry_run=dry_run, total_rows=None,
            done_rows=0, new=0, edited=0, duplicate=0, refused=0, follow_ups=0, message="", finished_at=None,
        )  # fmt: skip
        source.lines.all().delete()
        work.note("import.confirmed", f"import/{source.pk}/{now:%Y%m%dT%H%M%S.%f}", ids=[source.pk])
        _record("connectors.confirm", source, actor, fields=["dry_run"] if dry_run else [])
        if actor is not None and not dry_run:
            keep_map(source, actor=actor)
    return source


def cancel(source: Import, *, actor: User | None) -> Import:
    """Throw an import away before it is taken in; its file is deleted."""
    _allow(actor, source.store_id)
    with transaction.atomic():
        _move(source, [_State.CHECKING, _State.DONE], state=_State.CANCELLED, finished_at=clock.now())
        _record("connectors.cancel", source, actor)
        _forget_file(source)
    return source


def refuse(source: Import, message: str, *, actor: User | None) -> Import:
    """The whole file turned out to be unreadable: nothing of it was taken in, and it is deleted."""
    with transaction.atomic():
        Import.objects.filter(pk=source.pk).update(
            state=_State.REFUSED, message=message, finished_at=clock.now(), total_rows=None
        )
        _record("connectors.refuse", source, actor)
        _forget_file(source)
    source.refresh_from_db()
    return source


def finish(source: Import, verb: str, *, actor: User | None) -> None:
    """All rows are accounted for: the one entry of taking in, called `verb`, with the counts of the whole import.

    Called in the transaction of the last rows. The file of a real import is deleted: its rows are stored.
    """
    source.refresh_from_db()
    source.state, source.finished_at = _State.DONE, clock.now()
    source.save(update_fields=["state", "finished_at"])
    counts = {name: getattr(source, name) for name in ("new", "edited", "duplicate", "refused", "follow_ups")}
    record(
        verb, actor=actor, kind="import", ref=source.pk, store=source.store_id,
        counts={"rows": source.done_rows, **counts},
    )  # fmt: skip
    if not source.dry_run:
        _forget_file(source)


def clear_up(source: Import) -> None:
    """Delete the file that a crash right after the last commit left behind; nothing else about the import changes."""
    if source.state == _State.REFUSED or (source.state == _State.DONE and not source.dry_run):
        queries.path_of(source).unlink(missing_ok=True)


def _forget_file(source: Import) -> None:
    """Delete the file once this transaction has come through: its rows are stored, or nobody wants them."""
    path = queries.path_of(source)
    if not source.stored_as:
        return
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def lapse(*, actor: User | None) -> int:
    """Throw away what nobody has confirmed for `rules.KEEP_UNCONFIRMED`; how many. A step of the minute's sweep."""
    unconfirmed = Q(state=_State.CHECKING) | Q(state=_State.DONE, dry_run=True)
    late = Import.objects.filter(unconfirmed, created_at__lt=clock.now() - rules.KEEP_UNCONFIRMED)
    lapsed = 0
    for source in late.order_by("pk")[:_LAPSE_AT_ONCE]:
        with transaction.atomic():
            if Import.objects.filter(unconfirmed, pk=source.pk).update(
                state=_State.CANCELLED, message=NOT_CONFIRMED, finished_at=clock.now()
            ):
                _record("connectors.lapse", source, actor)
                _forget_file(source)
                lapsed += 1
    return lapsed


def keep_map(source: Import, *, actor: User | None) -> MapVersion | None:
    """Remember what the columns of this import mean, for the next file with this header; the version that says so.

    A new version only where something differs from the last one. None for a file that names no columns.
    """
    _allow(actor, source.store_id)
    if not source.header:
        return None
    fields = rules.by_name(source.header, source.columns)
    now = clock.now()
    with transaction.atomic():
        saved, _made = SavedMap.objects.get_or_create(
            store_id=source.store_id, signature=rules.signature(source.header), withdrawn_at=None,
            defaults={"name": source.file_name[:120], "header": source.header, "created_at": now},
        )  # fmt: skip
        last = saved.versions.order_by("-number").first()
        if last is None or last.fields != fields or (source.year is not None and source.year != last.year):
            year = source.year if source.year is not None or last is None else last.year
            last = _say(saved, last, fields, year, actor)
            record("connectors.keep_map", actor=actor, kind="column_map", ref=saved.pk, store=saved.store_id)
        Import.objects.filter(pk=source.pk).update(map_version=last)
    source.map_version = last
    return last


def correct_map(saved: SavedMap, fields: dict[str, int], *, year: int | None, actor: User) -> MapVersion:
    """A person's better word on the columns of a map (field → place in its header): a new version, older ones stay."""
    require(actor, Verb.IMPORT, saved.store_id)
    if "text" not in fields:
        raise Refused(_("Say which column holds the text of the reviews."))
    named = rules.by_name(saved.header, fields)
    with transaction.atomic():
        _refuse_withdrawn(saved)
        version = _say(saved, saved.versions.order_by("-number").first(), named, year, actor)
        record("connectors.correct_map", actor=actor, kind="column_map", ref=saved.pk, store=saved.store_id,
               fields=["fields", "year"])
    return version


def rename_map(saved: SavedMap, name: str, *, actor: User) -> None:
    """Call a map by another name."""
    require(actor, Verb.IMPORT, saved.store_id)
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(_("Give it a name, such as the page you export from."))
    with transaction.atomic():
        SavedMap.objects.filter(pk=saved.pk).update(name=name)
        record("connectors.rename_map", actor=actor, kind="column_map", ref=saved.pk, store=saved.store_id,
               fields=["name"])


def withdraw_map(saved: SavedMap, *, actor: User) -> None:
    """No later file is read by this map; imports that used it still say so."""
    require(actor, Verb.IMPORT, saved.store_id)
    with transaction.atomic():
        _refuse_withdrawn(saved)
        SavedMap.objects.filter(pk=saved.pk).update(withdrawn_at=clock.now())
        record("connectors.withdraw_map", actor=actor, kind="column_map", ref=saved.pk, store=saved.store_id,
               fields=["withdrawn_at"])


def _say(
    saved: SavedMap, last: MapVersion | None, fields: dict[str, str], year: int | None, by: User | None
) -> MapVersion:
    number = last.number + 1 if last else 1
    return MapVersion.objects.create(saved=saved, number=number, fields=fields, year=year, by=by, at=clock.now())


def _refuse_withdrawn(saved: SavedMap) -> None:
    """Lock the map, so that two people make two versions, one after the other."""
    locked = SavedMap.objects.select_for_update().filter(pk=saved.pk).values_list("withdrawn_at", flat=True).first()
    if locked is not None:
        raise Refused(_("This column map is withdrawn already."))


def _allow(actor: User | None, store_id: int) -> None:
    if actor is not None:
        require(actor, Verb.IMPORT, store_id)


def _record(verb: str, source: Import, actor: User | None, *, fields: Sequence[str] = ()) -> None:
    record(verb, actor=actor, kind="import", ref=source.pk, store=source.store_id, fields=fields)


def _move(source: Import, states: Sequence[str], **changes: object) -> None:
    """Change an import only while nobody else has: it is being checked, or only a dry run of it is done."""
    open_ = Import.objects.filter(pk=source.pk, state__in=states).exclude(state=_State.DONE, dry_run=False)
    if not open_.update(**changes):
        raise Refused(_("This import has already been started or ended. Upload the file again if you need it."))
    source.refresh_from_db()


def _plain_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 255 characters, ending kept."""
    plain = "".join(char for char in PurePath(name.replace("\\", "/")).name if char.isprintable()).strip()
    if len(plain) > 255:
        stem, dot, ending = plain.rpartition(".")
        plain = stem[: 254 - len(ending)] + dot + ending if len(ending) < 20 else plain[:255]
    return plain or "-"


def _keep(upload: IO[bytes], path: Path) -> str:
    """Write the upload to `path` and return its sha256; Refused beyond the limit, whatever size it claimed."""
    limit = settings.WANHUI_MAX_UPLOAD_BYTES
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as target:
        with suppress(OSError):
            path.chmod(0o600)
        while piece := upload.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise Refused(
                    _("This file is larger than %(limit)s MB. Export a shorter period, or split the file.")
                    % {"limit": max(1, limit // 1024 // 1024)}
                )
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _recognise(source: Import, fields: dict[str, int] | None, actor: User | None) -> None:
    """What the columns mean, in `source`: as named, as a person said of such a header before, or as recognised."""
    try:
        with queries.path_of(source).open("rb") as stream, read_table(stream, source.file_name) as table:
            source.header = list(table.header) if table.named else []
            source.first_row = rules.first_row(table.header_row)
            version = None if fields else queries.remembered(source.store, source.header, actor)
            columns, changed = _as_remembered(table, version) if version else (queries.columns_of(table, fields), False)
            found = queries.look(table, columns, None)
    except FileProblem as problem:
        raise Refused(told(problem.message)) from problem
    source.map_version = version
    source.columns = columns.fields()
    source.asks = ["changed"] * changed + [ask for ask in _asks(found) if version is None or ask != "text"]


def _as_remembered(table: Table, version: MapVersion) -> tuple[ColumnMap, bool]:
    """The columns as a person last said, and whether the header has changed since."""
    places = rules.by_place(table.header, version.fields)
    if rules.signature(table.header) == version.saved.signature and "text" in places:
        return queries.columns_of(table, places), False
    try:
        recognised = queries.columns_of(table, None).fields()
    except FileProblem:
        if "text" not in places:
            raise
        recognised = {}
    return queries.columns_of(table, rules.merged(recognised, places)), True


def _asks(found: queries.Check) -> list[str]:
    """Codes of what a person must look at before these rows are taken in unseen."""
    asks = {
        "text": not found.sure,
        "year": found.needs_year,
        "shops": len(found.shops) > 1,
        "rows": not found.preview,
    }
    return [ask for ask, needed in asks.items() if needed]


def _refuse_a_twin(source: Import) -> None:
    """The same file twice in one drop is taken once."""
    if source.batch:
        same = Import.objects.filter(batch=source.batch, store_id=source.store_id, sha256=source.sha256)
        if twin := same.exclude(state=_State.REFUSED).first():
            raise Refused(
                _("This is the same file as %(file)s, which came together with it. It is taken once.")
                % {"file": twin.file_name}
            )
