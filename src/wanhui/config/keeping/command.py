"""`wanhui backup`, `wanhui restore` and `wanhui move`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from wanhui.config.keeping.filling import Filled
    from wanhui.config.keeping.places import Database
    from wanhui.config.keeping.trouble import Trouble

FOUND_WRONG, WRONG_USE = 1, 2


def register(app: typer.Typer) -> None:
    """Adds `backup`, `restore` and `move` to the command line."""
    app.command()(backup)
    app.command()(restore)
    app.command()(move)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; in a folder, a name with the moment is chosen.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put the secret key in too; who has it can sign in as anybody.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    keep: Annotated[int | None, typer.Option(min=1, help="In a folder: keep so many dated backups.")] = None,
) -> None:
    """Write everything into one file while the desk goes on: database and uploaded files, of one moment."""
    _set_up()
    from django.conf import settings

    from wanhui.config.keeping import backup as backups
    from wanhui.config.keeping.trouble import Trouble

    try:
        with _bar() as bar:
            done = backups.back_up(
                file, settings.HOME, Path(settings.MEDIA_ROOT),
                with_key=with_key, force=force, keep=keep, progress=bar("Backing up"),
            )  # fmt: skip
    except Trouble as trouble:
        _refuse(trouble)
    rows = sum(one.rows for one in done.manifest.tables.values())
    size = done.path.stat().st_size / 1024 / 1024
    typer.echo(f"{done.path}: {rows:,} rows of {len(done.manifest.tables)} tables, "
               f"{len(done.manifest.files):,} files, {size:,.1f} MB.")
    typer.echo(_KEY_IN if with_key else _KEY_OUT)
    for old in done.removed:
        typer.echo(f"Removed {old}.")
    for name in done.missing:
        typer.echo(f"The desk names a file that nobody has any more: {name}", err=True)
    if done.missing:
        raise typer.Exit(FOUND_WRONG)


_KEY_IN = "The secret key is in it: keep this file as safe as the desk itself."
_KEY_OUT = "The secret key is not in it (--with-key puts it in); after a restore everybody signs in once more."


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `wanhui backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Although there are stores: the old data is kept beside, dated.")
    ] = False,
) -> None:
    """Bring a backup back, everything or nothing; the desk must stand still."""
    _set_up()
    from django.conf import settings

    from wanhui.config.keeping import restore as restoring
    from wanhui.config.keeping.trouble import Trouble

    try:
        with _bar() as bar:
            done = restoring.restore(
                file, settings.HOME, Path(settings.MEDIA_ROOT),
                replace=replace, verify=bar("Checking the backup"), progress=bar("Restoring"),
            )  # fmt: skip
    except Trouble as trouble:
        _refuse(trouble)
    _show(done.tables, "backup", "restored")
    made = done.manifest
    typer.echo(f"{done.files:,} files. The data is of {made.made_at[:19]} UTC, Wanhui {made.version}.")
    if done.kept:
        typer.echo(f"The old data is kept: {done.kept}" + (f", {done.moved_files} files." if done.moved_files else "."))
    typer.echo(done.key)


def move(
    to: Annotated[
        str,
        typer.Option(help="Where to: postgresql://user:password@host/name, `sqlite` for the data folder, - asks."),
    ],
) -> None:
    """Move to another database with everything in it; the desk must stand still, the old database stays as it is."""
    _set_up()
    from wanhui.config.keeping import move as moving
    from wanhui.config.keeping import places
    from wanhui.config.keeping.trouble import Trouble

    try:
        address = typer.prompt("Address", hide_input=True, err=True) if to == "-" else to
        target = _target(address)
        with _bar() as bar:
            done = moving.move(target, progress=bar("Moving"))
    except Trouble as trouble:
        _refuse(trouble)
    _show(done.tables, "here", "there")
    for name, cells in done.replaced:
        typer.echo(f"{name}: {cells} cells held a NUL character, which PostgreSQL cannot keep; each is now U+FFFD.")
    typer.echo(f"Everything is in {places.shown(target)}, equal row by row. The old database is as it was.")
    typer.echo(_what_to_set(target))


def _what_to_set(target: "Database") -> str:
    from django.conf import settings

    from wanhui.config.keeping import places

    if places.is_sqlite(target) and places.file_of(target) == settings.HOME / "desk.sqlite3":
        return "Now take WANHUI_DATABASE_URL out of the environment and start the desk."
    return "Now set WANHUI_DATABASE_URL to this address wherever the desk starts, and start it."


def _target(address: str) -> "Database":
    from django.conf import settings

    from wanhui.config import home
    from wanhui.config.keeping import places

    return home.sqlite(settings.HOME / "desk.sqlite3") if address == "sqlite" else places.of_url(address)


def _show(filled: "list[Filled]", left: str, right: str) -> None:
    """Rows of each table here and there, and the first signs of the digest that is equal on both sides."""
    typer.echo(f"{'table':<40}{left:>12}{right:>12}  digest")
    for one in filled:
        if one.sent.rows or one.there.rows:
            typer.echo(f"{one.name:<40}{one.sent.rows:>12,}{one.there.rows:>12,}  {one.there.digest[:12]}")
    rows = (sum(one.sent.rows for one in filled), sum(one.there.rows for one in filled))
    typer.echo(f"{f'all {len(filled)} tables':<40}{rows[0]:>12,}{rows[1]:>12,}")


def _set_up() -> None:
    from wanhui.config.commands import set_up

    set_up()


@contextmanager
def _bar() -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """A progress bar on standard error: called with a title it gives what is told (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def titled(title: str) -> Callable[[int, int], None]:
            task = progress.add_task(title, total=None)
            return lambda done, total: progress.update(task, completed=done, total=total)

        yield titled


def _refuse(trouble: "Trouble") -> NoReturn:
    typer.echo(str(trouble), err=True)
    raise typer.Exit(WRONG_USE if trouble.wrong_use else FOUND_WRONG) from trouble
