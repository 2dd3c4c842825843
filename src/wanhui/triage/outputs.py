"""The files that `wanhui triage` writes: jsonl, parquet, csv, xlsx and html, each whole or not there at all."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any

from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.parquet import need_polars
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import Table
from wanhui.connectors.file.writers import CsvTable, ExcelBook, ExcelTable, JsonLines, Value, whole_file
from wanhui.language.followups import kind_of
from wanhui.triage import columnar, page, sheet
from wanhui.triage.bulk import Judged
from wanhui.triage.summary import Summary, main_language
from wanhui.triage.words import code_name, kind_name, language_name, praise_name, problem_name, reason_name, say

ENDINGS = ("xlsx", "csv", "jsonl", "parquet", "html")
_LOOK_AT = 200
_COLUMNS = (
    "severity",
    "reasons",
    "rating",
    "sentiment",
    "primary",
    "sub",
    "causes",
    "evidence",
    "praises",
    "flags",
    "unsure",
    "no_text",
    "language",
    "follow_ups",
    "problems",
    "engine",
)
_NUMBERS = ("stars", "rating_desc", "rating_service", "rating_ship", "helpful", "row_number")


def output_kind(out: Path) -> str:
    """The kind of output by the ending of its name; FileProblem for an ending that is not known."""
    ending = out.suffix.lower().lstrip(".")
    if ending not in ENDINGS:
        raise FileProblem(f"{out.name}: the ending says what is written. Please use one of: {', '.join(ENDINGS)}.")
    if ending == "parquet":
        need_polars(out.name)
    return ending


def write(out: Path, judged: Iterable[Judged], summary: Summary, table: Table, columns: ColumnMap) -> None:
    """Write all rows to `out` in the kind of its ending. `summary` is being filled by the very walk through `judged`.

    `out` appears only when everything is written; FileProblem when it cannot be.
    """
    kind = output_kind(out)
    with whole_file(out) as part:
        if kind == "jsonl":
            _write_jsonl(part, judged)
            return
        if kind == "parquet":
            columnar.write_parquet(part, map(as_json, judged), columns.header)
            return
        walk = iter(judged)
        head = list(islice(walk, _LOOK_AT))
        language = main_language(head)
        every = chain(head, walk)
        if kind == "csv":
            _write_csv(part, every, columns, language)
        elif kind == "xlsx":
            _write_excel(part, every, summary, table, columns, language)
        else:
            for _ in every:
                pass
            part.write_text(page.render(summary, table, columns, language), encoding="utf-8")


def as_json(one: Judged) -> dict[str, Any]:
    """One row as the contract of `wanhui triage` to jsonl has it, keys in that order."""
    verdict = one.judgement.to_json()
    engine = verdict.pop("engine")
    return {
        "row": one.review.row,
        "text": one.text,
        **verdict,
        "severity": one.severity,
        "engine": engine,
        "source": one.review.source,
    }


def _write_jsonl(path: Path, judged: Iterable[Judged]) -> None:
    with closing(JsonLines(path)) as lines:
        for one in judged:
            lines.add(as_json(one))


def _write_csv(path: Path, judged: Iterable[Judged], columns: ColumnMap, language: str) -> None:
    with closing(CsvTable(path, _header(columns, language))) as rows:
        for one in judged:
            rows.add([*one.review.source.values(), *_verdict(one, language)])


def _write_excel(
    path: Path, judged: Iterable[Judged], summary: Summary, table: Table, columns: ColumnMap, language: str
) -> None:
    with ExcelBook(path) as book:
        front = book.book.add_worksheet(say("words", "summary", language))
        header = _header(columns, language)
        rows = ExcelTable(book, say("words", "reviews_sheet", language), header, _widths(columns, len(header)))
        for cells in _excel_rows(judged, columns, language):
            rows.add(cells)
        rows.finish()
        sheet.fill(book, front, summary, table, columns, language)


def _excel_rows(judged: Iterable[Judged], columns: ColumnMap, language: str) -> Iterator[list[Value]]:
    """Ratings and counts as numbers; everything else of the input, ids above all, as the text it was."""
    numbers = {match.index for match in columns.matches if match.field in _NUMBERS}
    for one in judged:
        own = [_number(text) if i in numbers else text for i, text in enumerate(one.review.source.values())]
        yield [*own, *_verdict(one, language)]


def _number(text: str) -> Value:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if abs(value) < 1e9 else text


def _header(columns: ColumnMap, language: str) -> list[str]:
    """The input's columns, then the verdict's; a title that the input has already gets a mark."""
    taken = set(columns.header)
    titles = [say("columns", column, language) for column in _COLUMNS]
    return [*columns.header, *(f"{title} (Wanhui)" if title in taken else title for title in titles)]


def _widths(columns: ColumnMap, total: int) -> list[int]:
    text = columns.index("text")
    return [60 if index == text else 16 for index in range(total)]


def rating_code(one: Judged) -> str:
    """bad, middling, good or silent (nothing to tell by)."""
    if one.bad or one.middling:
        return "bad" if one.bad else "middling"
    told = one.judgement.sentiment or one.review.stars or one.review.platform_verdict
    return "good" if told else "silent"


def _verdict(one: Judged, language: str) -> list[Value]:
    judgement = one.judgement
    yes = say("words", "yes", language)
    if one.review.refused:
        return [*[""] * (len(_COLUMNS) - 2), problem_name(one.review.refused, language), judgement.engine]
    return [
        say("severity", one.severity, language),
        _join((reason_name(code, language) for code in one.reasons), language),
        say("rating", rating_code(one), language),
        code_name(judgement.sentiment, language) if judgement.sentiment else "",
        code_name(judgement.primary, language) if judgement.primary else "",
        _join((code_name(cause.sub, language) for cause in judgement.causes if cause.sub), language),
        _join((f"{code_name(cause.code, language)} {cause.score:.0%}" for cause in judgement.causes), language),
        " … ".join(one.text[start:end] for cause in judgement.causes for start, end in cause.evidence),
        _join((praise_name(praise.code, language) for praise in judgement.praises), language),
        _join((code_name(flag, language) for flag in judgement.flags), language),
        yes if judgement.unsure else "",
        yes if judgement.no_text else "",
        language_name(judgement.language, language),
        _join((kind_name(code, language) for code in _kinds(one) if code), language),
        "; ".join(problem_name(problem, language) for problem in one.review.problems),
        judgement.engine,
    ]


def _kinds(one: Judged) -> Iterator[str]:
    """The kind of each follow-up of a row."""
    return (kind_of(later.text, one.review.text, later.days_after).code for later in one.review.follow_ups)


def _join(parts: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(parts)
