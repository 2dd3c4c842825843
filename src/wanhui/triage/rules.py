"""How urgent a judged text is, and why; and what counts as bad or middling. Pure: everything comes in as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wanhui.language.judgement import Judgement

NOW, TODAY, NORMAL, LOW = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people see or share the trouble, None where nobody knows: `readers` found the review useful or liked
    it, `alike` is the number of other bad reviews of the same product with the same main cause in seven days."""

    readers: int | None = None
    alike: int | None = None


# What no table can lower: whoever may be hurt, or goes to law, comes first (design, section 6).
ALWAYS_NOW = ("safety", "threat")
STARS = {1: "one_star", 2: "two_stars", 3: "three_stars"}


@dataclass(frozen=True, slots=True)
class Urgencies:
    """The severity each reason alone gives (1 now … 4 low), and from when on a trouble counts as one of many.

    Keys of `levels` are flags, causes, sub-causes, and the words for stars, mood and reach used below; a reason that
    is not there does not count. `ALWAYS_NOW` is 1 whatever stands there.
    """

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

    def level(self, code: str) -> int | None:
        """The severity of one reason; None where it does not count."""
        return NOW if code in ALWAYS_NOW else self.levels.get(code)


DEFAULT = Urgencies()


def severity(judgement: Judgement, star: int | None, reach: Reach | None = None, table: Urgencies = DEFAULT) -> int:
    """1 now (safety, law, many people), 2 today, 3 normal, 4 low: the most urgent of its reasons, 4 without any.

    `star` is 1 to 5 or None when there is none. Safety and threats of law are 1 with every table.
    """
    return min((table.level(code) or LOW for code in reasons(judgement, star, reach, table)), default=LOW)


def reasons(
    judgement: Judgement, star: int | None, reach: Reach | None = None, table: Urgencies = DEFAULT
) -> tuple[str, ...]:
    """Codes that say why a text is as urgent as it is, the most urgent first: what `table.level` knows.

    A happy text (positive, and four stars or more if there are stars) is urgent only where it speaks of danger or
    law. A bare star without a text has no voice of its own.
    """
    happy = judgement.sentiment == "positive" and (star is None or star >= 4)
    found: list[str] = list(judgement.flags)
    if happy:
        found = [flag for flag in found if flag in (*ALWAYS_NOW, "contradiction")]
    else:
        found += [code for cause in judgement.causes for code in (cause.code, cause.sub) if code]
        found += _of_reach(reach or Reach(), table)
    if star is None:
        found = [code for code in found if code != "contradiction"]
    found += _of_rating(judgement, star)
    known = {code: level for code in found if (level := table.level(code)) is not None}
    return tuple(sorted(known, key=known.__getitem__))


def _of_reach(reach: Reach, table: Urgencies) -> list[str]:
    found = ["mass"] if reach.alike is not None and reach.alike >= table.mass_from else []
    return [*found, "widely_read"] if reach.readers is not None and reach.readers >= table.readers_from else found


def _of_rating(judgement: Judgement, star: int | None) -> list[str]:
    found = []
    if star in STARS:
        found.append("bare_one_star" if star == 1 and judgement.no_text else STARS[star])
    return [*found, judgement.sentiment] if judgement.sentiment in ("negative", "mixed") else found


def wants_a_look(judgement: Judgement, *, bad: bool, middling: bool, rated_well: bool) -> bool:
    """Whether a person must look before anything is made of this verdict.

    An unsure one, unless a good rating says the same as its happy words; and one that speaks of danger or law in a
    text that nobody would open otherwise. `rated_well`: four stars and more, or the platform says good.
    """
    if judgement.no_text:
        return False
    if not bad and any(flag in judgement.flags for flag in ALWAYS_NOW):
        return True
    happy = judgement.sentiment == "positive" and rated_well and not bad and not middling
    return judgement.unsure and not happy


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
