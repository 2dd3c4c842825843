"""Where the header is: the first line, under title rows, or nowhere."""

import re
from dataclasses import dataclass, field

from wanhui.connectors.file.aliases import beside_totals, counts_reviews, known_name, text_names

LOOK_AT = 30
_LONGEST_NAME = 40
_NUMBER = re.compile(r"[-+]?[\d.,:/\-\s%￥¥$€]+")


@dataclass(frozen=True, slots=True)
class Headline:
    """`row` is the header's 0-based line or -1; `header` its texts; `titles` what stood above it."""

    row: int
    header: list[str]
    titles: list[str] = field(default_factory=list)


def find_header(rows: list[list[str]], *, plain_lines: bool = False) -> Headline:
    """Choose the header line among the first rows (texts of the cells).

    Rule: the line with most cells that are known column names, if it has two, or one in a table of one column;
    otherwise the first filled line if it looks like names and not like data; otherwise there is none.
    """
    best_row, best_hits = -1, 0
    for index, row in enumerate(rows[:LOOK_AT]):
        hits = _known_cells(row)
        if hits > best_hits:
            best_row, best_hits = index, hits
    single = max((_filled(row) for row in rows[:LOOK_AT]), default=0) == 1
    if best_hits >= 2 or (best_hits == 1 and (single or _lone_text(rows, best_row))):
        return Headline(best_row, rows[best_row], _titles(rows[:best_row]))
    first = next((i for i, row in enumerate(rows) if _filled(row) and not row[0].startswith("sep=")), 0)
    if not plain_lines and _looks_like_names(rows, first):
        return Headline(first, rows[first], _titles(rows[:first]))
    return Headline(-1, [])


def _known_cells(row: list[str]) -> int:
    """How many different cells of this line are column names we know; long cells are never names."""
    names = {cell.strip() for cell in row if 0 < len(cell.strip()) <= _LONGEST_NAME}
    return sum(1 for name in names if known_name(name) or counts_reviews(name) or beside_totals(name))


def _lone_text(rows: list[list[str]], index: int) -> bool:
    """One known name is enough when it is the review text's and the line is the table's first full one."""
    if not any(text_names(cell) for cell in rows[index]):
        return False
    width = max(_filled(row) for row in rows[:LOOK_AT])
    return _filled(rows[index]) >= max(1, width - 1) and not any(_filled(row) > 1 for row in rows[:index])


def _looks_like_names(rows: list[list[str]], first: int) -> bool:
    """Short, different, not numbers; and below them at least one column is of another kind or much longer."""
    cells = [cell.strip() for cell in rows[first]]
    names = [cell for cell in cells if cell]
    below = [row for row in rows[first + 1 : first + 51] if _filled(row)]
    if not names or not below or len(set(names)) < len(names) or len(names) < len(cells) / 2:
        return False
    if any(len(name) > 20 or _NUMBER.fullmatch(name) or name[-1] in "。！？.!?，," for name in names):
        return False
    return any(_differs(cells[index], [row[index] for row in below if index < len(row)]) for index in range(len(cells)))


def _differs(name: str, values: list[str]) -> bool:
    filled = [value.strip() for value in values if value.strip()]
    if not name or not filled:
        return False
    numbers = sum(1 for value in filled if _NUMBER.fullmatch(value))
    average = sum(map(len, filled)) / len(filled)
    return numbers * 2 > len(filled) or average > 3 * len(name) + 4


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _titles(rows: list[list[str]]) -> list[str]:
    return [" ".join(cell.strip() for cell in row if cell.strip()) for row in rows if _filled(row)]
