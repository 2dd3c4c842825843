"""The commands that run an installation: prepare, serve, work, retry, password.

`register(app)` hangs them into the command line. Django is set up inside the commands only: `wanhui triage` on the
same command line needs neither settings nor a database.
"""

import os
from typing import Annotated

import typer

FOUND_WRONG, WRONG_USE = 1, 2
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def register(app: typer.Typer) -> None:
    """Adds `prepare`, `serve`, `work`, `retry` and `password` to the command line."""
    app.command()(prepare)
    app.command()(serve)
    app.command()(work)
    app.command()(retry)
    app.command()(password)


def set_up() -> None:
    """Django, with the product's settings unless the environment names others."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanhui.config.settings")
    django.setup()


def prepare() -> None:
    """Bring the database to this version and make the first login; safe to call at every start."""
    set_up()
    from django.conf import settings

    from wanhui.config import first_login
    from wanhui.config.keeping import upgrade
    from wanhui.config.keeping.trouble import Trouble

    try:
        done = upgrade.upgrade(settings.HOME)
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(WRONG_USE if trouble.wrong_use else FOUND_WRONG) from trouble
    if done.copy is not None:
        typer.echo(f"Upgraded in {done.steps} steps. The database as it was before: {done.copy}", err=True)
    typer.echo(first_login.ensure())


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Do the steps here too; --no-worker where `wanhui work` runs.")] = True,
) -> None:
    """Serve the desk; stop with Ctrl-C."""
    set_up()
    from django.conf import settings

    from wanhui.config import serve as server

    refuse_an_old_database()
    server.quiet_logs()
    if host not in THIS_MACHINE and not settings.HTTPS:
        typer.echo("Others can reach this desk without https and read passwords on the way: docs/runbook.md, Https.",
                   err=True)  # fmt: skip
    try:
        server.serve(host, port, worker=worker, ready=_say_where)
    except server.PortTakenError as taken:
        typer.echo(str(taken), err=True)
        raise typer.Exit(WRONG_USE) from taken


def work(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes; SQLite always uses one.")] = 1,
) -> None:
    """Do what is noted as steps, without pages; stop with Ctrl-C."""
    set_up()
    from wanhui.config import serve as server

    refuse_an_old_database()
    server.quiet_logs()
    typer.echo("Working. Stop with Ctrl-C.")
    server.work(workers)


def retry() -> None:
    """Try the steps once more that were given up; for when their reason has gone."""
    set_up()
    from wanhui.work import actions as steps

    refuse_an_old_database()
    typer.echo(f"{steps.again()} steps wait for a worker again.")


def password(
    name: Annotated[str, typer.Argument(help="The name the person signs in with.")],
    also_second_factor: Annotated[
        bool, typer.Option("--also-second-factor", help="Forget the second factor too: the phone with the app is gone.")
    ] = False,
) -> None:
    """Give somebody who forgot their password a new one; it is shown once. A second factor stays on."""
    set_up()
    from wanhui.accounts import actions
    from wanhui.accounts.models import User
    from wanhui.doors import actions as doors
    from wanhui.doors import queries

    person = User.objects.filter(username=name.strip().lower()).first()
    if person is None:
        names = ", ".join(User.objects.order_by("username").values_list("username", flat=True))
        typer.echo(f'Nobody signs in as "{name}". There are: {names or "nobody yet"}.', err=True)
        raise typer.Exit(WRONG_USE)
    locked_twice = queries.has_second_factor(person)
    if locked_twice and also_second_factor:
        doors.clear_second_factor(person, actor=None)
        typer.echo("两步验证已关闭。 The second factor is off.")
    elif locked_twice:
        typer.echo("登录时仍需验证码。 A code is still asked for at the door (--also-second-factor forgets it).")
    typer.echo(f"登录 Login: {person.username}   新密码 New password: {actions.reset_password(person, actor=None)}")


def _say_where(address: str) -> None:
    typer.echo(f"{address}  (Ctrl-C)")


def refuse_an_old_database() -> None:
    """Pages on tables of another version fail one by one; one sentence at the start is kinder."""
    from wanhui.config.keeping import upgrade
    from wanhui.config.keeping.trouble import Trouble

    try:
        upgrade.refuse_a_newer_database()
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(WRONG_USE) from trouble
    if upgrade.waiting():
        typer.echo("The database is not ready for this version. Run `wanhui prepare` first.", err=True)
        raise typer.Exit(WRONG_USE)
