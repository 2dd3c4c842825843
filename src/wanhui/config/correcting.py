"""`wanhui corrections export`: what people corrected, as lines for the training of an engine."""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from wanhui.kit.plain import plain

FOUND_WRONG, WRONG_USE = 1, 2
CONSENT = (
    "This file holds what your customers wrote. Phone numbers, addresses, order numbers and names that the desk knows "
    "are masked, but people can say who they are in other words. Keep it as you keep customer data, give it to nobody "
    "who may not see these reviews, and delete it when it is not needed any more."
)


def register(app: typer.Typer) -> None:
    """Adds `corrections` with its own commands to the command line."""
    group = typer.Typer(help="What people confirmed and corrected.", no_args_is_help=True)
    group.command()(export)
    group.callback()(_group)
    app.add_typer(group, name="corrections")


def _group() -> None:
    """Keeps `export` a word of its own, also while it is the only one."""


def export(
    store: Annotated[str, typer.Argument(help="A store, by name or number.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write, ending in .jsonl.")],
    by: Annotated[str, typer.Option("--by", help="Who takes it out: a login name that may export and correct there.")],
    yes: Annotated[bool, typer.Option("--yes", help="I have read what the file holds, and agree.")] = False,
) -> None:
    """Write every checked verdict of a store as a line of JSON: the text with personal data masked, what a person says
    of it, and what the engine had said. `python -m training.fit --corrections FILE` learns from it."""
    from wanhui.config.commands import refuse_an_old_database, set_up

    if out.suffix != ".jsonl":
        _refuse("The file must end in .jsonl.")
    if out.exists():
        _refuse(f"{out} is there already. Please choose another name.")
    _agree(yes)
    set_up()
    refuse_an_old_database()
    from django.http import Http404

    from wanhui.accounts.models import User
    from wanhui.config.importing import store_named
    from wanhui.kit.errors import NotAllowed
    from wanhui.triage.corrections.actions import export_corrections

    person = User.objects.filter(username=by, is_active=True).first()
    if person is None:
        _refuse(f'There is no person with the login name "{by}".')
    try:
        lines = export_corrections(store_named(store), actor=person)
    except (Http404, NotAllowed):
        _refuse(f"{by} may not take corrections out of this store. The owner, the manager, the lead or quality may.")
    _write(out, lines)
    typer.echo(f"{plain(str(out))}: {len(lines):,} checked verdicts")


def _agree(yes: bool) -> None:
    typer.echo(CONSENT, err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        _refuse("Please add --yes once you have read this.")
    if not typer.confirm("Do you agree?", err=True):
        _refuse("Nothing was written.")


def _write(out: Path, lines: list[str]) -> None:
    """For its owner's eyes only, whole or not at all."""
    beside = out.with_name(f".{out.name}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        typer.echo(f"The file could not be written: {error.strerror or error}.", err=True)
        raise typer.Exit(FOUND_WRONG) from error


def _refuse(message: str) -> NoReturn:
    typer.echo(plain(message), err=True)
    raise typer.Exit(WRONG_USE)
