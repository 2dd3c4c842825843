"""The dashboard's parts as the page shows them: each number with its denominator and the address of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wanhui.analytics import charts
from wanhui.analytics.charts import Stacked
from wanhui.analytics.queries import Dashboard, Period
from wanhui.analytics.rules import Figure, Window
from wanhui.analytics.sums import Rated
from wanhui.playbook.loader import name
from wanhui.web.charts import NARROW, WIDE, Area, Frame, bands
from wanhui.web.templatetags.desk_text import day_words

_NOTHING = format_html('<span class="{}">0</span>', "muted")


@dataclass(frozen=True, slots=True)
class Link:
    """A number that leads to the rows it counts; no url where no list shows just these."""

    n: int
    url: str = ""

    @property
    def shown(self) -> SafeString | str:
        """The number, as a link where there is something to see; nothing is grey."""
        if not self.n:
            return _NOTHING
        told = _grouped(self.n)
        return format_html('<a href="{}">{}</a>', self.url, told) if self.url else told


@dataclass(frozen=True, slots=True)
class Card:
    """A figure now and in the window before; what was counted and of what, each leading to its rows."""

    title: str
    formula: str
    sentence: str
    now: Figure
    before: Figure
    counted: Link
    of: Link

    @property
    def told(self) -> SafeString:
        """What was counted and of what, in words; both numbers lead to their rows."""
        return format_html(self.sentence, counted=self.counted.shown, of=self.of.shown)

    @property
    def change(self) -> str:
        """The difference in percentage points; "" where one of the windows has nothing to divide by."""
        if self.now.share is None or self.before.share is None:
            return ""
        return points(self.now.share - self.before.share)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """Praise and complaint of one cause, with its worst finer causes; the widths are per cent of the longest bar of
    their side."""

    label: str
    praised: Link
    bad: Link
    praised_width: int
    bad_width: int
    subs: list[tuple[str, Link]]


@dataclass(frozen=True, slots=True)
class Worst:
    """A product in the list of the worst."""

    rated: Rated
    cause: str
    bad: Link
    all_url: str

    @property
    def change(self) -> str:
        return "" if self.rated.change is None else points(self.rated.change)


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a chart with the areas that lead to the rows behind."""

    frame: Frame
    areas: list[Area]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as `web/_chart.html` shows it."""

    address: str
    alt: str
    pictures: list[Picture]


@dataclass(frozen=True, slots=True)
class Row:
    """One bar of the chart as a row of the table below it."""

    label: str
    parts: list[Link]
    total: Link


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the chart: its place among the hues, its name, and all of its reviews."""

    hue: str
    label: str
    total: Link


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was narrowed to: the window and, if one was chosen, the store."""

    window: Window
    store: int | None

    def reviews(self, **more: Any) -> str:
        """The address of the reviews of this window."""
        return _address("desk:reviews", store=self.store, **more, **_days("from", "to", self.window))

    def cases(self, by: str, **more: Any) -> str:
        """The address of the cases seen or closed in this window; by: "seen" or "closed"."""
        return _address("desk:cases", store=self.store, **more, **_days(f"{by}_from", f"{by}_to", self.window))


def _address(view: str, **query: Any) -> str:
    return f"{_path(view)}?{urlencode({key: value for key, value in query.items() if value not in (None, '')})}"


@cache
def _path(view: str) -> str:
    """A page of ninety days has a thousand links to two lists."""
    return reverse(view)


def _days(first: str, last: str, window: Window) -> dict[str, date]:
    return {first: window.first, last: window.last}


def points(difference: float) -> str:
    """A difference of shares in percentage points with its sign: 0.012 as +1.2 points."""
    rounded = round(100 * difference, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return _("%(number)s points") % {"number": f"{sign}{number_format(abs(rounded), 1)}"}


def cards(found: Dashboard, asked: Asked) -> list[Card]:
    """Bad rate, answered in 24 hours, won back."""
    now, before = found.now, found.before
    return [
        Card(
            _("Bad reviews"),
            _("Bad first texts ÷ judged reviews published in the window. Bad is two stars and fewer, or what the "
              "platform calls bad; without either, an unhappy text."),
            _("{counted} of {of} judged reviews"),
            now.bad_rate, before.bad_rate,
            Link(now.bad_rate.numerator, asked.reviews(mood="bad")),
            Link(now.bad_rate.denominator, asked.reviews(mood="judged")),
        ),
        Card(
            _("Answered in 24 h"),
            _("Cases first answered within 24 hours of our seeing them ÷ cases answered or older than a day. "
              "Platforms without replies do not count."),
            _("{counted} of {of} cases"),
            now.answered_24h, before.answered_24h,
            Link(now.answered_24h.numerator, asked.cases("seen", answered="in_time")),
            Link(now.answered_24h.denominator, asked.cases("seen", answered="decided")),
        ),
        Card(
            _("Won back"),
            _("Changed by the customer on their own accord, a good follow-up, or satisfied without change ÷ cases "
              "closed in the window, without void ones and those the platform removed."),
            _("{counted} of {of} closed cases"),
            now.won_back, before.won_back,
            Link(now.won_back.numerator, asked.cases("closed", state="closed", outcome="won")),
            Link(now.won_back.denominator, asked.cases("closed", state="closed", outcome="counted")),
        ),
    ]  # fmt: skip


def flow(period: Period, asked: Asked) -> tuple[Link, Link]:
    """Cases that came and cases that were closed in the window."""
    came = Link(period.answers.seen, asked.cases("seen"))
    return came, Link(period.closed, asked.cases("closed", state="closed"))


def cause_name(code: str) -> str:
    """A cause in the reader's language; the two that are none have words of their own."""
    if code == charts.OTHER:
        return _("Other")
    return name(code, get_language()) if code else _("No main cause")


