"""A file comes in, is looked at, corrected, confirmed, and taken in piece by piece."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.connectors import queries
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.readers import read_table
from wanhui.connectors.models import Import
from wanhui.connectors.wording import told
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.work import actions as work

_PIECE = 1 << 20
_State = Import.State


def receive(
    store: Store,
    upload: IO[bytes],
    name: str,
    *,
    actor: User | None,
    fields: dict[str, int] | None = None,
) -> Import:
    """Keep a file, recognise its columns (or take `fields`), and wait for a person's word.

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
        sha256 = _keep(upload, path)
        columns = _recognised(path, name, fields)
        with transaction.atomic():
            source = Import.objects.create(
                store=store, file_name=name, stored_as=stored_as, sha256=sha256, columns=columns,
                started_by=actor, created_at=clock.now(),
            )  # fmt: skip
            _record("connectors.receive", source, actor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return source


def set_columns(source: Import, fields: dict[str, int], *, year: int | None, actor: User | None) -> Import:
    """A person's word on the columns and on the year of dates without one. Refused when no column holds the text."""
    _allow(actor, source.store_id)
    try:
        with queries.opened(source) as table:
            columns = queries.columns_of(table, fields).fields()
    except FileProblem as problem:
        raise Refused(told(problem.message)) from problem
    with transaction.atomic():
        _move(source, [_State.CHECKING, _State.DONE], columns=columns, year=year, state=_State.CHECKING)
        _record("connectors.set_columns", source, actor, fields=["columns", "year"])
    return source


def confirm(source: Import, *, actor: User | None, dry_run: bool = False) -> Import:
    """Start it: notes "import.confirmed". After a dry run it can be confirmed again, for real."""
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
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


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


def _recognised(path: Path, name: str, fields: dict[str, int] | None) -> dict[str, int]:
    try:
        with path.open("rb") as stream:
            table = read_table(stream, name)
            return queries.columns_of(table, fields).fields()
    except FileProblem as problem:
        raise Refused(told(problem.message)) from problem
