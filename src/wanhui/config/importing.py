"""`wanhui import`: a file into the desk, from the command line, with the report that accounts for every row."""

import json
import tomllib
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from wanhui.kit.batches import collect_seldom
from wanhui.kit.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from wanhui.connectors.models import Import
    from wanhui.stores.models import Store

DONE, FOUND_WRONG, WRONG_USE = 0, 1, 2
_LINES_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Adds `import` to the command line."""
    app.command(name="import")(import_)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Exports: csv, tsv, txt, xls, xlsx, jsonl, json, jsonp or parquet."),
    ],
    store: Annotated[str, typer.Option(help="The store, by its name or its number.")],
    mapping: Annotated[
        str | None,
        typer.Option(help="Corrections: a json or toml file, or field=Column,field=Column; field= leaves one out."),
    ] = None,
    year: Annotated[int | None, typer.Option(min=1995, max=2100, help="The year of dates that have none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only the report; no review is stored.")] = False,
    judge: Annotated[bool, typer.Option(help="Judge at once; --no-judge leaves it to a running worker.")] = True,
) -> None:
    """Bring files of reviews into a store and print what became of every row. A file that cannot be used is told and
    does not stop the others."""
    from wanhui.config.commands import refuse_an_old_database, set_up

    set_up()
    collect_seldom()
    refuse_an_old_database()
    from django.utils import translation

    with translation.override("en"):
        into, wanted = store_named(store), _wanted(mapping)
        codes, found = [], list["Import"]()
        for number, file in enumerate(files):
            if number:
                typer.echo("")
            try:
                source = _brought(into, file, wanted, year, dry_run)
            except typer.Exit as end:
                codes.append(end.exit_code)
                continue
            _report(source)
            found.append(source)
            codes.append(_code(source))
        if judge and not dry_run:
            _judge(found)
    raise typer.Exit(max(codes))


def _code(source: "Import") -> int:
    if source.state == source.State.REFUSED:
        return WRONG_USE
    return FOUND_WRONG if source.refused else DONE


def store_named(wanted: str) -> "Store":
    """The open store of this name or number; a real one before a practice store of the same name. Ends the command
    with a sentence where there is none."""
    from wanhui.stores.models import Store

    stores = list(Store.objects.filter(closed_at=None).order_by("pk"))
    found = [one for one in stores if wanted in (one.name, str(one.pk))]
    real = [one for one in found if one.kind == Store.Kind.REAL] or found
    if len(real) == 1:
        return real[0]
    shown = "; ".join(f"{one.pk} {one.name} ({one.platform})" for one in real or stores)
    if real:
        _refuse(f'There are {len(real)} stores named "{wanted}". Please give the number: {shown}.')
    _refuse(
        f'There is no store "{wanted}". ' + (f"There are: {shown}." if shown else "Please open one in the desk first.")
    )


def _wanted(mapping: str | None) -> dict[str, str]:
    """Field → column's name or number from 1, from a file or from the option itself."""
    if mapping is None:
        return {}
    path = Path(mapping)
    if path.suffix.lower() in (".json", ".toml"):
        try:
            text = path.read_text(encoding="utf-8-sig")
            data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
        except (OSError, ValueError) as error:
            _refuse(f"{mapping} cannot be read as a mapping: {error}.")
        if not isinstance(data, dict) or not all(isinstance(value, str | int) for value in data.values()):
            _refuse(f'{mapping} must say which column each field has, such as {{"text": "评价内容"}}.')
        return {str(field): str(column) for field, column in data.items()}
    pairs = [part.partition("=") for part in mapping.split(",") if part.strip()]
    if not all(sign for _field, sign, _column in pairs):
        _refuse("A mapping is written as field=Column,field=Column, such as text=评价内容,stars=星级.")
    return {field.strip(): column.strip() for field, _sign, column in pairs}


