"""The summary for the terminal, and the progress bar for long work."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.table import Table
from wanhui.kit.plain import plain
from wanhui.triage.figures import Block, about_file, blocks, column_lines, notes
from wanhui.triage.summary import Summary
from wanhui.triage.words import problem_name, say

T = TypeVar("T")

_PATIENCE = 2.0  # seconds before a bar appears
_STEP = 64  # rows between two looks at the clock


def with_progress(items: Iterable[T], table: Table) -> Iterator[T]:
    """Pass items through and show a bar on standard error: only on a terminal, and only once it takes long."""
    if not sys.stderr.isatty():
        yield from items
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    begun, task = time.monotonic(), None
    try:
        for number, item in enumerate(items, start=1):
            yield item
            if number % _STEP:
                continue
            if task is None and time.monotonic() - begun > _PATIENCE:
                bar.start()
                task = bar.add_task(plain(table.name), total=1.0 if table.share_read else None, rows=number)
            if task is not None:
                bar.update(task, completed=table.share_read() if table.share_read else 0.0, rows=number)
    finally:
        if task is not None:
            bar.stop()


def show(summary: Summary, table: Table, columns: ColumnMap, language: str, console: Console) -> None:
    """Print the summary. Everything that came from the file is printed as plain text, without any control sign."""
    console.print(Text(f"{plain(table.name)}  {plain(about_file(table))}", style="bold"))
    for block in blocks(summary, language):
        console.print(_grid(block, language))
    _show_reading(summary, table, columns, language, console)


def _grid(block: Block, language: str) -> Grid:
    grid = Grid(box=None, pad_edge=False, title=None, header_style="bold", show_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(Text(block.title), min_width=16)
    grid.add_column(Text(say("words", "count", language)), justify="right")
    grid.add_column(Text(say("words", "share", language)), justify="right")
    grid.add_column(Text(say("words", "example", language) if any(f.example for f in block.figures) else ""))
    for figure in block.figures:
        share = "" if figure.share is None else f"{figure.share:.1%}"
        grid.add_row(Text(figure.name), f"{figure.count:,}", share, Text(plain(figure.example)[:40]))
    grid.add_row("", "", "", "")
    return grid


def _show_reading(summary: Summary, table: Table, columns: ColumnMap, language: str, console: Console) -> None:
    taken = " · ".join(f"{field} ← {header}" for field, header, _ in column_lines(columns, language))
    console.print(Text(f"{say('words', 'columns', language)}: {plain(taken)}"))
    left = ", ".join(columns.header[index] for index in columns.unmatched)
    if left:
        console.print(Text(f"{say('words', 'left', language)}: {plain(left)}"))
    for problem, count in summary.problems.most_common():
        first = f"{say('words', 'first_row', language)} {summary.first_rows[problem] + 1}"
        console.print(
            Text(
                f"{say('words', 'problems', language)}: {plain(problem_name(problem, language))} × {count:,} ({first})"
            )
        )
    for note in notes(table, columns):
        console.print(Text(f"{say('words', 'notes', language)}: {plain(note)}"))
    console.print(Text(f"{say('words', 'engine', language)}: {plain(summary.engine)}"))
