"""The API's door to a shop's own causes."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.rules import Scope, Verb
from wanhui.language.own_causes import Recipe
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.triage.own import actions, queries, rules
from wanhui.triage.own.models import OwnCause, OwnFound
from wanhui.triage.own.queries import Known
from wanhui.triage.own.wording import sound
from wanhui.web.shapes import SOUND, Asked, Id, Line, Ref, Told, Yes

router = Router(tags=["Stores"], auth=needs(Scope.SETTINGS))
Short = Annotated[str, Field(min_length=1, max_length=rules.LONGEST_WORD, pattern=SOUND)]


class StandingTold(Told):
    """How a cause has done: `young` until people have looked at 20 finds; `share` of `right` among those called right
    or wrong lies in truth between `low` and `high` (95 %)."""

    young: bool
    right: int
    wrong: int
    added: int
    open: int
    share: float | None
    low: float | None
    high: float | None


class OwnCauseTold(Told):
    """A cause of a store's own. `looked` stored reviews were looked through for the recipe of `asked_version`;
    `done_at` is null while that goes on or was never asked."""

    id: int
    store: int
    name: str
    words: list[str]
    examples: list[str]
    counters: list[str]
    version: int
    made_by: PersonTold | None
    changed_at: datetime
    asked_version: int
    looked: int
    done_at: datetime | None
    standing: StandingTold


class OwnFoundTold(Told):
    """An own cause in a review. `right`: a person's word, null where nobody looked. `evidence`: code points, end
    exclusive, in the first text or in `follow_up`."""

    id: int
    cause: int
    name: str
    follow_up: int | None
    evidence: list[list[int]]
    by_hand: bool
    right: bool | None


class RecipeAsked(Asked):
    """Words (`*` inside stands for a few characters, behind a Latin word for an ending), sentences that are about it,
    and sentences that only look so."""

    words: Annotated[list[Short], Field(max_length=rules.MOST_WORDS)] = []
    examples: Annotated[list[Line], Field(max_length=rules.MOST_SENTENCES)] = []
    counters: Annotated[list[Line], Field(max_length=rules.MOST_SENTENCES)] = []

    @property
    def recipe(self) -> Recipe:
        return Recipe(tuple(self.words), tuple(self.examples), tuple(self.counters))


class OwnCauseAsked(RecipeAsked):
    """A cause with its name."""

    name: Short


class OwnSaidAsked(Asked):
    """Whether a find is right."""

    right: Yes


class OwnAddAsked(Asked):
    """A cause of the review's store that a person sees in it."""

    cause: Ref


class OwnHitTold(Told):
    """A review that a recipe finds; `like` is 1 for a word, else the likeness to an example."""

    review: int
    evidence: list[list[int]]
    like: float


class OwnPreviewTold(Told):
    """How many of the last reviews were looked at, how many have it, and the newest of these."""

    looked: int
    count: int
    hits: list[OwnHitTold]


@router.get("/stores/{int:pk}/own-causes", response=list[OwnCauseTold], auth=needs(Scope.READ))
def causes(request: HttpRequest, pk: Id) -> list[OwnCauseTold]:
    """The causes in use of a store's own."""
    person = caller(request)
    return [_told(known) for known in queries.of_store(person, stores.store_for(person, pk))]


@router.post("/stores/{int:pk}/own-causes", response={201: OwnCauseTold})
def add(request: HttpRequest, pk: Id, asked: OwnCauseAsked) -> OwnCauseTold:
    """Look for a cause in everything that is judged from now on."""
    person = caller(request)
    made = actions.add_own_cause(stores.store_for(person, pk), asked.name, asked.recipe, actor=person)
    return _one(made)


@router.post("/stores/{int:pk}/own-causes/preview", response=OwnPreviewTold)
def preview(request: HttpRequest, pk: Id, asked: RecipeAsked) -> OwnPreviewTold:
    """What a recipe finds among the last thousand reviews. Nothing is kept."""
    person = caller(request)
    store = stores.store_for(person, pk)
    stores.require(person, Verb.SETTINGS, pk)
    sound("-", asked.recipe)
    found = queries.preview(store, asked.recipe)
    hits = [OwnHitTold(review=hit.review.pk, evidence=[list(span) for span in hit.spans], like=hit.like)
            for hit in found.hits]
    return OwnPreviewTold(looked=found.looked, count=found.count, hits=hits)


@router.put("/own-causes/{int:pk}", response=OwnCauseTold)
def change(request: HttpRequest, pk: Id, asked: OwnCauseAsked) -> OwnCauseTold:
    """Another name or recipe; what was found before stays until somebody looks through the stored reviews."""
    person = caller(request)
    return _one(actions.change_own_cause(queries.cause_for(person, pk), asked.name, asked.recipe, actor=person))


@router.delete("/own-causes/{int:pk}", response={204: None})
def retire(request: HttpRequest, pk: Id) -> None:
    """Take a cause out of use; what was found stays stored."""
    person = caller(request)
    actions.retire_own_cause(queries.cause_for(person, pk), actor=person)


@router.post("/own-causes/{int:pk}/look-through", response=OwnCauseTold)
def look_through(request: HttpRequest, pk: Id) -> OwnCauseTold:
    """Look for a cause in the stored reviews of its store; the worker does it."""
    person = caller(request)
    cause = queries.cause_for(person, pk)
    actions.look_through(cause, actor=person)
    return _one(cause)


@router.post("/own-found/{int:pk}/say", response=OwnFoundTold, auth=needs(Scope.CORRECTIONS))
def say(request: HttpRequest, pk: Id, asked: OwnSaidAsked) -> OwnFoundTold:
    """Say whether a find is right; a wrong one is shown no more."""
    person = caller(request)
    found = queries.found_for(person, pk)
    actions.say_own_cause(found, asked.right, actor=person)
    return found_told(found)


@router.post("/reviews/{int:pk}/own-causes", response=OwnFoundTold, auth=needs(Scope.CORRECTIONS))
def add_to(request: HttpRequest, pk: Id, asked: OwnAddAsked) -> OwnFoundTold:
    """Add a cause that a person sees and the recipe did not."""
    person = caller(request)
    review = get_object_or_404(Review.objects.filter(store__in=stores.reachable(person)), pk=pk)
    return found_told(actions.add_to_review(queries.cause_for(person, asked.cause), review, actor=person))


def found_told(found: OwnFound) -> OwnFoundTold:
    """A find as the API tells it."""
    names = ("evidence", "by_hand", "right")
    return OwnFoundTold(id=found.pk, cause=found.cause_id, name=found.cause.name, follow_up=found.follow_up_id,
                        **{name: getattr(found, name) for name in names})


def _one(cause: OwnCause) -> OwnCauseTold:
    cause.refresh_from_db()
    return _told(Known(cause, queries.standings_of([cause.pk]).get(cause.pk, rules.Standing())))


def _told(known: Known) -> OwnCauseTold:
    cause, done = known.cause, known.standing
    names = ("name", "words", "examples", "counters", "version", "changed_at", "asked_version", "looked", "done_at")
    low, high = done.between or (None, None)
    return OwnCauseTold(
        id=cause.pk, store=cause.store_id, made_by=person_told(cause.made_by),
        standing=StandingTold(young=done.young, right=done.right, wrong=done.wrong, added=done.added, open=done.open,
                              share=done.share, low=low, high=high),
        **{name: getattr(cause, name) for name in names},
    )  # fmt: skip
