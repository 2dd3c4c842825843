"""What a judged file says as a whole: counts, shares and examples, gathered row by row."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wanhui.language.judgement import CauseScore
from wanhui.triage.bulk import Judged

_URGENT_KEPT = 200
_EXAMPLE = 60  # characters


@dataclass(slots=True)
class Summary:
    """Counts over all rows given to `watch`. `refused` rows are no reviews and in no other count.

    bad + middling + good + silent = reviews: silent rows have neither text nor rating to tell them by.
    `causes` counts reviews that complain of a cause; its shares are of `unhappy`, the reviews with any cause.
    """

    rows: int = 0
    refused: int = 0
    no_text: int = 0
    unsure: int = 0
    bad: int = 0
    middling: int = 0
    good: int = 0
    silent: int = 0
    unhappy: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    subs: Counter[str] = field(default_factory=Counter)
    praises: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    severities: Counter[int] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    stars: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    first_rows: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    engine: str = ""
    _best_shown: set[str] = field(default_factory=set)
    _urgent: list[tuple[int, int, Judged]] = field(default_factory=list)

    @property
    def reviews(self) -> int:
        """Rows that are reviews."""
        return self.rows - self.refused

    def watch(self, judged: Iterable[Judged]) -> Iterator[Judged]:
        """Pass the rows through and count them."""
        for one in judged:
            self.add(one)
            yield one

    def add(self, one: Judged) -> None:
        """Count one row."""
        self.rows += 1
        self.engine = one.judgement.engine
        for problem in (one.review.refused, *one.review.problems):
            if problem:
                kind = problem.split(":", 1)[0]
                self.problems[kind] += 1
                self.first_rows.setdefault(kind, one.review.row)
        if one.review.refused:
            self.refused += 1
            return
        self._count_rating(one)
        self._count_words(one)
        if one.bad:
            self._keep(one)

    def _count_rating(self, one: Judged) -> None:
        if one.bad:
            self.bad += 1
        elif one.middling:
            self.middling += 1
        elif one.judgement.sentiment is None and one.review.stars is None and not one.review.platform_verdict:
            self.silent += 1
        else:
            self.good += 1
        if one.review.stars is not None:
            self.stars[one.review.stars] += 1
        self.severities[one.severity] += 1

    def _count_words(self, one: Judged) -> None:
        judgement = one.judgement
        self.no_text += judgement.no_text
        self.unsure += judgement.unsure
        if not judgement.no_text:
            self.languages[judgement.language] += 1
        self.unhappy += bool(judgement.causes)
        self.flags.update(judgement.flags)
        self.praises.update(praise.code for praise in judgement.praises)
        for cause in judgement.causes:
            self.causes[cause.code] += 1
            if cause.sub:
                self.subs[cause.sub] += 1
            self._show(one, cause)

    def _show(self, one: Judged, cause: CauseScore) -> None:
        """Keep one example of a cause: the first text that minds it most, until then the first that names it."""
        best = cause.code == one.judgement.primary
        if not cause.evidence or cause.code in self._best_shown or (cause.code in self.examples and not best):
            return
        start, end = cause.evidence[0]
        self.examples[cause.code] = (
            one.text[start:end] if end - start <= _EXAMPLE else f"{one.text[start : start + _EXAMPLE]}…"
        )
        if best:
            self._best_shown.add(cause.code)

    def _keep(self, one: Judged) -> None:
        """Of the bad reviews keep the most urgent ones, the earlier row first."""
        entry = (-one.severity, -one.review.row, one)
        if len(self._urgent) < _URGENT_KEPT:
            heapq.heappush(self._urgent, entry)
        else:
            heapq.heappushpop(self._urgent, entry)

    def urgent(self) -> list[Judged]:
        """At most 200 bad reviews, the most urgent first."""
        return [entry[2] for entry in sorted(self._urgent, key=lambda entry: (-entry[0], -entry[1]))]


def main_language(judged: Iterable[Judged]) -> str:
    """zh, de or en: the language most of these texts are in; zh when there is none to tell by."""
    seen = Counter(one.judgement.language[:2] for one in judged if not one.judgement.no_text)
    best = max(("zh", "en", "de"), key=lambda code: seen[code])
    return best if seen[best] else "zh"
