"""`wanhui triage`: judge a file without any database."""

import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NoReturn

import typer

if TYPE_CHECKING:
    from wanhui.triage.bulk import Options
    from wanhui.triage.rules import Urgencies

DONE, FOUND_WRONG, WRONG_USE, STOPPED = 0, 1, 2, 130


class Where(StrEnum):
    """On what the work is done."""

    LOCAL = "local"
    RAY = "ray"


def register(app: typer.Typer) -> None:
    """Adds `triage` to the command line."""
    app.command()(triage)


def triage(
    file: Annotated[str, typer.Argument(help="csv, tsv, txt, xls, xlsx, jsonl, json, jsonp, parquet; or -.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Result: xlsx, csv, jsonl, parquet or html by its ending.")
    ] = None,
    text_column: Annotated[
        str | None, typer.Option(help="The column with the reviews, by name or by number from 1.")
    ] = None,
    language: Annotated[str, typer.Option(help="auto, or the language of all texts.")] = "auto",
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; chosen by itself if not given.")] = None,
    engine: Annotated[str | None, typer.Option(help="fast, accurate or the frozen name of an engine.")] = None,
    severity: Annotated[
        Path | None, typer.Option(help="How urgent is what: a severity table (toml), as the desk gives it.")
    ] = None,
    on: Annotated[Where, typer.Option(help="This machine, or a Ray cluster.")] = Where.LOCAL,
) -> None:
    """Judge the reviews of a file: causes with evidence, sentiment, flags, urgency. Without -o, print a summary."""
    # Before numpy is loaded, here and in helper processes: its threads only wait for each other on such small tables.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from wanhui.connectors.file.problem import FileProblem
    from wanhui.language import DEFAULT_ENGINE, LANGUAGES, UnknownEngine, full_name
    from wanhui.triage.bulk import Options

    if on is Where.RAY:
        _refuse('Working on Ray needs the extra "cluster". Please leave out --on to work on this machine.')
    if language != "auto" and language not in LANGUAGES:
        _refuse(f'There is no language "{language}". Please use auto or one of: {", ".join(LANGUAGES)}.')
    try:
        name = full_name(engine or DEFAULT_ENGINE)
    except UnknownEngine as problem:
        _refuse(str(problem))
    table = _table(severity)
    # A polite end of the process is answered like Ctrl-C, so that nothing half-written stays.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(file, out, text_column, Options(language=language, engine=name, jobs=jobs), table)
    except FileProblem as problem:
        _refuse(problem.message)
    except OSError as error:
        typer.echo(f"The result could not be written: {error.strerror or error}. Nothing was changed.", err=True)
        raise typer.Exit(FOUND_WRONG) from error
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was written.", err=True)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse(message: str) -> NoReturn:
    from wanhui.kit.plain import plain

    typer.echo(plain(message), err=True)
    raise typer.Exit(WRONG_USE)


def _table(file: Path | None) -> "Urgencies":
    from wanhui.triage.rules import DEFAULT
    from wanhui.triage.severity.tables import TableProblem, known_codes, read

    if file is None:
        return DEFAULT
    try:
        return read(file.read_text(encoding="utf-8"), known_codes())
    except TableProblem as problem:
        _refuse(f"{file}: {problem}")
    except (OSError, UnicodeDecodeError):
        _refuse(f"{file} cannot be read. Please give a severity table as the desk gives it.")


def _source(file: str) -> Path | BinaryIO:
    from wanhui.connectors.file.problem import FileProblem

    if file != "-":
        return Path(file)
    if sys.stdin.isatty():
        raise FileProblem("Nothing comes in on standard input. Please give a file, or pipe one in.")
    return sys.stdin.buffer


def _run(file: str, out: Path | None, text_column: str | None, options: "Options", table_of: "Urgencies") -> None:
    from rich.console import Console

    from wanhui.connectors.file.columns import recognise
    from wanhui.connectors.file.readers import read_table
    from wanhui.connectors.file.rows import read_reviews
    from wanhui.connectors.file.writers import check_target
    from wanhui.kit.plain import plain
    from wanhui.triage import outputs, terminal
    from wanhui.triage.bulk import judge_reviews
    from wanhui.triage.summary import Summary, main_language

    source = _source(file)
    if out is not None:
        outputs.output_kind(out)
        check_target(out, source if isinstance(source, Path) else None)
    with read_table(source, file if file == "-" else Path(file).name) as table:
        columns = recognise(table.header, table.sample, text_column=text_column, named=table.named)
        summary = Summary()
        judged = summary.watch(judge_reviews(read_reviews(table, columns), options, table_of))
        walk = terminal.with_progress(judged, table)
        if out is None:
            terminal.show(summary, table, columns, main_language(walk), Console())
        else:
            outputs.write(out, walk, summary, table, columns)
            typer.echo(f"{plain(str(out))}: {summary.rows:,} rows", err=True)
