"""How urgent a judged text is, and why; and what counts as bad or middling. Pure: everything comes in as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wanhui.language.judgement import Judgement

NOW, TODAY, NORMAL, LOW = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people see or share the trouble: `readers` found the review useful or liked it, `alike` is the
    number of other bad reviews of the same product with the same primary cause in the last seven days."""

    readers: int = 0
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Urgencies:
    """The severity each reason alone gives (1 now … 4 low), and from when on a trouble counts as one of many."""

    levels: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType(
            {
                "safety": NOW,
                "threat": NOW,
                "mass": NOW,
                "widely_read": TODAY,
                "demand": TODAY,
                "churn": TODAY,
                "authenticity": TODAY,
                "hygiene": TODAY,
                "one_star": TODAY,
                "safety_mentioned": NORMAL,
                "two_stars": NORMAL,
                "bare_one_star": NORMAL,
                "negative": NORMAL,
                "mixed": NORMAL,
                "three_stars": NORMAL,
                "contradiction": NORMAL,
            }
        )
    )
    mass_from: int = 5
    readers_from: int = 20


DEFAULT = Urgencies()
_URGENT_CAUSES = ("authenticity", "hygiene")
_URGENT_FLAGS = ("safety", "threat", "demand", "churn")


def severity(judgement: Judgement, star: int | None, reach: Reach | None = None, table: Urgencies = DEFAULT) -> int:
    """1 now (safety, law, many people), 2 today, 3 normal, 4 low: the most urgent of its reasons, 4 without any.

    `star` is 1 to 5 or None when there is none.
    """
    return min((table.levels[code] for code in reasons(judgement, star, reach, table)), default=LOW)


def reasons(
    judgement: Judgement, star: int | None, reach: Reach | None = None, table: Urgencies = DEFAULT
) -> tuple[str, ...]:
    """Codes that say why a text is as urgent as it is, the most urgent first; keys of `table.levels`.

    A happy text (positive, and four stars or more if there are stars) that names a danger usually denies it
    ("no rash at all"): it is mentioned, not raised. A bare star without a text has no voice of its own.
    """
    happy = judgement.sentiment == "positive" and (star is None or star >= 4)
    found: list[str] = []
    if happy:
        found += ["safety_mentioned"] if "safety" in judgement.flags else []
    else:
        found += [flag for flag in _URGENT_FLAGS if flag in judgement.flags]
        found += [cause.code for cause in judgement.causes if cause.code in _URGENT_CAUSES]
        found += _of_reach(reach or Reach(), table)
    found += _of_rating(judgement, star)
    known = [code for code in dict.fromkeys(found) if code in table.levels]
    return tuple(sorted(known, key=lambda code: table.levels[code]))


def _of_reach(reach: Reach, table: Urgencies) -> list[str]:
    found = ["mass"] if reach.alike >= table.mass_from else []
    return [*found, "widely_read"] if reach.readers >= table.readers_from else found


def _of_rating(judgement: Judgement, star: int | None) -> list[str]:
    found = []
    if star == 1:
        found.append("bare_one_star" if judgement.no_text else "one_star")
    elif star in (2, 3):
        found.append("two_stars" if star == 2 else "three_stars")
    if judgement.sentiment in ("negative", "mixed"):
        found.append(judgement.sentiment)
    if "contradiction" in judgement.flags and star is not None:
        found.append("contradiction")
    return found


def is_bad(stars: int | None, platform_verdict: str, sentiment: str | None) -> bool:
    """Two stars and fewer, or the platform says bad; with neither stars nor a platform's word, sentiment negative."""
    if stars is not None and stars <= 2:
        return True
    if platform_verdict == "bad":
        return True
    return stars is None and not platform_verdict and sentiment == "negative"


def is_middling(stars: int | None, platform_verdict: str, sentiment: str | None) -> bool:
    """Not bad, and three stars, or the platform says neutral, or sentiment mixed."""
    if is_bad(stars, platform_verdict, sentiment):
        return False
    return stars == 3 or platform_verdict == "neutral" or sentiment == "mixed"
