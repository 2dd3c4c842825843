"""A shop's own causes: made, changed, retired; found beside the verdicts; called right or wrong by people.

The engine's verdict is never touched by any of this.
"""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.language.own_causes import Recipe
from wanhui.reviews.models import Review
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.triage.own import finding, rules
from wanhui.triage.own.models import OwnCause, OwnFound
from wanhui.triage.own.wording import sound
from wanhui.triage.queries import hold
from wanhui.work import actions as work
from wanhui.work.models import Step

LOOK_THROUGH = "own_cause.wanted"
AT_ONCE = 500
_A_STRETCH = 8


def add_own_cause(store: Store, name: str, recipe: Recipe, *, actor: User) -> OwnCause:
    """A new cause of this store. From now on it is looked for in everything that is judged; stored reviews get it
    only when somebody asks (`look_through`). Refused for a name in use, too many causes, or a recipe that says
    nothing."""
    require(actor, Verb.SETTINGS, store.pk)
    sound(name, recipe)
    if OwnCause.objects.filter(store=store, retired_at=None).count() >= rules.MOST_CAUSES:
        raise Refused(_("A store has at most 20 causes of its own. Retire one first."))
    now = clock.now()
    made = OwnCause(store=store, name=name.strip(), made_by=actor, made_at=now, changed_at=now, **_fields(recipe))
    with transaction.atomic():
        _save(made)
        record("triage.add_own_cause", actor=actor, kind="own_cause", ref=made.pk, store=store.pk)
    return made


def change_own_cause(cause: OwnCause, name: str, recipe: Recipe, *, actor: User) -> OwnCause:
    """Another name or recipe. What was found before stays until somebody asks for the stored reviews again."""
    require(actor, Verb.SETTINGS, cause.store_id)
    sound(name, recipe)
    changed = ["name"] if cause.name != name.strip() else []
    if cause.recipe != recipe:
        changed += [field for field, value in _fields(recipe).items() if getattr(cause, field) != value]
        cause.version += 1
    for field, value in _fields(recipe).items():
        setattr(cause, field, value)
    cause.name, cause.changed_at = name.strip(), clock.now()
    with transaction.atomic():
        _save(cause)
        record("triage.change_own_cause", actor=actor, kind="own_cause", ref=cause.pk, store=cause.store_id,
               fields=changed)
    return cause


def retire_own_cause(cause: OwnCause, *, actor: User) -> None:
    """Out of use: no longer looked for or shown; what was found stays stored."""
    require(actor, Verb.SETTINGS, cause.store_id)
    with transaction.atomic():
        if not OwnCause.objects.filter(pk=cause.pk, retired_at=None).update(retired_at=clock.now()):
            raise Refused(_("This cause is retired already."))
        record("triage.retire_own_cause", actor=actor, kind="own_cause", ref=cause.pk, store=cause.store_id)


def look_through(cause: OwnCause, *, actor: User) -> None:
    """Look for a cause in the stored reviews of its store, in the background. A person's word on a find stays."""
    require(actor, Verb.SETTINGS, cause.store_id)
    last = Review.objects.filter(store=cause.store_id).order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        now = clock.now()
        begun = OwnCause.objects.filter(pk=cause.pk, retired_at=None).exclude(asked_at__isnull=False, done_at=None)
        if not begun.update(asked_version=F("version"), asked_at=now, upto=last, after=0, looked=0, done_at=None):
            raise Refused(_("The stored reviews are being looked through already."))
        work.note(LOOK_THROUGH, f"{cause.pk}/{now:%Y%m%dT%H%M%S.%f}/0", ids=[cause.pk])
        record("triage.look_through", actor=actor, kind="own_cause", ref=cause.pk, store=cause.store_id)


