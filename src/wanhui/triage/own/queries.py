"""Reading own causes: a store's, with how they have done; where they were found; what a recipe would find."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from wanhui.accounts.models import User
from wanhui.language.judgement import Span
from wanhui.language.own_causes import Finder, Recipe
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict
from wanhui.triage.own import rules
from wanhui.triage.own.models import OwnCause, OwnFound
from wanhui.triage.own.rules import Standing

PREVIEWED = 1_000
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Known:
    """A cause with how it has done; `stale`: finds of an earlier recipe that nobody has looked at."""

    cause: OwnCause
    standing: Standing
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """One find as a page shows it beside the verdict of its text, and how its cause has done."""

    found: OwnFound
    standing: Standing


@dataclass(frozen=True, slots=True)
class Hit:
    """A review that a recipe would find, with where."""

    review: Review
    text: str
    spans: tuple[Span, ...]
    like: float


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipe finds among the last reviews: how many were looked at and have it, and the newest of these."""

    looked: int
    count: int
    hits: list[Hit]


def of_store(user: User, store: Store) -> list[Known]:
    """The causes in use of a store this person may see, by name. Two queries."""
    mine = OwnCause.objects.filter(store=store, store__in=stores.reachable(user), retired_at=None).order_by("name")
    causes = list(mine)
    standings = standings_of(cause.pk for cause in causes)
    stale: dict[int, int] = {}
    open_ones = OwnFound.objects.filter(cause__in=causes, right=None, by_hand=False)
    versions = {cause.pk: cause.version for cause in causes}
    for pk, version, n in open_ones.values_list("cause", "version").annotate(n=Count("pk")).order_by():
        if version != versions[pk]:
            stale[pk] = stale.get(pk, 0) + n
    return [Known(cause, standings.get(cause.pk, Standing()), stale.get(cause.pk, 0)) for cause in causes]


def cause_for(user: User, pk: int) -> OwnCause:
    """One cause in use of a store this person works in; Http404 otherwise."""
    mine = OwnCause.objects.filter(store__in=stores.reachable(user), retired_at=None).select_related("store")
    return get_object_or_404(mine, pk=pk)


def found_for(user: User, pk: int) -> OwnFound:
    """One find in a store this person works in; Http404 otherwise."""
    mine = OwnFound.objects.filter(cause__store__in=stores.reachable(user), cause__retired_at=None)
    return get_object_or_404(mine.select_related("cause__store", "review"), pk=pk)


def standings_of(causes: Iterable[int]) -> dict[int, Standing]:
    """How these causes have done. One query."""
    rows = OwnFound.objects.filter(cause__in=list(causes)).order_by().values("cause").annotate(
        n_right=Count("pk", filter=Q(right=True, by_hand=False)), n_wrong=Count("pk", filter=Q(right=False)),
        n_added=Count("pk", filter=Q(by_hand=True, right=True)), n_open=Count("pk", filter=Q(right=None)),
    )  # fmt: skip
    return {row["cause"]: Standing(row["n_right"], row["n_wrong"], row["n_added"], row["n_open"]) for row in rows}


def in_reviews(reviews: Iterable[int]) -> dict[int, list[Beside]]:
    """What was found in these reviews, by the review's id, without what a person took away. Two queries at most."""
    rows = OwnFound.objects.filter(OwnFound.HOLDS, review__in=list(reviews), cause__retired_at=None)
    held = list(rows.select_related("cause", "follow_up", "said_by").order_by("cause__name", "pk"))
    standings = standings_of({each.cause_id for each in held}) if held else {}
    found: dict[int, list[Beside]] = {}
    for each in held:
        found.setdefault(each.review_id, []).append(Beside(each, standings.get(each.cause_id, Standing())))
    return found


def in_use(store_ids: Iterable[int]) -> list[OwnCause]:
    """The causes in use of these stores, by name."""
    return list(OwnCause.objects.filter(store__in=set(store_ids), retired_at=None).order_by("name", "pk"))


def names_in(places: Iterable[Store]) -> list[tuple[int, str]]:
    """The causes in use of these stores, for a filter: id and name, with the store's where two are called the same."""
    rows = list(
        OwnCause.objects.filter(store__in=list(places), retired_at=None).order_by("name", "pk")
        .values_list("pk", "name", "store__name")
    )  # fmt: skip
    names = [name for _pk, name, _store in rows]
    return [(pk, f"{name} · {store}" if names.count(name) > 1 else name) for pk, name, store in rows]


def preview(store: Store, recipe: Recipe) -> Preview:
    """What this recipe finds in the last reviews of a store. Writes nothing."""
    last = Review.objects.filter(store=store)
    ids = list(last.filter(said_on__isnull=False).order_by("-said_on", "-pk").values_list("pk", flat=True)[:PREVIEWED])
    if len(ids) < PREVIEWED:
        undated = last.filter(said_on=None).order_by("-pk")
        ids += undated.values_list("pk", flat=True)[: PREVIEWED - len(ids)]
    verdicts = Verdict.objects.filter(review__in=ids, current=True, follow_up=None).select_related("review")
    by_review = {verdict.review_id: verdict for verdict in verdicts}
    finder = Finder(recipe)
    looked, hits = 0, list[Hit]()
    for verdict in (by_review[pk] for pk in ids if pk in by_review):
        looked += 1
        text = verdict.review.text
        found = rules.find_in(finder, text, sentiment=verdict.sentiment, bad=verdict.bad, praises=verdict.praises)
        if found is not None:
            hits.append(Hit(verdict.review, text, found.spans, found.like))
    return Preview(looked, len(hits), hits[:SHOWN])
