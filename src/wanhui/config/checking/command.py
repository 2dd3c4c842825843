"""`wanhui check`: one line a point; exit 1 when something is wrong."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

FOUND_WRONG = 1
_WIDTH = 12


class Format(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Adds `check` to the command line."""
    app.command()(check)


def check(
    format_: Annotated[Format, typer.Option("--format", help="text, or json for programs.")] = Format.TEXT,
) -> None:
    """Look whether this installation is well: key, addresses, database, worker, disk, model, rules, backups …"""
    from wanhui.config.commands import set_up

    set_up()
    from wanhui.config.checking import looks

    found = list(looks.everything())
    worst = next((state for state in ("wrong", "soon") if any(point.state == state for point in found)), "ok")
    if format_ is Format.JSON:
        typer.echo(json.dumps({"state": worst, "points": [asdict(point) for point in found]}, ensure_ascii=False))
    else:
        for point in found:
            typer.echo(f"{point.state:<6} {point.name:<{_WIDTH}} {point.found}")
            if point.todo:
                typer.echo(f"{'':<6} {'':<{_WIDTH}} → {point.todo}")
    if worst == "wrong":
        raise typer.Exit(FOUND_WRONG)