def fill_own_cause(pk: int, *, actor: User | None, step: Step) -> None:
    """The step of `look_through`: part by part, a stretch at most, then the next step is noted. Killed at any moment
    it goes on where it was. The last part leaves the entry, with how many reviews have the cause."""
    cause = OwnCause.objects.select_related("store").filter(pk=pk, retired_at=None, done_at=None).first()
    if cause is None:
        return
    for _turn in range(_A_STRETCH):
        ids = _next_ids(cause)
        with transaction.atomic():
            if not work.renew(step, ahead=True):
                return
            if not ids:
                OwnCause.objects.filter(pk=pk).update(done_at=clock.now())
                holding = OwnFound.objects.filter(OwnFound.HOLDS, cause=cause).count()
                record("triage.fill_own_cause", actor=actor, kind="own_cause", ref=pk, store=cause.store_id,
                       counts={"looked": cause.looked, "found": holding})
                return
            _bring_up_to_date(ids, [cause])
            cause.after, cause.looked = ids[-1], cause.looked + len(ids)
            OwnCause.objects.filter(pk=pk).update(after=cause.after, looked=cause.looked)
    with transaction.atomic():
        work.note(LOOK_THROUGH, f"{step.ref.rpartition('/')[0]}/{cause.after}", ids=[pk])


def _next_ids(cause: OwnCause) -> list[int]:
    ahead = Review.objects.filter(store=cause.store_id, pk__gt=cause.after, pk__lte=cause.upto)
    return list(ahead.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def find_own_causes(review_ids: Sequence[int], *, actor: User | None) -> int:
    """Look for the own causes of their stores in these reviews, which have just been judged; how many finds came or
    went. Idempotent; a person's word stays as long as the text does."""
    stores = Review.objects.filter(pk__in=review_ids).order_by().values_list("store", flat=True).distinct()
    causes = list(OwnCause.objects.filter(store__in=list(stores), retired_at=None))
    if not causes:
        return 0
    with transaction.atomic():
        hold(review_ids)
        changed = _bring_up_to_date(review_ids, causes)
        if changed:
            only = {cause.store_id for cause in causes}
            record("triage.find_own_causes", actor=actor, kind="review", ref=f"{review_ids[0]}–{review_ids[-1]}",
                   store=only.pop() if len(only) == 1 else None, counts={"changed": changed})
    return changed


def _bring_up_to_date(review_ids: Sequence[int], causes: Iterable[OwnCause]) -> int:
    """Make what is stored of these causes in these reviews what their recipes say; how many rows came or went."""
    gone, new = finding.differences(review_ids, list(causes))
    OwnFound.objects.filter(pk__in=gone).delete()
    OwnFound.objects.bulk_create(new)
    return len({(each.cause_id, each.review_id) for each in new} | {("gone", pk) for pk in gone})


def say_own_cause(found: OwnFound, right: bool, *, actor: User) -> None:
    """A person says whether a find is right. A wrong one is shown no more; both count for the cause's hit rate."""
    require(actor, Verb.CORRECT, found.cause.store_id)
    with transaction.atomic():
        OwnFound.objects.filter(pk=found.pk).update(right=right, said_by=actor, said_at=clock.now())
        record("triage.say_own_cause", actor=actor, kind="review", ref=found.review_id, store=found.cause.store_id,
               fields=["own_cause"])
    found.refresh_from_db()


def add_to_review(cause: OwnCause, review: Review, *, actor: User) -> OwnFound:
    """A person sees the cause where its recipe did not."""
    require(actor, Verb.CORRECT, cause.store_id)
    if review.store_id != cause.store_id:
        raise Refused(_("This cause belongs to another store."))
    now = clock.now()
    seen = {"by_hand": True, "right": True, "said_by": actor, "said_at": now}
    made = seen | {"text_digest": review.text_digest, "version": cause.version, "like": 0.0, "found_at": now,
                   "said_on": review.said_on, "evidence": []}  # fmt: skip
    with transaction.atomic():
        hold([review.pk])
        found, _created = OwnFound.objects.update_or_create(
            cause=cause, review=review, defaults=seen, create_defaults=made
        )
        record("triage.add_to_review", actor=actor, kind="review", ref=review.pk, store=cause.store_id,
               fields=["own_cause"])
    return found


def _fields(recipe: Recipe) -> dict[str, list[str]]:
    return {"words": list(recipe.words), "examples": list(recipe.examples), "counters": list(recipe.counters)}


def _save(cause: OwnCause) -> None:
    try:
        with transaction.atomic():
            cause.save()
    except IntegrityError as error:
        raise Refused(_("This store has a cause of this name already.")) from error
