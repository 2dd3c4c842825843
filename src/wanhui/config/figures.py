"""`wanhui figures`: are the kept counts what the raw rows say? And making them so."""

from typing import Annotated

import typer

FOUND_WRONG = 1
_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Adds `figures` to the command line."""
    app.command()(figures)


def figures(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Count everything anew from the raw rows.")] = False,
) -> None:
    """Compare the kept figures with the raw rows; with --rebuild, make them right. Exit 1 if any was wrong before."""
    from wanhui.config.commands import refuse_an_old_database, set_up

    set_up()
    refuse_an_old_database()
    from wanhui.analytics import actions, counting
    from wanhui.stores.models import Store

    actions.recount()  # what was only waiting is not wrong
    stores = list(Store.objects.order_by("pk"))
    wrong = actions.rebuild(actor=None) if rebuild else {store.pk: counting.wrong_days(store) for store in stores}
    typer.echo(f"{'days':>8}{'reviews':>12}{'bad':>10}{'cases':>10}{'closed':>10}  store")
    for store in stores:
        n = counting.totals(store)
        typer.echo(f"{n.days:>8,}{n.judged:>12,}{n.bad:>10,}{n.cases:>10,}{n.closed:>10,}  {store.name}")
        if days := wrong.get(store.pk):
            typer.echo(f"{'':>8}days that differed: {len(days):,} ({', '.join(map(str, days[:_SHOWN]))}"
                       + (" …)" if len(days) > _SHOWN else ")"))
    if any(wrong.values()):
        typer.echo("The kept figures differed; they are right now." if rebuild
                   else "The kept figures differ. Run `wanhui figures --rebuild` to make them right.")
        raise typer.Exit(FOUND_WRONG)
    typer.echo("The kept figures are what the reviews and cases say.")
