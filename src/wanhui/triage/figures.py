"""The summary as tables of words and numbers: the same ones for the terminal, the Excel sheet and the page."""

from dataclasses import dataclass

from wanhui.connectors.file.columns import ColumnMap, Match
from wanhui.connectors.file.table import Table
from wanhui.language.confidence import stated
from wanhui.triage.summary import Summary
from wanhui.triage.words import code_name, field_name, language_name, praise_name, say, star_name

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "gb18030": "GB18030"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what is counted, how many, its share (0 to 1) or None, and an example from the texts or ""."""

    name: str
    count: int
    share: float | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group of figures; `of` says what the shares are of."""

    key: str
    title: str
    figures: tuple[Figure, ...]
    of: str = ""


def blocks(summary: Summary, language: str) -> list[Block]:
    """All groups of figures that have something to show, in the order in which they are read."""
    found = [
        _overview(summary, language),
        _rating(summary, language),
        _stars(summary, language),
        _causes(summary, language),
        _finer(summary, language),
        _urgency(summary, language),
        _flags(summary, language),
        _praises(summary, language),
        _languages(summary, language),
    ]
    return [block for block in found if block.figures]


def about_file(table: Table) -> str:
    """Format, encoding and sheet of the input in one line."""
    parts = [table.format, _ENCODINGS.get(table.encoding or "", table.encoding or ""), table.sheet or ""]
    return " · ".join(part for part in parts if part)


def column_lines(columns: ColumnMap, language: str) -> list[tuple[str, str, str]]:
    """Field, column, and the reason where it is more than the column's name."""
    return [
        (field_name(match.field, language), match.header, "" if _by_name_alone(match) else match.reason)
        for match in columns.matches
    ]


def _by_name_alone(match: Match) -> bool:
    return match.reason == f'the name "{match.header}"'


def notes(table: Table, columns: ColumnMap) -> list[str]:
    """What a person should know about how the file was read."""
    return [*table.notes, *columns.notes]


def _share(count: int, whole: int) -> float:
    return count / whole if whole else 0.0


def _overview(summary: Summary, language: str) -> Block:
    lines = [
        Figure(say("words", "rows", language), summary.rows),
        Figure(say("words", "no_text", language), summary.no_text, _share(summary.no_text, summary.reviews)),
        Figure(say("words", "unsure", language), summary.unsure, _share(summary.unsure, summary.reviews),
               _how_right(summary.engine, language)),
    ]
    if summary.refused:
        lines.append(Figure(say("words", "refused", language), summary.refused))
    return Block("overview", say("words", "summary", language), tuple(lines))


def _how_right(engine: str, language: str) -> str:
    """What "unsure" means with this engine, in measured shares; "" where nobody measured it."""
    told = stated(engine)
    if told is None:
        return ""
    return say("words", "right", language).format(unsure=f"{told.unsure:.0%}", sure=f"{told.sure:.0%}")


def _rating(summary: Summary, language: str) -> Block:
    counts = {code: getattr(summary, code) for code in ("bad", "middling", "good", "silent")}
    return Block(
        "rating",
        say("words", "rating", language),
        tuple(
            Figure(say("rating", code, language), count, _share(count, summary.reviews))
            for code, count in counts.items()
            if count or code != "silent"
        ),
    )


def _stars(summary: Summary, language: str) -> Block:
    rated = sum(summary.stars.values())
    return Block(
        "stars",
        say("words", "stars", language).format(stars="1–5"),
        tuple(
            Figure(
                star_name(star, language),
                summary.stars[star],
                _share(summary.stars[star], rated),
            )
            for star in range(1, 6)
            if rated
        ),
    )


def _causes(summary: Summary, language: str) -> Block:
    return Block(
        "causes",
        say("words", "causes", language),
        tuple(
            Figure(code_name(code, language), count, _share(count, summary.unhappy), summary.examples.get(code, ""))
            for code, count in summary.causes.most_common()
        ),
        say("words", "share_of", language),
    )


_MOST_FINER = 20


def _finer(summary: Summary, language: str) -> Block:
    """What is said in particular, each under its cause: the most frequent ones."""
    counts = summary.subs.most_common(_MOST_FINER)
    return Block(
        "finer",
        say("words", "finer", language),
        tuple(
            Figure(f"{code_name(code.partition('.')[0], language)} › {code_name(code, language)}", count,
                   _share(count, summary.unhappy))
            for code, count in counts
        ),
        say("words", "share_of", language),
    )  # fmt: skip


def _urgency(summary: Summary, language: str) -> Block:
    return Block(
        "urgency",
        say("words", "urgency", language),
        tuple(
            Figure(
                say("severity", level, language),
                summary.severities[level],
                _share(summary.severities[level], summary.reviews),
            )
            for level in (1, 2, 3, 4)
            if summary.reviews
        ),
    )


def _flags(summary: Summary, language: str) -> Block:
    return Block(
        "flags",
        say("words", "flags", language),
        tuple(
            Figure(code_name(code, language), count, _share(count, summary.reviews))
            for code, count in summary.flags.most_common()
        ),
    )


def _praises(summary: Summary, language: str) -> Block:
    return Block(
        "praises",
        say("words", "praises", language),
        tuple(Figure(praise_name(code, language), count) for code, count in summary.praises.most_common()),
    )


def _languages(summary: Summary, language: str) -> Block:
    with_text = sum(summary.languages.values())
    return Block(
        "languages",
        say("words", "languages", language),
        tuple(
            Figure(language_name(code, language), count, _share(count, with_text))
            for code, count in summary.languages.most_common()
        ),
    )
