"""What follows from a judgement for a stored verdict: severity with its reasons by the store's table, bad or middling,
whether a person must look first, and the kind of a follow-up. Reads what it needs, changes the values it is given;
`actions` stores them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Count

from wanhui.kit import clock
from wanhui.language import Judgement
from wanhui.language.followups import kind_of
from wanhui.triage import rules
from wanhui.triage.models import Verdict
from wanhui.triage.rules import Reach, Urgencies
from wanhui.triage.severity.models import SeverityTable

PERSON = "person"  # the engine's name of what a person said
HAPPY = 4  # stars from which a customer was happy with the purchase
ALIKE_WITHIN = timedelta(days=7)
Alike = dict[tuple[int, str], int]


def weigh(judged: Sequence[tuple[Verdict, Judgement]]) -> list[Verdict]:
    """Bring these verdicts up to their judgements. Two queries at most, however many they are."""
    for verdict, found in judged:
        _rate(verdict, found)
    tables = tables_of({verdict.review.store_id for verdict, _found in judged})
    alike = _alike([verdict for verdict, _found in judged])
    for verdict, found in judged:
        table, verdict.table_version = tables.get(verdict.review.store_id, (rules.DEFAULT, 0))
        stars, reach = _stars(verdict), reach_of(verdict, alike)
        verdict.severity = rules.severity(found, stars, reach, table)
        verdict.reasons = list(rules.reasons(found, stars, reach, table))
        verdict.made_at = clock.now()
        verdict.place()
    return [verdict for verdict, _found in judged]


def _stars(verdict: Verdict) -> int | None:
    """A star belongs to the first text; a follow-up speaks for itself."""
    return verdict.review.stars if verdict.follow_up_id is None else None


def _rate(verdict: Verdict, found: Judgement) -> None:
    stars, review, later = _stars(verdict), verdict.review, verdict.follow_up
    platform = review.platform_verdict if later is None else ""
    verdict.bad = rules.is_bad(stars, platform, found.sentiment)
    verdict.middling = rules.is_middling(stars, platform, found.sentiment)
    rated_well = (review.stars or 0) >= HAPPY or review.platform_verdict == "good"
    verdict.to_check = verdict.engine != PERSON and rules.wants_a_look(
        found, bad=verdict.bad, middling=verdict.middling, rated_well=rated_well
    )
    if later is not None:
        kind = kind_of(later.text, review.text, later.days_after)
        verdict.kind, verdict.kind_sure = kind.code, kind.sure
        verdict.kind_evidence = [[start, end] for start, end in kind.evidence]


def reach_of(verdict: Verdict, alike: Alike) -> Reach:
    """How far a verdict's trouble reaches, as far as anybody knows; of a follow-up nothing is known."""
    if verdict.follow_up_id is not None:
        return Reach()
    same = alike.get((verdict.review.product_id or 0, verdict.primary))
    return Reach(readers=verdict.review.readers, alike=same)


def tables_of(store_ids: Iterable[int]) -> dict[int, tuple[Urgencies, int]]:
    """The severity table that counts and its version, for each of these stores that has one of its own."""
    found = SeverityTable.objects.filter(store_id__in=set(store_ids)).order_by("version")
    return {each.store_id: (each.urgencies(), each.version) for each in found}


def _alike(verdicts: Sequence[Verdict]) -> Alike:
    """How many other bad reviews of the same product name the same main cause in these seven days, for the bad ones
    among these that are that young: an archive costs no query."""
    since = clock.now().date() - ALIKE_WITHIN
    young = [v for v in verdicts if v.bad and v.follow_up_id is None and v.primary and v.review.product_id
             and v.review.said_on is not None and v.review.said_on >= since]  # fmt: skip
    if not young:
        return {}
    stored = (
        Verdict.objects.filter(
            current=True, follow_up=None, bad=True, said_on__gte=since,
            store_ref__in={v.review.store_id for v in young},
            review__product__in={v.review.product_id for v in young}, primary__in={v.primary for v in young},
        )
        .exclude(review__in=[v.review_id for v in young])
        .values_list("review__product", "primary")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    counts = Counter({(product, primary): n for product, primary, n in stored})
    counts.update((v.review.product_id or 0, v.primary) for v in young)
    return {(v.review.product_id or 0, v.primary): counts[(v.review.product_id or 0, v.primary)] - 1 for v in young}