def _brought(store: "Store", file: Path, wanted: dict[str, str], year: int | None, dry_run: bool) -> "Import":
    from wanhui.connectors import actions, queries
    from wanhui.connectors.file.problem import FileProblem
    from wanhui.connectors.file.readers import open_file
    from wanhui.kit.errors import Refused

    try:
        with open_file(file) as stream:
            source = actions.receive(store, stream, file.name, actor=None)
        if wanted or year is not None:
            try:
                with queries.opened(source) as table:
                    fields = queries.corrected(table, wanted)
                source = actions.set_columns(source, fields, year=year, actor=None)
            except (Refused, FileProblem):
                actions.cancel(source, actor=None)
                raise
            if wanted and not dry_run:
                actions.keep_map(source, actor=None)
        elif source.map_version is not None and not source.asks:
            typer.echo(f'The columns are read as last time ("{source.map_version.saved}", {_version(source)}).')
        elif "changed" in source.asks:
            typer.echo("The columns have changed since last time; please check the figures below.")
        if earlier := queries.same_file_before(source):
            when = f"{earlier.finished_at:%Y-%m-%d}" if earlier.finished_at else "before"
            typer.echo(f"This file was imported on {when} already; nothing new will come of it.")
        return _taken(actions.confirm(source, actor=None, dry_run=dry_run))
    except OSError as error:
        _refuse(f"{file} cannot be opened: {error.strerror or error}.")
    except (Refused, FileProblem) as problem:
        _refuse(problem.message)


def _version(source: "Import") -> str:
    version = source.map_version
    assert version is not None
    return f"version {version.number}, {version.by or 'command line'}, {version.at:%Y-%m-%d}"


def _taken(source: "Import") -> "Import":
    """Take it in here; when a running worker was quicker, look on until it is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from wanhui.pipeline import helper
    from wanhui.reviews.actions import take_in
    from wanhui.work import actions as work
    from wanhui.work.models import Step

    noted = Step.objects.filter(kind="import.confirmed", ref__startswith=f"import/{source.pk}/").latest("pk")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Taking in", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            helper.call(rows=total - done)

        step = work.claim(noted.pk)
        if step is not None:
            source = take_in(source.pk, actor=None, on_progress=show, step=step)
            work.finish(step)
        return _watched(source, show)


def _watched(source: "Import", show: "Callable[[int, int], None]") -> "Import":
    source.refresh_from_db()
    while source.state in (source.State.CONFIRMED, source.State.RUNNING):
        show(source.done_rows, source.total_rows or 0)
        sleep(0.5)
        source.refresh_from_db()
    return source


def _report(source: "Import") -> None:
    """Every row of the file is in exactly one of these lines (design 5.1)."""
    from wanhui.connectors.models import ImportLine

    if source.state == source.State.REFUSED:
        typer.echo(source.message, err=True)
        return
    title = "Dry run: nothing was stored." if source.dry_run else f"Import {source.pk} is done."
    typer.echo(f"{title} {source.file_name} → {source.store.name} ({source.store.platform})")
    figures = (
        ("rows in the file", source.total_rows or 0),
        ("  new", source.new),
        ("  changed or continued", source.edited),
        ("  known already", source.duplicate),
        ("  refused", source.refused),
        ("follow-ups that came with them", source.follow_ups),
    )
    for label, figure in figures:
        typer.echo(f"{label:<32}{figure:>10,}")
    refused = source.lines.filter(outcome=ImportLine.Outcome.REFUSED).order_by("row", "pk")
    for line in refused[:_LINES_SHOWN]:
        typer.echo(plain(f"row {line.row:,} refused: {line.reason}"))
    if source.refused > _LINES_SHOWN:
        typer.echo(f"… and {source.refused - _LINES_SHOWN:,} more; the import's page in the desk lists them all.")
    noted = source.lines.filter(outcome=ImportLine.Outcome.NOTED).values("row").distinct().count()
    if noted:
        typer.echo(f"{noted:,} rows have a remark (taken, but something is missing); the page lists them.")


def _judge(sources: "list[Import]") -> None:
    from rich.console import Console

    from wanhui.pipeline.advance import drain

    if any(source.new or source.edited for source in sources):
        with Console(stderr=True).status("Judging …"):
            drain()
        typer.echo("Judged. Open the queue to see what needs an answer.")


def _refuse(message: str) -> NoReturn:
    typer.echo(plain(message), err=True)
    raise typer.Exit(WRONG_USE)
