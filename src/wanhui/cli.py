"""The command line: `wanhui`. Every command lives in a small module of its room and is hung in here."""

import typer

from wanhui.config import commands, correcting, figures, importing, rejudging
from wanhui.config.checking import command as checking
from wanhui.config.keeping import command as keeping
from wanhui.demo import command as demo
from wanhui.replies import command as replies
from wanhui.triage import command as triage

app = typer.Typer(
    name="wanhui",
    help="挽回: the desk where online sellers and hotels win unhappy customers back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
triage.register(app)
commands.register(app)
importing.register(app)
figures.register(app)
rejudging.register(app)
correcting.register(app)
checking.register(app)
keeping.register(app)
demo.register(app)
replies.register(app)


def main() -> None:
    """Entry point of the command `wanhui`. Exit codes: 0 done, 1 found something wrong, 2 wrong use."""
    app()


if __name__ == "__main__":
    main()
