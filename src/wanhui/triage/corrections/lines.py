"""Corrections as a person reads them: rows with what changed, and the report as a table for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wanhui.stores.models import Store
from wanhui.triage.corrections.queries import Row
from wanhui.triage.corrections.rules import Hits, Report, Said
from wanhui.triage.models import Verdict
from wanhui.triage.words import code_name


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a verdict, and whether the other verdict has it not."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One correction: who put right what, when, and what the engine had said."""

    review: int
    text: str
    engine: str
    who: str
    at: datetime
    said: list[Word]
    truly: list[Word]


def lines_of(store: Store, rows: Sequence[Row]) -> list[Line]:
    """These rows with the texts and people, in their order; one query."""
    found = Verdict.objects.filter(pk__in=[row.pk for row in rows], store_ref=store.pk)
    verdicts = {each.pk: each for each in found.select_related("review", "follow_up", "by", "checked_by")}
    return [_line(row, verdicts[row.pk]) for row in rows if row.pk in verdicts]


def _line(row: Row, verdict: Verdict) -> Line:
    said, truly = _words(row.checked.said), _words(row.checked.truly)
    return Line(
        row.review, (verdict.follow_up or verdict.review).text, row.checked.engine,
        str(verdict.by or verdict.checked_by or ""), row.at,
        [Word(each, each not in truly) for each in said], [Word(each, each not in said) for each in truly],
    )  # fmt: skip


def _words(said: Said) -> list[str]:
    """Mood, main cause first, the other causes, flags."""
    causes = sorted(said.causes, key=lambda code: (code != said.primary, code))
    codes = [said.mood, *causes, *sorted(said.flags)] if said.mood else [*causes, *sorted(said.flags)]
    words = [_name(code) for code in codes]
    return words if causes or said.mood == "positive" else [*words, _("no cause")]


def _name(code: str) -> str:
    return code_name(code, get_language() or "zh") if code else _("none")


def table(found: Report) -> Iterator[list[str | int]]:
    """The report as rows of a csv file: blocks with a head each. Nothing in it was written by a customer."""
    head = [_("said"), _("right"), _("hit rate"), _("from"), _("to")]
    yield [_("Cause"), *head, _("taken away"), _("replaced"), _("added")]
    for line in found.causes:
        yield [_name(line.code), *_hits(line.hits), line.taken_away, line.replaced, line.added]
    yield []
    yield [_("said"), _("truly"), _("how often")]
    for (said, truly), n in found.pairs:
        yield [_name(said), _name(truly), n]
    yield []
    yield [_("Verdicts"), _("checked"), *head[1:]]
    yield [_("everything right"), *_hits(found.whole)]
    yield [_("mood right"), *_hits(found.moods)]
    yield [_("main cause right"), *_hits(found.primaries)]
    for name, hits in found.engines:
        yield [name, *_hits(hits)]
    for month, hits in found.months:
        yield [f"{month:%Y-%m}", *_hits(hits)]


def _hits(hits: Hits) -> list[str | int]:
    """How many, how many right, and the share with its range where these are enough."""
    if not hits.enough or hits.share is None or hits.between is None:
        return [hits.n, hits.right, "", "", ""]
    return [hits.n, hits.right, *(f"{share:.3f}" for share in (hits.share, *hits.between))]
