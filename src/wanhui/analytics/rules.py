"""The figures of the desk: formula, version and the rate itself. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """What a figure is: code, version (raised whenever its meaning changes). The words are in the desk's templates."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A share: numerator of denominator. `share` is None when there is nothing to divide by: missing stays missing."""

    formula: Formula
    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


# bad texts ÷ reviews that were judged, both published in the window (reviews without a date: seen in it)
BAD_RATE = Formula("bad_rate", 1)
# cases answered within 24 hours of being seen ÷ cases with a reply path whose 24 hours are over or that were answered
ANSWERED_24H = Formula("answered_24h", 1)
# won back ÷ closed cases, without void ones and those removed by the platform (design, section 1)
WON_BACK = Formula("won_back", 1)
