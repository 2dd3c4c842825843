"""The summary sheet of the xlsx: figures beside native Excel charts of them."""

from typing import Any

from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.table import Table
from wanhui.connectors.file.writers import ExcelBook
from wanhui.triage.figures import Block, about_file, blocks, column_lines, notes
from wanhui.triage.summary import Summary
from wanhui.triage.words import problem_name, say

_COLOURS = {"causes": "#2F6F73", "urgency": "#9C3D3D", "rating": "#5B6B7A", "stars": "#5B6B7A"}
_CHART_ROWS = 16


def fill(book: ExcelBook, front: Any, summary: Summary, table: Table, columns: ColumnMap, language: str) -> None:
    """Write the sheet from top to bottom (flat memory allows no way back) and hang the charts beside it."""
    percent = book.book.add_format({"num_format": "0.0%"})
    front.hide_gridlines(2)
    for column, width in enumerate((30, 12, 12, 40)):
        front.set_column(column, column, width)
    book.put(front, 0, 0, say("words", "title", language), book.bold)
    book.put(front, 1, 0, say("words", "file", language))
    book.put(front, 1, 1, f"{table.name} ({about_file(table)})")
    row, charts = 3, 0
    for block in blocks(summary, language):
        first = row + 1
        row = _block(book, front, row, block, language, percent)
        if block.key in _COLOURS:
            _chart(book, front, block, first, row - 2, charts * _CHART_ROWS + 3)
            charts += 1
    row = _columns(book, front, row, columns, language)
    row = _problems(book, front, row, summary, language)
    said = notes(table, columns)
    if book.cut_cells:
        said.append(say("words", "cut", language).format(count=book.cut_cells))
    _notes(book, front, row, [*said, f"{say('words', 'engine', language)}: {summary.engine}"], language)


def _block(book: ExcelBook, front: Any, row: int, block: Block, language: str, percent: Any) -> int:
    """One group of figures; returns the row after it and one blank row."""
    titles = [block.title, say("words", "count", language)]
    if any(figure.share is not None for figure in block.figures):
        titles.append(f"{say('words', 'share', language)}{f' ({block.of})' if block.of else ''}")
    if any(figure.example for figure in block.figures):
        titles.append(say("words", "example", language))
    for column, title in enumerate(titles):
        book.put(front, row, column, title, book.bold)
    for figure in block.figures:
        row += 1
        book.put(front, row, 0, figure.name)
        book.put(front, row, 1, figure.count)
        book.put(front, row, 2, figure.share, percent)
        book.put(front, row, 3, figure.example)
    return row + 2


def _chart(book: ExcelBook, front: Any, block: Block, first: int, last: int, at: int) -> None:
    """A bar for causes (long names read best beside bars), columns for what has an order."""
    chart = book.book.add_chart({"type": "bar" if block.key == "causes" else "column"})
    name = front.get_name()
    chart.add_series(
        {
            "name": block.title,
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "fill": {"color": _COLOURS[block.key]},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": block.title, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"major_gridlines": {"visible": False}, "reverse": block.key == "causes"})
    chart.set_size({"width": 520, "height": 300})
    front.insert_chart(at, 5, chart)


def _columns(book: ExcelBook, front: Any, row: int, columns: ColumnMap, language: str) -> int:
    for column, key in enumerate(("columns", "column")):
        book.put(front, row, column, say("words", key, language), book.bold)
    for field, header, reason in column_lines(columns, language):
        row += 1
        book.put(front, row, 0, field)
        book.put(front, row, 1, header)
        book.put(front, row, 3, reason)
    if columns.unmatched:
        row += 1
        book.put(front, row, 0, say("words", "left", language))
        book.put(front, row, 1, ", ".join(columns.header[index] for index in columns.unmatched))
    return row + 2


def _problems(book: ExcelBook, front: Any, row: int, summary: Summary, language: str) -> int:
    if not summary.problems:
        return row
    for column, key in enumerate(("problems", "count", "first_row")):
        book.put(front, row, column, say("words", key, language), book.bold)
    for problem, count in summary.problems.most_common():
        row += 1
        book.put(front, row, 0, problem_name(problem, language))
        book.put(front, row, 1, count)
        book.put(front, row, 2, summary.first_rows[problem] + 1)
    return row + 2


def _notes(book: ExcelBook, front: Any, row: int, said: list[str], language: str) -> None:
    book.put(front, row, 0, say("words", "notes", language), book.bold)
    for note in said:
        row += 1
        book.put(front, row, 0, note)
