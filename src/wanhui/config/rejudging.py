"""`wanhui rejudge`: what another engine would say of a store's reviews, or of a file's, before anything changes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import tee
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from wanhui.kit.batches import collect_seldom
from wanhui.kit.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from wanhui.stores.models import Store
    from wanhui.triage.rejudging.models import Rejudging
    from wanhui.triage.rejudging.rules import Tally

FOUND_WRONG, WRONG_USE = 1, 2
_SHOWN = 8  # moves of one kind; what is rarer is summed up
_LONGEST = 60  # characters of an example's text
Text = tuple[int, int | None]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As 2026-11-21; of a store's reviews.")]


def register(app: typer.Typer) -> None:
    """Adds `rejudge` to the command line."""
    app.command()(rejudge)


def rejudge(
    what: Annotated[str, typer.Argument(metavar="STORE|FILE", help="A store, by name or number; or a file.")],
    engine: Annotated[str | None, typer.Option(help="The engine that reads; the default one if not given.")] = None,
    than: Annotated[str | None, typer.Option(help="For a file: the engine it is compared with.")] = None,
    since: Day = None,
    until: Day = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put the verdicts of that engine in place.")] = False,
) -> None:
    """Show what another engine would say: which verdicts would read differently, with examples, and what would happen
    to cases. Nothing changes without --apply; a verdict that a person gave or confirmed never does."""
    from wanhui.language import DEFAULT_ENGINE, UnknownEngine, full_name

    try:
        engine, other = full_name(engine or DEFAULT_ENGINE), full_name(than or DEFAULT_ENGINE)
    except UnknownEngine as problem:
        _refuse(str(problem))
    if Path(what).is_file():
        if apply or since or until:
            _refuse("--apply, --since and --until are for a store. A file is only compared.")
        _file(Path(what), other, engine)
    elif than:
        _refuse("--than is for a file. A store's reviews are compared with the verdicts they have.")
    else:
        _store(what, engine, since.date() if since else None, until.date() if until else None, apply)


def _store(wanted: str, engine: str, since: date | None, until: date | None, apply: bool) -> None:
    from wanhui.config.commands import refuse_an_old_database, set_up

    set_up()
    collect_seldom()
    refuse_an_old_database()
    from wanhui.config.importing import store_named
    from wanhui.triage.rejudging import queries
    from wanhui.triage.rejudging.queries import Scope

    store = store_named(wanted)
    scope = Scope(store, engine, since, until, queries.last_review(store))
    tally = _preview(scope)
    examples = [(each["review"], each["follow_up"]) for each in tally.examples]
    _tell(f"{store.name} ({store.platform})", engine, tally, queries.texts(store, examples))
    if apply and tally.looked:
        _apply(store, engine, since, until, tally)
    else:
        typer.echo("Nothing was changed." + (" With --apply it is." if tally.looked else ""))


def _preview(scope: Any) -> "Tally":
    from wanhui.pipeline import rejudging
    from wanhui.triage.rejudging import queries
    from wanhui.triage.rejudging.rules import Tally

    tally, done = Tally(), 0
    total = queries.reviews_in(scope).count()
    with _bar("Reading", total) as show:
        for many, found in rejudging.preview(scope):
            tally, done = found, done + many
            show(done)
    return tally


def _apply(store: "Store", engine: str, since: date | None, until: date | None, tally: "Tally") -> None:
    from wanhui.kit.errors import Refused
    from wanhui.pipeline.advance import drain
    from wanhui.triage.rejudging import actions
    from wanhui.triage.rejudging.rules import Tally

    try:
        made = actions.ask_rejudging(store, engine, since=since, until=until, tally=tally, actor=None)
        actions.confirm_rejudging(made, actor=None)
    except Refused as refusal:
        _refuse(refusal.message)
    with _bar("Putting in place", made.total) as show:
        _done(made, show)
    if made.state != made.State.APPLIED:
        why = "It was stopped." if made.state == made.State.STOPPED else "It failed: `wanhui check` says why."
        typer.echo(f"{why} What was put in place until then stays.", err=True)
        raise typer.Exit(FOUND_WRONG)
    drain()  # cases hear of it, and the figures
    done = Tally.from_json(made.applied)
    typer.echo(f"Put in place: {done.looked:,} verdicts, {done.changed:,} of them read differently. "
               "The earlier ones stay readable.")


def _done(made: "Rejudging", show: "Callable[[int], None]") -> None:
    """Do its steps here; where a running worker is quicker, look on."""
    from wanhui.pipeline.advance import advance
    from wanhui.triage.rejudging.queries import APPLY
    from wanhui.work.models import Step

    while made.state == made.State.APPLYING:
        steps = list(Step.objects.filter(Step.OPEN, kind=APPLY, ref__startswith=f"{made.pk}/"))
        if not any(advance(step.pk) for step in steps):
            sleep(0.2)
        made.refresh_from_db()
        show(made.done)
        if not steps and made.state == made.State.APPLYING:
            return  # given up after many tries: `wanhui check` shows why


def _file(path: Path, old: str, new: str) -> None:
    from wanhui.connectors.file.columns import recognise
    from wanhui.connectors.file.problem import FileProblem
    from wanhui.connectors.file.readers import read_table
    from wanhui.connectors.file.rows import read_reviews
    from wanhui.triage.bulk import Judged, Options, judge_reviews
    from wanhui.triage.rejudging.rules import Said, Tally, said

    def read(one: Judged) -> Said:
        return said(one.judgement, one.severity, one.bad)

    tally, texts = Tally(), dict[Text, str]()
    try:
        with read_table(path, path.name) as table:
            columns = recognise(table.header, table.sample, named=table.named)
            rows = tee(read_reviews(table, columns))
            both = (judge_reviews(each, Options(engine=e, jobs=1)) for each, e in zip(rows, (old, new), strict=True))
            for number, (before, after) in enumerate(zip(*both, strict=True), start=1):
                if tally.add(read(before), read(after), {"review": number, "follow_up": None}) and any(
                    each["review"] == number for each in tally.examples
                ):
                    texts[number, None] = after.text
    except FileProblem as problem:
        _refuse(problem.message)
    _tell(path.name, new, tally, texts)


def _tell(what: str, engine: str, tally: "Tally", texts: Mapping[Text, str]) -> None:
    share = f" ({tally.changed / tally.looked:.1%})" if tally.looked else ""
    typer.echo(plain(f"{what}: {tally.looked:,} texts read by {engine}; {tally.changed:,}{share} would read "
                     "differently."))
    if tally.engines:
        typer.echo("Compared with " + ", ".join(f"{name}: {n:,}" for name, n in tally.engines.most_common()))
    if tally.kept or tally.same:
        typer.echo(f"Left alone: {tally.kept:,} that a person gave or confirmed, {tally.same:,} by {engine} already.")
    for label, counts in _lines(tally):
        if counts:
            typer.echo(f"{label:<18}{_most(counts)}")
    if tally.cases:
        typer.echo(f"{'cases':<18}{tally.cases['open']:,} would be opened, {tally.cases['again']:,} opened again, "
                   f"{tally.cases['changed']:,} told of another urgency or cause; none is closed")
    for each in tally.examples:
        _example(each, texts.get((each["review"], each["follow_up"]), ""))


def _lines(tally: "Tally") -> tuple[tuple[str, Counter[str]], ...]:
    return (
        ("differ in", tally.aspects), ("severity", tally.severities), ("counts as bad", tally.bad),
        ("mood", tally.sentiments), ("main cause", tally.primaries), ("causes gained", tally.gained),
        ("causes lost", tally.lost), ("flags gained", tally.flags_gained), ("flags lost", tally.flags_lost),
    )  # fmt: skip


def _most(counts: Counter[str]) -> str:
    """The most frequent ones with their counts; "" in a move is none."""
    shown = counts.most_common(_SHOWN)
    rest = sum(counts.values()) - sum(n for _name, n in shown)
    words = [f"{_move(name)} {n:,}" for name, n in shown]
    return ", ".join([*words, f"others {rest:,}"] if rest else words)


def _move(name: str) -> str:
    old, sign, new = name.partition(">")
    return f"{old or 'none'} → {new or 'none'}" if sign else name


def _example(each: Mapping[str, Any], text: str) -> None:
    words = " ".join(text.split())
    typer.echo(plain(f"\n  {each['review']}: {words[:_LONGEST]}{'…' if len(words) > _LONGEST else ''}"))
    for sign, said in (("-", each["old"]), ("+", each["new"])):
        causes = [*said["causes"], *said["finer"]]
        parts = [said["sentiment"] or "no mood", ", ".join(causes) or "no cause", *said["flags"]]
        parts += [f"likes {', '.join(said['praises'])}"] if said["praises"] else []
        parts += ["unsure"] if said["unsure"] else []
        typer.echo(f"  {sign} severity {said['severity']} · {' · '.join(parts)}")


@contextmanager
def _bar(words: str, total: int) -> "Iterator[Callable[[int], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done)


def _refuse(message: str) -> NoReturn:
    typer.echo(plain(message), err=True)
    raise typer.Exit(WRONG_USE)
