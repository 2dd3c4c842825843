"""The report as one self-contained page: no script, nothing loaded from elsewhere, every text escaped."""

from html import escape
from importlib.resources import files

from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.table import Table
from wanhui.kit.marks import Piece, Span, pieces
from wanhui.triage.bulk import Judged
from wanhui.triage.figures import Block, Figure, about_file, blocks, column_lines, notes
from wanhui.triage.summary import Summary
from wanhui.triage.words import code_name, problem_name, reason_name, say, star_name

_HTML_LANG = {"zh": "zh-CN", "en": "en", "de": "de"}


def render(summary: Summary, table: Table, columns: ColumnMap, language: str) -> str:
    """The whole page as text; the most urgent bad reviews are in it with their evidence marked."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    body = [
        f"<h1>{escape(say('words', 'title', language))}</h1>",
        f"<p class=quiet>{escape(table.name)} · {escape(about_file(table))} · {escape(summary.engine)}</p>",
        "<main>",
        *(_block(block, language) for block in blocks(summary, language)),
        "</main>",
        _urgent(summary, language),
        _reading(summary, table, columns, language),
    ]
    return (
        f'<!doctype html>\n<html lang="{_HTML_LANG[language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(say('words', 'title', language))}</title><style>{style}</style></head>\n<body>"
        + "\n".join(body)
        + "</body></html>\n"
    )


def _block(block: Block, language: str) -> str:
    of = f"<p class=quiet>{escape(say('words', 'share', language))}: {escape(block.of)}</p>" if block.of else ""
    lines = "".join(_line(figure) for figure in block.figures)
    return f'<section class="{block.key}"><h2>{escape(block.title)}</h2>{of}<table>{lines}</table></section>'


def _line(figure: Figure) -> str:
    share = "" if figure.share is None else f"{figure.share:.1%}"
    bar = "" if figure.share is None else f'<i style="width:{figure.share * 100:.1f}%"></i>'
    example = f"<span class=quiet>{escape(figure.example)}</span>" if figure.example else ""
    return (
        f"<tr><th scope=row>{escape(figure.name)} {example}</th><td>{figure.count:,}</td>"
        f"<td>{share}</td><td class=bar>{bar}</td></tr>"
    )


def _urgent(summary: Summary, language: str) -> str:
    kept = summary.urgent()
    if not kept:
        return ""
    shown = say("words", "shown", language).format(shown=len(kept), all=summary.bad)
    items = "".join(_review(one, language) for one in kept)
    return (
        f"<section class=urgent><h2>{escape(say('words', 'urgent', language))}</h2>"
        f"<p class=quiet>{escape(shown)}</p><ol>{items}</ol></section>"
    )


def _review(one: Judged, language: str) -> str:
    facts = [
        f"{say('words', 'row', language)} {one.review.row + 1}",
        star_name(one.review.stars, language) if one.review.stars else "",
        one.review.said_on.isoformat() if one.review.said_on else "",
        one.review.product_name,
        *(code_name(cause.code, language) for cause in one.judgement.causes),
    ]
    why = " · ".join(reason_name(code, language) for code in one.reasons)
    return (
        f"<li><p><b class=s{one.severity}>{escape(say('severity', one.severity, language))}</b> {escape(why)}"
        f" <span class=quiet>{escape(' · '.join(filter(None, facts)))}</span></p>"
        f"<blockquote>{_marked(one, language)}</blockquote></li>"
    )


def _marked(one: Judged, language: str) -> str:
    """The text with its evidence marked; each mark says which causes it speaks for."""
    spans = [Span(start, end, cause.code) for cause in one.judgement.causes for start, end in cause.evidence]
    return "".join(_piece(piece, language) for piece in pieces(one.text, spans)).replace("\n", "<br>")


def _piece(piece: Piece, language: str) -> str:
    names = " · ".join(code_name(code, language) for code in piece.codes)
    words = escape(piece.text)
    return f'<mark title="{escape(names)}">{words}</mark>' if names else words


def _reading(summary: Summary, table: Table, columns: ColumnMap, language: str) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(field)}</th><td>{escape(header)}</td><td class=quiet>{escape(reason)}</td></tr>"
        for field, header, reason in column_lines(columns, language)
    )
    first = escape(say("words", "first_row", language))
    problems = "".join(
        f"<li>{escape(problem_name(problem, language))}: {count:,} ({first} {summary.first_rows[problem] + 1})</li>"
        for problem, count in summary.problems.most_common()
    )
    said = "".join(f"<li>{escape(note)}</li>" for note in notes(table, columns))
    lists = f"<ul>{problems}{said}</ul>" if problems or said else ""
    return f"<section><h2>{escape(say('words', 'columns', language))}</h2><table>{rows}</table>{lists}</section>"
