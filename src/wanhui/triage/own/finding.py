"""What is to be stored of own causes in some reviews, compared with what is. Reads; `actions` writes."""

from collections.abc import Iterable, Sequence

from django.db.models import F

from wanhui.kit import clock
from wanhui.language.own_causes import Finder
from wanhui.triage.models import Verdict
from wanhui.triage.own import rules
from wanhui.triage.own.models import OwnCause, OwnFound

Place = tuple[int, int]  # cause, review


def differences(review_ids: Sequence[int], causes: Sequence[OwnCause]) -> tuple[list[int], list[OwnFound]]:
    """The finds that must go (by id) and those that must come, for these reviews and causes. Two queries.

    A person's word stays as long as the words it was about: a find that somebody looked at neither goes nor comes
    back.
    """
    wanted = _found(review_ids, causes)
    gone: list[int] = []
    had = OwnFound.objects.filter(review__in=review_ids, cause__in=[cause.pk for cause in causes])
    for old in had.select_related("review", "follow_up"):
        new = wanted.get((old.cause_id, old.review_id))
        present = (old.follow_up or old.review).text_digest
        if old.by_hand or (old.right is not None and old.text_digest == present):
            wanted.pop((old.cause_id, old.review_id), None)
        elif new is not None and _same(old, new):
            del wanted[old.cause_id, old.review_id]
        else:
            gone.append(old.pk)
    return gone, list(wanted.values())


def _same(old: OwnFound, new: OwnFound) -> bool:
    fields = ("follow_up_id", "text_digest", "version", "evidence", "like", "said_on", "right")
    return all(getattr(old, field) == getattr(new, field) for field in fields)


def _found(review_ids: Sequence[int], causes: Iterable[OwnCause]) -> dict[Place, OwnFound]:
    """What the recipes find: at most once a review, in the first of its texts that has it."""
    by_store: dict[int, list[tuple[OwnCause, Finder]]] = {}
    for cause in causes:
        by_store.setdefault(cause.store_id, []).append((cause, Finder(cause.recipe)))
    found: dict[Place, OwnFound] = {}
    now = clock.now()
    for verdict in _verdicts(review_ids):
        said = verdict.follow_up or verdict.review
        for cause, finder in by_store.get(verdict.review.store_id, ()):
            if (cause.pk, verdict.review_id) in found:
                continue
            hit = rules.find_in(
                finder, said.text, sentiment=verdict.sentiment, bad=verdict.bad, praises=verdict.praises
            )
            if hit is not None:
                found[cause.pk, verdict.review_id] = OwnFound(
                    cause=cause, review=verdict.review, follow_up=verdict.follow_up, said_on=verdict.review.said_on,
                    text_digest=said.text_digest, version=cause.version, like=hit.like, found_at=now,
                    evidence=[[start, end] for start, end in hit.spans],
                )  # fmt: skip
    return found


def _verdicts(review_ids: Sequence[int]) -> Iterable[Verdict]:
    """The verdicts that count for these reviews and their follow-ups, the first text first."""
    current = Verdict.objects.filter(review__in=review_ids, current=True, no_text=False)
    order = F("follow_up__position").asc(nulls_first=True)
    return current.select_related("review", "follow_up").order_by("review", order)
