"""What the dashboard's chart shows: bad reviews by day or week, by main cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wanhui.analytics.rules import Window
from wanhui.web.charts import HUES, Look

if TYPE_CHECKING:
    import altair

Bars = Sequence[tuple[Window, dict[str, int]]]
OTHER = "other"
_COLOURS = len(HUES[False]) - 1
_LABELS_WIDE, _LABELS_NARROW = 10, 4


@dataclass(frozen=True, slots=True)
class Stacked:
    """Bars with their parts in a fixed order of causes, the most frequent at the bottom; the rest is `OTHER`."""

    bars: tuple[Window, ...]
    causes: tuple[str, ...]
    parts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        return sum(map(sum, self.parts))

    def of(self, cause: str) -> int:
        """How many of all bars have this cause."""
        place = self.causes.index(cause)
        return sum(part[place] for part in self.parts)


def stacked(bars: Bars) -> Stacked:
    """The same counts with as many causes as there are colours; reviews without a main cause are with the rest."""
    sums: dict[str, int] = {}
    for _window, counts in bars:
        for cause, n in counts.items():
            sums[cause] = sums.get(cause, 0) + n
    named = sorted((cause for cause in sums if cause), key=lambda cause: (-sums[cause], cause))[:_COLOURS]
    rest = sum(sums.values()) - sum(sums[cause] for cause in named)
    parts = [
        tuple(counts.get(cause, 0) for cause in named)
        + ((sum(counts.values()) - sum(counts.get(cause, 0) for cause in named),) if rest else ())
        for _window, counts in bars
    ]
    return Stacked(tuple(window for window, _counts in bars), (*named, OTHER) if rest else tuple(named), tuple(parts))


def bad_by_bar(shown: Stacked, look: Look) -> "altair.Chart":
    """Stacked bars over time, each with the first day of its bar as its place."""
    import altair as alt

    days = [window.first.isoformat() for window in shown.bars]
    values = [
        {"bar": day, "cause": cause, "rank": rank, "n": n}
        for day, part in zip(days, shown.parts, strict=True)
        for rank, (cause, n) in enumerate(zip(shown.causes, part, strict=True))
        if n
    ]
    labels = _LABELS_NARROW if look.frame.name == "narrow" else _LABELS_WIDE
    every = max(1, -(-len(days) // labels))
    hues = [*look.hues[: len(shown.causes) - (OTHER in shown.causes)], *([look.hues[-1]] * (OTHER in shown.causes))]
    told = f"utcFormat(toDate(datum.value + 'T00:00:00Z'), '{look.day_format}')"
    chart = alt.Chart(alt.InlineData(values=values or [{"bar": days[0], "cause": OTHER, "rank": 0, "n": 0}]))
    drawn: altair.Chart = chart.mark_bar().encode(
        x=alt.X("bar:O", title=None, sort=None, scale=alt.Scale(domain=days, paddingInner=0.2, paddingOuter=0.1),
                axis=alt.Axis(values=days[every // 2 :: every], labelExpr=told, labelAngle=0, ticks=False,
                              labelPadding=6, labelOverlap=True)),
        y=alt.Y("n:Q", title=None, stack="zero", axis=alt.Axis(tickMinStep=1, tickCount=4, domain=False, ticks=False,
                                                                format=",d", labelPadding=6)),
        color=alt.Color("cause:N", legend=None, scale=alt.Scale(domain=list(shown.causes) or [OTHER],
                                                                range=hues or [look.hues[-1]])),
        order=alt.Order("rank:Q"),
    )  # fmt: skip
    return drawn
