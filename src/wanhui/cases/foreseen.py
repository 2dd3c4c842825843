"""What cases would make of verdicts that are not given yet: asked before an engine's verdicts are replaced."""

from collections import Counter
from collections.abc import Sequence

from wanhui.cases import opening
from wanhui.cases.models import Case, CaseReview
from wanhui.triage.models import Verdict

_NEW = 2**63


def foresee(fresh: Sequence[Verdict], standing: Sequence[Verdict]) -> Counter[str]:
    """How many cases would be opened ("open"), opened again ("again") or told of another urgency or cause ("changed"),
    if the `fresh` verdicts counted. `standing` are all that would count for the same reviews, the fresh ones too.

    The same decisions as `actions.consider` takes once they do. One query.
    """
    reviews = {verdict.review_id: verdict.review for verdict in fresh}
    cases = {
        row.review_id: row.case
        for row in CaseReview.objects.filter(review__in=reviews).select_related("case")
    }
    found: Counter[str] = Counter()
    for pk, review in reviews.items():
        # In the order in which they will have been given, which decides between equals.
        about = sorted((v for v in standing if v.review_id == pk), key=lambda v: v.pk or _NEW)
        bad = [verdict for verdict in about if verdict.bad]
        worst = min(bad, key=lambda verdict: verdict.severity, default=None)
        case = cases.get(pk)
        if case is not None:
            found.update(_told(case, about, worst))
        elif worst is not None and opening.opens(review, worst):
            found["open"] += 1
    return found


def _told(case: Case, about: Sequence[Verdict], worst: Verdict | None) -> list[str]:
    if case.closed_at is not None:
        spoke = any(v.bad and v.follow_up is not None and v.follow_up.seen_at > case.closed_at for v in about)
        return ["again"] if spoke else []
    reads = worst or about[-1]
    now = (reads.severity, reads.primary, list(opening.reasons(reads)))
    return ["changed"] if now != (case.severity, case.primary, case.reasons) else []