_MOST_SUBS = 3


def _worst_subs(code: str, subs: Sequence[tuple[str, int]], asked: Asked) -> list[tuple[str, Link]]:
    """The most frequent finer causes of one cause, each leading to its bad reviews."""
    mine = [(sub, n) for sub, n in subs if sub.partition(".")[0] == code][:_MOST_SUBS]
    return [(name(sub, get_language()), Link(n, asked.reviews(mood="bad", cause=sub))) for sub, n in mine]


def mirrored(period: Period, asked: Asked, subs: Sequence[tuple[str, int]] = ()) -> list[Mirrored]:
    """Every cause that is praised or complained about, the most complained about first."""
    bad, praised = dict(period.texts.by_cause), dict(period.texts.praised)
    most_bad, most_praised = max(bad.values(), default=1), max(praised.values(), default=1)
    order = sorted({*bad, *praised}, key=lambda code: (code == "", -bad.get(code, 0), -praised.get(code, 0), code))
    return [
        Mirrored(
            cause_name(code),
            Link(praised.get(code, 0), asked.reviews(praise=code)),
            Link(bad.get(code, 0), asked.reviews(mood="bad", cause=code or "none")),
            round(100 * praised.get(code, 0) / most_praised),
            round(100 * bad.get(code, 0) / most_bad),
            _worst_subs(code, subs, asked),
        )
        for code in order
    ]


def worst(rated: Sequence[Rated], asked: Asked) -> list[Worst]:
    """The worst products, each leading to its reviews."""
    return [
        Worst(
            one,
            name(one.cause, get_language()) if one.cause else "",
            Link(one.now.numerator, asked.reviews(mood="bad", product=one.product.pk)),
            asked.reviews(product=one.product.pk),
        )
        for one in rated
    ]


def series(shown: Stacked, asked: Asked) -> list[Series]:
    """The chart's colours in words, which is its legend."""
    return [
        Series(
            "rest" if cause == charts.OTHER else str(place),
            cause_name(cause),
            Link(shown.of(cause), asked.reviews(mood="bad", cause=cause) if cause != charts.OTHER else ""),
        )
        for place, cause in enumerate(shown.causes, start=1)
    ]


def table(shown: Stacked, store: int | None) -> list[Row]:
    """The chart's numbers, the latest bar first; each leads to its rows."""
    rows = []
    for window, parts in zip(shown.bars, shown.parts, strict=True):
        here = Asked(window, store)
        cells = [
            Link(n, here.reviews(mood="bad", cause=cause) if n and cause != charts.OTHER else "")
            for cause, n in zip(shown.causes, parts, strict=True)
        ]
        rows.append(Row(_label(window), cells, Link(sum(parts), here.reviews(mood="bad") if sum(parts) else "")))
    return rows[::-1]


def chart(shown: Stacked, asked: Asked, address: str) -> Chart:
    """The picture with its areas, one for each bar, and the main thing it says in words."""
    links = [
        (Asked(window, asked.store).reviews(mood="bad"),
         _("%(day)s: %(n)s bad reviews") % {"day": _label(window), "n": _grouped(sum(parts))})
        for window, parts in zip(shown.bars, shown.parts, strict=True)
    ]
    pictures = [Picture(frame, bands(frame, links)) for frame in (WIDE, NARROW)]
    return Chart(address, _says(shown), pictures)


def _says(shown: Stacked) -> str:
    """What the chart says to who cannot see it: how many, the worst bar, the most frequent cause."""
    totals = [sum(parts) for parts in shown.parts]
    top = max(totals)
    told = _("%(n)s bad reviews; most of them, %(top)s, on %(day)s.") % {
        "n": _grouped(shown.total), "top": _grouped(top), "day": _label(shown.bars[totals.index(top)])
    }
    if not shown.causes or shown.causes[0] == charts.OTHER:
        return told
    first = _("Most frequent cause: %(cause)s (%(n)s).") % {
        "cause": cause_name(shown.causes[0]), "n": _grouped(shown.of(shown.causes[0]))
    }
    return f"{told} {first}"


def _label(window: Window) -> str:
    if window.first == window.last:
        return day_words(window.first)
    return f"{day_words(window.first)} – {day_words(window.last)}"


def _grouped(n: int) -> str:
    """1,234 or 1.234, as the reader writes it."""
    return number_format(n, force_grouping=True)
