"""Reading a store's severity table, and what another one would change."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django.db.models import Q, QuerySet

from wanhui.kit import clock
from wanhui.language.judgement import CauseScore, Judgement, Sentiment
from wanhui.triage import rules
from wanhui.triage.models import Verdict
from wanhui.triage.rules import Reach, Urgencies
from wanhui.triage.severity.models import SeverityTable

DAYS = 90
MOST = 50_000  # verdicts that a preview looks at; more would make a person wait
_READ = ("sentiment", "no_text", "flags", "causes", "severity", "reasons", "follow_up_id", "review__stars",
         "review__readers")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What of a verdict its severity is made from."""

    sentiment: str
    no_text: bool
    flags: list[str]
    causes: list[dict[str, Any]]
    severity: int
    reasons: list[str] | None
    follow_up: int | None
    stars: int | None
    readers: int | None

    def weighed(self, table: Urgencies) -> tuple[int, list[str]]:
        """Severity and reasons by a table. A star and readers belong to the first text; how many complained alike is
        kept as it was found when the verdict was given."""
        first = self.follow_up is None
        alike = table.mass_from if self.reasons and "mass" in self.reasons else None
        reach = Reach(self.readers if first else None, alike)
        found, star = self._judgement(), self.stars if first else None
        return rules.severity(found, star, reach, table), list(rules.reasons(found, star, reach, table))

    def _judgement(self) -> Judgement:
        causes = tuple(CauseScore(cause["code"], cause.get("sub"), 1.0, ()) for cause in self.causes)
        mood = cast("Sentiment | None", self.sentiment or None)
        return Judgement("und", self.no_text, False, mood, causes, (), None, tuple(self.flags), "")


@dataclass(slots=True)
class Preview:
    """What another table would change: `total` verdicts were looked at, `moved` counts the changed ones by (severity
    now, severity then); `more` says that the newest MOST are not all."""

    total: int = 0
    more: bool = False
    moved: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        return sum(self.moved.values())

    def rows(self) -> list[tuple[int, int, int]]:
        """(severity now, severity then, how many), in order."""
        return [(now, then, n) for (now, then), n in sorted(self.moved.items())]


def table_of(store_id: int) -> tuple[Urgencies, int]:
    """The table that counts in a store with its version; the shipped one has version 0."""
    own = SeverityTable.objects.filter(store_id=store_id).order_by("-version").first()
    return (own.urgencies(), own.version) if own is not None else (rules.DEFAULT, 0)


def versions(store_id: int) -> list[SeverityTable]:
    """Every table a store has had, the newest first."""
    return list(SeverityTable.objects.filter(store_id=store_id).select_related("by").order_by("-version"))


def recent(store_id: int) -> QuerySet[Verdict]:
    """The verdicts that count of the last ninety days' texts; where the day is not known, of those judged since."""
    since = clock.now() - timedelta(days=DAYS)
    young = Q(said_on__gte=since.date()) | Q(said_on__isnull=True, made_at__gte=since)
    return Verdict.objects.filter(young, store_ref=store_id, current=True)


def preview(store_id: int, table: Urgencies) -> Preview:
    """How many of the last ninety days' verdicts would get another severity with this table. Reads only."""
    found = Preview()
    rows = recent(store_id).order_by("-pk").values_list(*_READ)[: MOST + 1]
    for values in rows.iterator(chunk_size=2000):
        if found.total == MOST:
            found.more = True
            break
        found.total += 1
        row = Row(*values)
        then, _reasons = row.weighed(table)
        if then != row.severity:
            found.moved[row.severity, then] += 1
    return found


def parts(store_id: int, size: int = 500) -> Iterator[list[int]]:
    """The ids of the last ninety days' verdicts, in pieces."""
    last = 0
    while ids := list(recent(store_id).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


def rows_of(ids: Sequence[int]) -> list[tuple[int, int, Row]]:
    """(verdict, its review, what its severity is made from) for each of these that still counts."""
    found = Verdict.objects.filter(pk__in=ids, current=True).order_by("pk")
    return [(pk, review, Row(*values)) for pk, review, *values in found.values_list("pk", "review_id", *_READ)]
