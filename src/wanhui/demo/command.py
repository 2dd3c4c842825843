"""`wanhui demo`: the demo world, loaded into an empty desk."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds `demo` to the command line."""
    app.command()(demo)


def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing when there is a store already.")] = False,
) -> None:
    """Load four invented shops to try things out. They count in no figure."""
    from wanhui.config.commands import set_up

    set_up()
    from wanhui.demo import load
    from wanhui.kit import clock

    if load.is_loaded():
        if not if_empty:
            typer.echo("There are stores in this desk already; the demo is for an empty one. Nothing was changed.")
            raise typer.Exit(1)
        return
    done = load.load(clock.now(), lambda name: typer.echo(f"演示店铺 Demo: {name} …"))
    typer.echo(f"{done.stores} 家店 stores, {done.reviews} 条评价 reviews, {done.cases} 张差评单 cases")
