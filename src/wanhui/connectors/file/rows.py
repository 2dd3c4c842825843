"""Rows of a table as reviews: one input row, one ReviewRow, nothing lost and nothing invented."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.followups import Part, read_days, split_follow_ups
from wanhui.connectors.file.table import Cell, Table, as_text, is_empty
from wanhui.connectors.file.times import Moment, read_time
from wanhui.connectors.file.values import (
    is_missing,
    plain_text,
    read_buyer,
    read_count,
    read_id,
    read_media,
    read_reply,
    read_stars,
    read_tags,
    read_verdict,
)
from wanhui.language.normalise import clean, is_placeholder


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A later text of the same customer; `days_after` counts from the first text, None when unknown."""

    text: str
    raw: str
    days_after: int | None
    said_on: date | None
    said_at: datetime | None
    reply: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One data row. `text` is cleaned and "" when the cell is empty or a placeholder; `raw` is the cell as found.

    `said_at` is naive when the file names no zone. `precision`: "", "day", "minute", "second".
    `platform_verdict`: "", "good", "neutral", "bad". `problems` can be lived with; `refused` is the reason why the
    row cannot become a review, "" otherwise. `source` is every input column as text. `readers`: how many
    found it useful or liked it, None where no column says so.
    """

    row: int
    text: str
    raw: str
    no_text: bool
    stars: int | None
    platform_verdict: str
    said_on: date | None
    said_at: datetime | None
    precision: str
    platform_id: str
    order_id: str
    buyer: str
    anonymous: bool | None
    product_name: str
    product_id: str
    sku: str
    shop: str
    reply: str
    reply_at: datetime | date | None
    follow_ups: tuple[FollowUpRow, ...]
    tags: tuple[str, ...]
    media: tuple[str, ...]
    problems: tuple[str, ...]
    refused: str
    source: dict[str, str]
    readers: int | None = None


def read_reviews(table: Table, columns: ColumnMap, *, year: int | None = None) -> Iterator[ReviewRow]:
    """Walk through the table once; every input row gives exactly one ReviewRow, in order, counted from 0.

    `year` is a person's word for dates that have none; without it such a date is a problem, not a guess.
    """
    reader = _Reader(columns, year)
    for number, cells in enumerate(table.rows):
        review = reader.read(number, cells)
        if number in table.ragged:
            review = replace(review, refused=_SURPLUS.format(cells=table.ragged[number], columns=len(table.header)))
        yield review


_SURPLUS = "the row has more cells than the header: {cells} for {columns}; a quotation mark may be missing"


@dataclass(slots=True)
class _Found:
    """What is gathered while a row is read."""

    cells: list[Cell]
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        if problem:
            self.problems.append(problem)


class _Reader:
    """Reads row after row with one column map."""

    def __init__(self, columns: ColumnMap, year: int | None) -> None:
        self._columns = columns
        self._at = columns.fields()
        self._year = year
        self._sku = columns.indexes("sku")
        self._tags = columns.indexes("tags")
        self._media = columns.indexes("media")

    def read(self, number: int, cells: list[Cell]) -> ReviewRow:
        found = _Found(cells)
        raw = as_text(self._cell(found, "text"))
        main, parts = split_follow_ups(raw)
        text = _cleaned(main)
        said = self._time(found, "said_at")
        stars, verdict = self._rating(found)
        buyer, anonymous = read_buyer(self._buyer(found), self._cell(found, "anonymous"))
        follow_ups = self._follow_ups(found, parts)
        replied = self._time(found, "reply_at")
        review = ReviewRow(
            row=number,
            text=text,
            raw=raw,
            no_text=not text,
            stars=stars,
            platform_verdict=verdict,
            said_on=said.on,
            said_at=said.at,
            precision=said.precision,
            platform_id=self._id(found, "review_id", proven=self._columns.ids_proven),
            order_id=self._id(found, "order_id"),
            buyer=buyer,
            anonymous=anonymous,
            product_name=plain_text(self._cell(found, "product_name")),
            product_id=self._id(found, "product_id", proven=True) or self._id(found, "product_code", proven=True),
            sku=" ".join(filter(None, [said.sku, *(plain_text(cells[index]) for index in self._sku)])),
            shop=plain_text(self._cell(found, "shop")),
            reply=read_reply(self._cell(found, "reply")),
            reply_at=replied.at or replied.on,
            follow_ups=follow_ups,
            tags=tuple(dict.fromkeys(tag for index in self._tags for tag in read_tags(cells[index]))),
            media=tuple(dict.fromkeys(link for index in self._media for link in read_media(cells[index]))),
            problems=tuple(found.problems),
            refused=self._refusal(found, text, follow_ups, stars, verdict),
            source=dict(zip(self._columns.header, map(as_text, cells), strict=True)),
            readers=read_count(self._cell(found, "helpful")),
        )
        return review

    def _cell(self, found: _Found, name: str) -> Cell:
        index = self._at.get(name)
        return None if index is None else found.cells[index]

    def _buyer(self, found: _Found) -> Cell:
        """The name; without such a column the user's id, unless it looks like a mobile number."""
        if "buyer" in self._at:
            return self._cell(found, "buyer")
        return read_id(self._cell(found, "user_id")).id

    def _time(self, found: _Found, name: str) -> Moment:
        moment = read_time(self._cell(found, name), self._year, self._columns.day_first)
        found.note(moment.problem)
        return moment

    def _id(self, found: _Found, name: str, *, proven: bool = False) -> str:
        result = read_id(self._cell(found, name), proven=proven)
        found.note(f"{name.partition('_')[0]} {result.problem}" if result.problem else "")
        return result.id

    def _rating(self, found: _Found) -> tuple[int | None, str]:
        rating = read_stars(self._cell(found, "stars"), self._columns.star_scale)
        found.note(rating.problem)
        if rating.exact is not None and rating.stars is not None and rating.exact != rating.stars:
            found.note(f"rating between two stars: {rating.exact.normalize()} is counted as {rating.stars}")
        verdict = read_verdict(self._cell(found, "verdict")) or rating.verdict
        return rating.stars, verdict

    def _follow_ups(self, found: _Found, parts: tuple[Part, ...]) -> tuple[FollowUpRow, ...]:
        """Follow-ups from inside the text, then the one of the export's own column with its time and reply."""
        inside = [FollowUpRow(_cleaned(part.text), part.text, part.days_after, None, None, "") for part in parts]
        raw = as_text(self._cell(found, "append"))
        first, more = split_follow_ups(raw)
        when = self._time(found, "append_at")
        days = read_days(as_text(self._cell(found, "append_days")))
        reply = read_reply(self._cell(found, "append_reply"))
        own = [] if is_missing(first) else [Part(first, days)]
        later = [
            FollowUpRow(_cleaned(part.text), part.text, _first(part.days_after, days), when.on, when.at, reply)
            for part in (*own, *more)
        ]
        return tuple(part for part in (*inside, *later) if part.text)

    def _refusal(
        self, found: _Found, text: str, follow_ups: tuple[FollowUpRow, ...], stars: int | None, verdict: str
    ) -> str:
        """Why this row is no review: it repeats the header, is empty, or says nothing about anything."""
        if all(is_empty(cell) for cell in found.cells):
            return "the row is empty"
        same = [as_text(cell).strip() == name for cell, name in zip(found.cells, self._columns.header, strict=True)]
        if all(same):
            return "the row repeats the header"
        kept = any(
            not is_empty(self._cell(found, name)) for name in ("text", "said_at", "buyer", "review_id", "order_id")
        )
        if not (text or follow_ups or stars or verdict or kept):
            return "the row has no text, rating, time, buyer or id"
        return ""


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def _cleaned(raw: str) -> str:
    text = clean(raw)
    return "" if is_placeholder(text) else text
