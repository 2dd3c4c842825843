"""Asking what another engine would say, looking, and putting its verdicts in place: a person's word always stays."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.language import engine_names
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.triage import actions as verdicts
from wanhui.triage.models import Verdict
from wanhui.triage.queries import hold
from wanhui.triage.rejudging import queries
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rejudging.queries import APPLY, LOOK, Foresee, Part, Scope
from wanhui.triage.rejudging.rules import Tally
from wanhui.work import actions as work
from wanhui.work.models import Step

# A walk gives way to other work after so many parts: it notes where it goes on and lets the next step have its turn.
_A_STRETCH = 8
_State = Rejudging.State


def ask_rejudging(
    store: Store, engine: str, *, since: date | None = None, until: date | None = None, actor: User | None,
    tally: Tally | None = None,
) -> Rejudging:
    """Ask what another engine would say of a store's reviews; the worker looks, and no verdict changes.

    tally: what a look just found, where the caller has looked already; then nothing is left but to say yes. Refused
    for an engine nobody knows, a window that ends before it begins, and while a rejudging of the store is under way.
    """
    if actor is not None:
        require(actor, Verb.REJUDGE, store.pk)
    if engine not in engine_names():
        raise Refused(_("This engine is not known. Choose one from the list."))
    if since is not None and until is not None and until < since:
        raise Refused(_("The last day lies before the first one. Check the days."))
    upto = queries.last_review(store)
    total = queries.reviews_in(Scope(store, engine, since, until, upto)).count()
    made = Rejudging(
        store=store, engine=engine, since=since, until=until, upto=upto, total=total, asked_by=actor,
        asked_at=clock.now(),
    )  # fmt: skip
    if tally is not None:
        made.state, made.done, made.tally = _State.LOOKED, total, tally.to_json()
    try:
        with transaction.atomic():
            # Whoever looks again lets go of what was found before.
            Rejudging.objects.filter(store=store, state=_State.LOOKED).update(state=_State.STOPPED)
            made.save()
            if tally is None:
                work.note(LOOK, f"{made.pk}/0", ids=[made.pk])
            record("triage.ask_rejudging", actor=actor, kind="rejudging", ref=made.pk, store=store.pk)
    except IntegrityError as error:
        raise Refused(_("A rejudging of this store is under way. Wait until it is done, or stop it.")) from error
    return made


def look(pk: int, foresee: Foresee, *, actor: User | None, step: Step) -> None:
    """Judge with the other engine and put down what would change, part by part; a stretch at most, then the next step
    is noted. `foresee` says of a part what would happen to cases. Killed at any moment it goes on where it was."""
    rejudging = Rejudging.objects.select_related("store").get(pk=pk)
    tally = Tally.from_json(rejudging.tally)
    for number, part in enumerate(queries.parts(queries.scope_of(rejudging), rejudging.after), start=1):
        queries.look_at(part, tally, foresee)
        with transaction.atomic():
            if not _forward(rejudging, part, step, _State.LOOKING, tally=tally.to_json()):
                return
            if number == _A_STRETCH:
                work.note(LOOK, f"{pk}/{part.ids[-1]}", ids=[pk])
                return
    Rejudging.objects.filter(pk=pk, state=_State.LOOKING).update(state=_State.LOOKED, done=F("total"))


def confirm_rejudging(rejudging: Rejudging, *, actor: User | None) -> None:
    """Somebody saw what would change and wants it: the worker puts the new verdicts in place.

    Refused unless the look is done and nobody has decided since.
    """
    if actor is not None:
        require(actor, Verb.REJUDGE, rejudging.store_id)
    try:
        with transaction.atomic():
            if not Rejudging.objects.filter(pk=rejudging.pk, state=_State.LOOKED).update(
                state=_State.APPLYING, confirmed_by=actor, after=0, done=0
            ):
                raise Refused(_("There is nothing to decide here any more. Look at the page as it is now."))
            work.note(APPLY, f"{rejudging.pk}/0", ids=[rejudging.pk])
            record("triage.confirm_rejudging", actor=actor, kind="rejudging", ref=rejudging.pk,
                   store=rejudging.store_id)
    except IntegrityError as error:
        raise Refused(_("A rejudging of this store is under way. Wait until it is done, or stop it.")) from error
    rejudging.refresh_from_db()


def stop_rejudging(rejudging: Rejudging, *, actor: User) -> None:
    """Leave everything as it is; verdicts that were put in place already stay, and count as what they are."""
    require(actor, Verb.REJUDGE, rejudging.store_id)
    open_ = Rejudging.objects.filter(pk=rejudging.pk).exclude(state__in=[_State.APPLIED, _State.STOPPED])
    with transaction.atomic():
        if not open_.update(state=_State.STOPPED, finished_at=clock.now()):
            raise Refused(_("There is nothing to decide here any more. Look at the page as it is now."))
        rejudging.refresh_from_db()
        placed = Tally.from_json(rejudging.applied)
        record("triage.stop_rejudging", actor=actor, kind="rejudging", ref=rejudging.pk, store=rejudging.store_id,
               counts={"verdicts": placed.looked, "changed": placed.changed})


def rejudge(pk: int, *, actor: User | None, step: Step) -> None:
    """Put the other engine's verdicts in the place of those that count, part by part; a stretch at most, then the next
    step is noted. A verdict that a person gave or confirmed stays, also one given while the engine was reading.

    The replaced ones stay readable. Cases hear of what changed by the step "verdicts.given", as after every judging;
    the days concerned are counted anew. The last part leaves the entry, with how many verdicts were put in place.
    """
    rejudging = Rejudging.objects.select_related("store").get(pk=pk)
    tally = Tally.from_json(rejudging.applied)
    for number, part in enumerate(queries.parts(queries.scope_of(rejudging), rejudging.after), start=1):
        with transaction.atomic():
            changed = _put_in_place(part, tally)
            if not _forward(rejudging, part, step, _State.APPLYING, applied=tally.to_json()):
                transaction.set_rollback(True)
                return
            if changed:
                work.note("verdicts.given", f"rejudging {pk}/{part.ids[0]}", ids=changed)
            if number == _A_STRETCH:
                work.note(APPLY, f"{pk}/{part.ids[-1]}", ids=[pk])
                return
    with transaction.atomic():
        if Rejudging.objects.filter(pk=pk, state=_State.APPLYING).update(
            state=_State.APPLIED, done=F("total"), finished_at=clock.now()
        ):
            record("triage.rejudge", actor=actor, kind="rejudging", ref=pk, store=rejudging.store_id,
                   counts={"verdicts": tally.looked, "changed": tally.changed, "kept": tally.kept})


def _put_in_place(part: Part, tally: Tally) -> list[int]:
    """Store those new verdicts whose old ones still count and are no person's; the reviews that read differently."""
    hold(part.ids)
    old = [verdict.pk for verdict, _new in part.pairs]
    still = Verdict.objects.filter(pk__in=old, current=True, by=None, checked_by=None)
    replaced = set(still.values_list("pk", flat=True))
    pairs = [(before, after) for before, after in part.pairs if before.pk in replaced]
    spoken = len(part.pairs) - len(pairs)
    changed = queries.count(Part(part.ids, pairs, part.beside), tally)
    tally.kept += spoken
    verdicts._store([after for _before, after in pairs])
    return sorted({after.review_id for _before, after in changed})


def _forward(rejudging: Rejudging, part: Part, step: Step, state: str, **found: object) -> bool:
    """Put down how far the walk has come, in the caller's transaction; False when another worker has the step, or
    somebody stopped the rejudging."""
    if not work.renew(step, ahead=True):
        return False
    going = Rejudging.objects.filter(pk=rejudging.pk, state=state)
    return bool(going.update(after=part.ids[-1], done=F("done") + len(part.ids), **found))
