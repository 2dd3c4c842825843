"""Reading what is to be judged again, part by part, and the rejudgings of the stores a person may see."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.http import Http404

from wanhui.accounts.models import User
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage import actions as verdicts
from wanhui.triage.models import Verdict
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rejudging.rules import Said, Tally, compare, said
from wanhui.work.models import Step

AT_ONCE = 250
LOOK, APPLY = STEPS = ("rejudging.look", "rejudging.apply")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reviews of a store another engine reads: those said in these days (both included, None for no bound), up
    to the id `upto`. A review without a day counts by the day it was first seen."""

    store: Store
    engine: str
    since: date | None = None
    until: date | None = None
    upto: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Some reviews by id, in the order of the walk. `pairs` are each the verdict that counts and the one for its place,
    which is not stored; `beside` are those that stay, because a person spoke or that engine said the same."""

    ids: list[int]
    pairs: list[tuple[Verdict, Verdict]] = field(default_factory=list)
    beside: list[Verdict] = field(default_factory=list)


Foresee = Callable[[Part], Counter[str]]


def scope_of(rejudging: Rejudging) -> Scope:
    """What a rejudging walks over."""
    return Scope(rejudging.store, rejudging.engine, rejudging.since, rejudging.until, rejudging.upto)


def last_review(store: Store) -> int:
    """The greatest id of a store's reviews: a walk that begins now ends there."""
    return Review.objects.filter(store=store).aggregate(last=Max("pk"))["last"] or 0


def reviews_in(scope: Scope) -> QuerySet[Review]:
    """The reviews of a walk."""
    found = Review.objects.filter(store=scope.store, pk__lte=scope.upto)
    if scope.since is not None:
        begins = _begins(scope.since, scope.store)
        found = found.filter(Q(said_on__gte=scope.since) | Q(said_on=None, seen_at__gte=begins))
    if scope.until is not None:
        ends = _begins(scope.until + timedelta(days=1), scope.store)
        found = found.filter(Q(said_on__lte=scope.until) | Q(said_on=None, seen_at__lt=ends))
    return found


def _begins(day: date, store: Store) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(store.timezone))


def parts(scope: Scope, after: int = 0) -> Iterator[Part]:
    """The reviews behind the id `after`, a few at a time, each judged by the scope's engine. Writes nothing; memory
    does not grow with the number of reviews."""
    wanted = reviews_in(scope).order_by("pk")
    while ids := list(wanted.filter(pk__gt=after).values_list("pk", flat=True)[:AT_ONCE]):
        after = ids[-1]
        yield _judged(scope, ids)


def _judged(scope: Scope, ids: list[int]) -> Part:
    part = Part(ids)
    counting = Verdict.objects.filter(review_id__in=ids, current=True)
    current = {(verdict.review_id, verdict.follow_up_id): verdict for verdict in counting}
    texts, old = list[tuple[Review, FollowUp | None]](), list[Verdict]()
    for review, later in _texts(ids):
        verdict = current.get((review.pk, later.pk if later else None))
        if verdict is None or verdict.text_digest != (later or review).text_digest:
            continue  # not judged yet, or about earlier words: the pipeline does it
        verdict.review, verdict.follow_up = review, later
        if verdict.human:
            part.beside.append(verdict)
        else:
            texts.append((review, later))
            old.append(verdict)
    for before, after in zip(old, verdicts._judged(texts, scope.engine) if texts else [], strict=True):
        # The same engine says something else where what a shop set for it has changed since: only that is a change.
        same = before.engine == after.engine and not compare(_said(before), _said(after))
        part.beside.append(before) if same else part.pairs.append((before, after))
    return part


def _texts(ids: list[int]) -> Iterator[tuple[Review, FollowUp | None]]:
    reviews = Review.objects.filter(pk__in=ids).select_related("product", "store").prefetch_related("follow_ups")
    for review in reviews.order_by("pk"):
        yield review, None
        for later in review.follow_ups.all():
            yield review, later


def _said(verdict: Verdict) -> Said:
    return said(verdict.as_judgement(), verdict.severity, verdict.bad)


def count(part: Part, tally: Tally) -> list[tuple[Verdict, Verdict]]:
    """Add a part to a tally; the pairs whose two verdicts differ."""
    tally.kept += sum(verdict.human for verdict in part.beside)
    tally.same += sum(not verdict.human for verdict in part.beside)
    return [
        (old, new) for old, new in part.pairs
        if tally.add(_said(old), _said(new), {"review": old.review_id, "follow_up": old.follow_up_id})
    ]  # fmt: skip


def look_at(part: Part, tally: Tally, foresee: Foresee) -> None:
    """Add a part to a tally, with what it would do to cases, which `foresee` says of the pairs that differ."""
    changed = count(part, tally)
    if changed:
        tally.cases.update(foresee(Part(part.ids, changed, part.beside)))


def rejudging_for(user: User, pk: int) -> Rejudging:
    """One rejudging of a store this person works in; Http404 otherwise."""
    found = Rejudging.objects.filter(pk=pk, store__in=stores.reachable(user)).select_related("store").first()
    if found is None:
        raise Http404
    return found


def latest(store: Store) -> Rejudging | None:
    """The newest rejudging of a store, whatever became of it."""
    return Rejudging.objects.filter(store=store).select_related("store", "confirmed_by").order_by("-pk").first()


def given_up(rejudging: Rejudging) -> bool:
    """Whether its work has failed so often that a person must look at it."""
    failed = Step.objects.filter(state=Step.State.FAILED, kind__in=STEPS, ref__startswith=f"{rejudging.pk}/")
    return failed.exists()


def texts(store: Store, which: Iterable[tuple[int, int | None]]) -> dict[tuple[int, int | None], str]:
    """The texts of these reviews of a store, or of their follow-ups, by both ids (None for the first text)."""
    asked = list(which)
    firsts = Review.objects.filter(pk__in=[review for review, _later in asked], store=store)
    later = FollowUp.objects.filter(pk__in=[pk for _review, pk in asked if pk], review__store=store)
    found: dict[tuple[int, int | None], str] = {(pk, None): text for pk, text in firsts.values_list("pk", "text")}
    found.update({(review, pk): text for review, pk, text in later.values_list("review_id", "pk", "text")})
    return found
