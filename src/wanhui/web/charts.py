"""Charts: one description for page and report, drawn on our side as SVG, served as images that never hold up a page.

A room describes a chart as an Altair chart of an inner size; here it gets its frame, colours, fonts and locale, is
drawn once for each state of its data, and is answered with a tag that browsers ask back with.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

if TYPE_CHECKING:
    import altair

# Raised when the same data must be drawn differently.
STYLE = "1"
_KEPT_SECONDS = 24 * 3600
_FONT = "PingFang SC, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, system-ui, sans-serif"
_LATIN = "Segoe UI, Helvetica Neue, Noto Sans, Arial, PingFang SC, Microsoft YaHei, Noto Sans SC, sans-serif"
_LOCALES: dict[str, Any] = {"zh": "zh-CN", "de": "de-DE", "en": "en-GB"}
# d3-time-format of a day without its year, as the pages write it.
DAYS = {"zh": "%-m月%-d日", "de": "%-d.%-m.", "en": "%-d %b"}
# Quiet colours that stay apart for colour-blind readers, none of them red; the last is for all the rest.
HUES = {
    False: ("#0b655f", "#c98a1b", "#4f7fb8", "#8a5a8f", "#7d8f3a", "#9a6a4f", "#a9b4b1"),
    True: ("#62c3b8", "#e0b45c", "#86aede", "#c79bcb", "#b2c26a", "#cfa188", "#66726f"),
}
_INK = {False: ("#55615f", "#dce2e0", "#83908c"), True: ("#a2aeab", "#2d3534", "#74827e")}


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of picture: outer width and height and the margins around the drawing, in CSS pixels."""

    name: str
    width: int
    height: int
    left: int = 40
    right: int = 8
    top: int = 10
    bottom: int = 26

    @property
    def inner(self) -> tuple[int, int]:
        return self.width - self.left - self.right, self.height - self.top - self.bottom


# Two pictures of each chart: text in a picture shrinks with it, so a phone gets one of its own.
WIDE, NARROW = Frame("wide", 960, 240), Frame("narrow", 340, 200, left=30, right=4)


@dataclass(frozen=True, slots=True)
class Look:
    """How one reader sees a chart: frame, dark or light, language ("zh", "de" or "en")."""

    frame: Frame
    dark: bool
    language: str

    @property
    def hues(self) -> tuple[str, ...]:
        return HUES[self.dark]

    @property
    def day_format(self) -> str:
        return DAYS[self.language]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a picture that leads somewhere, in its pixels; `title` says where."""

    x: float
    width: float
    height: int
    url: str
    title: str


def look_of(request: HttpRequest) -> Look:
    """The look asked for in an address (`size=narrow`, `dark=1`); anything else means wide and light."""
    language = (get_language() or "zh")[:2]
    frame = NARROW if request.GET.get("size") == NARROW.name else WIDE
    return Look(frame, request.GET.get("dark") == "1", language if language in DAYS else "en")


def fingerprint(*data: Any) -> str:
    """A short name for this state of a chart's data; equal data have equal names."""
    told = json.dumps([STYLE, *data], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def image(
    request: HttpRequest, data: str, look: Look, describe: Callable[[Look], "altair.Chart"]
) -> HttpResponse:
    """The chart as an answer: 304 when the browser has this state already, else the SVG, drawn once for each state.

    data: the `fingerprint` of what is shown to this person. Only who may see the data gets here, so the tag gives
    nothing away.
    """
    tag = f'"{data}-{look.frame.name}-{int(look.dark)}-{look.language}"'
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer = HttpResponse(_drawn(tag, look, describe), content_type="image/svg+xml; charset=utf-8")
    answer.headers["ETag"] = tag
    return answer


def _drawn(tag: str, look: Look, describe: Callable[[Look], "altair.Chart"]) -> str:
    key = f"chart-{hashlib.sha256(tag.encode()).hexdigest()}"
    svg: str | None = cache.get(key)
    if svg is None:
        svg = draw(describe(look), look)
        cache.set(key, svg, _KEPT_SECONDS)
    return svg


def draw(chart: "altair.Chart", look: Look) -> str:
    """An Altair chart as SVG text, transparent, framed and in the reader's locale. Never asks the network."""
    import vl_convert

    frame = look.frame
    spec = framed(chart, look).to_dict()
    spec["padding"] = {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom}
    locale = _LOCALES[look.language]
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], format_locale=locale, time_format_locale=locale)


def framed(chart: "altair.Chart", look: Look) -> "altair.Chart":
    """The chart at the frame's inner size with the desk's colours and fonts."""
    import altair

    ink, line, axis = _INK[look.dark]
    width, height = look.frame.inner
    sized = chart.properties(
        width=width, height=height, background="transparent", autosize=altair.AutoSizeParams(type="none")
    )
    quiet = {"labelColor": ink, "gridColor": line, "domainColor": axis, "tickColor": axis, "labelFontSize": 12}
    done = sized.configure(font=_FONT if look.language == "zh" else _LATIN).configure_view(stroke=None)
    return cast("altair.Chart", done.configure_axis(**quiet))


def bands(frame: Frame, links: Sequence[tuple[str, str]]) -> list[Area]:
    """The areas over the bands of a horizontal band scale, left to right; each gets its (url, title)."""
    inner, _height = frame.inner
    step = inner / max(1, len(links))
    return [
        Area(round(frame.left + n * step, 2), round(step, 2), frame.height, url, title)
        for n, (url, title) in enumerate(links)
    ]
