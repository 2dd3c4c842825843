"""Sheets that count reviews instead of holding them: told by their columns, and refused with the right export's name.

The names come from aliases.toml. A name alone never refuses: the cells must be numbers, and a column that really
holds texts of reviews outweighs every count beside it (shops' exports carry sales and ratings too).
"""

import re
from collections.abc import Sequence

from wanhui.connectors.file import content
from wanhui.connectors.file.aliases import WEAK_NAMES, beside_totals, counts_reviews, meanings
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import Cell, as_text, is_empty

_FIGURE = re.compile(
    r"[-+–]?\s*[\d.,\s]+(?:%|‰|[wW万亿kK])?\+?(?:\s*(?:分|条|次|件|人|小时|分钟|秒|min|h|s))?|[-–—/]|n/?a", re.I
)
_SHOWN = 4
_WEAK = {name.casefold() for name in WEAK_NAMES}
_WORDS = re.compile(r"[^\W\d_]{2}")


def told_by(header: Sequence[str], sample: Sequence[Sequence[Cell]], text: int | None) -> list[str]:
    """The column names by which a table is known to hold totals; empty when it may hold reviews.

    `text` is the column that was recognised by its name as the reviews' text, or None.
    """
    counts = [i for i, name in enumerate(header) if counts_reviews(name) and _figures([row[i] for row in sample])]
    beside = [i for i, name in enumerate(header) if i not in counts and beside_totals(name)]
    if not counts and len(beside) < 2:
        return []
    if text is not None and text not in counts and _holds_texts(header[text], [row[text] for row in sample]):
        return []
    if text is None and _repeats([*counts, *beside], sample):
        return []
    return [header[index] for index in (*counts, *beside)]


def refuse(header: Sequence[str], sample: Sequence[Sequence[Cell]], text: int | None) -> None:
    """Raise FileProblem when the table holds totals: of what, by which columns, and what to export instead."""
    names = told_by(header, sample, text)
    if not names:
        return
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    raise FileProblem(_SAID[_each(header)].format(columns=shown))


_SAID = {
    kind: "This sheet holds totals "
    + each
    + ", not single reviews; its columns {columns} tell so. Please export the list of reviews (评价明细) instead, "
    "one row for each review with its text."
    for kind, each in (
        ("product", "for each product"),
        ("period", "for each day or period"),
        ("shop", "for each shop"),
        ("", "of reviews"),
    )
}


def _each(header: Sequence[str]) -> str:
    """What one row of totals is about, as far as the columns tell: product, period, shop or ""."""
    fields = {field for name in header for field, _ in meanings(name)}
    if fields & {"product_id", "product_code", "product_name", "sku", "category"}:
        return "product"
    if "said_at" in fields or any("统计" in name for name in header):
        return "period"
    return "shop" if fields & {"shop", "shop_id"} else ""


def _figures(values: Sequence[Cell]) -> bool:
    """Are these cells numbers, shares, or nothing?"""
    here = content.filled(values)
    return not here or sum(1 for value in here if _is_figure(value)) >= 0.8 * len(here)


def _is_figure(value: Cell) -> bool:
    return isinstance(value, int | float) or _FIGURE.fullmatch(as_text(value).strip()) is not None


def _holds_texts(name: str, values: Sequence[Cell]) -> bool:
    """Do words stand in this column? Under a plain name a few are enough, for many customers write nothing; under a
    name that may mean anything (message, comment) in a third of the cells."""
    words = sum(1 for v in values if isinstance(v, str) and _WORDS.search(v) and not _is_figure(v))
    return words * 3 >= len(values) if name.strip().casefold() in _WEAK else words > 0


def _repeats(columns: Sequence[int], sample: Sequence[Sequence[Cell]]) -> bool:
    """Do the same figures come again and again? Then they describe the product of each review beside them."""
    rows = [tuple(as_text(row[i]) for i in columns) for row in sample if any(not is_empty(row[i]) for i in columns)]
    return len(rows) >= 6 and len(set(rows)) * 2 <= len(rows)
