"""What people and the pipeline do with a case. Every verb here writes one log line for its readers and one entry."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.cases import deeds, opening, rules
from wanhui.cases.deeds import Batch, Item, change, log
from wanhui.cases.models import Case, CaseReview, Deed, Handover, Measure
from wanhui.customers import actions as customers
from wanhui.customers.models import Contact
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.reviews.models import Review
from wanhui.stores.queries import may, require
from wanhui.triage.models import Verdict
from wanhui.work import actions as work


def consider(review_ids: Sequence[int], *, actor: User | None) -> list[int]:
    """Open a case for each bad review that needs one, and tell open cases what changed; ids of the new cases.

    The pipeline's step after verdicts. Idempotent: a review belongs to one case at most, and a case that already
    knows its verdict is left alone.
    """
    opened: list[int] = []
    concerned = opening.concerned(review_ids)
    reviews = Review.objects.filter(pk__in=concerned).select_related("store", "case_review__case")
    verdicts = opening.current_verdicts(concerned)
    for review in reviews.order_by("pk"):
        found = verdicts.get(review.pk, [])
        case = review.case_review.case if hasattr(review, "case_review") else None
        if case is not None:
            _tell(case, review, found, actor=actor)
        elif (worst := opening.worst(found)) is not None and opening.opens(review, worst):
            made = open_case(review, actor=actor)
            opened.append(made.pk)
    return opened


def open_case(review: Review, *, actor: User | None) -> Case:
    """A case for this review, with its customer and clocks; the one it already has, if it has one.

    actor: a person (who must be allowed to claim) or None for the pipeline. Refused when the review is not judged yet.
    """
    if actor is not None:
        require(actor, Verb.CLAIM, review.store_id)
    known = CaseReview.objects.filter(review=review).select_related("case").first()
    if known is not None:
        return known.case
    verdicts = opening.current_verdicts([review.pk]).get(review.pk, [])
    if not verdicts:
        raise Refused(_("This review has not been judged yet. Wait a moment and try again."))
    about = opening.worst(verdicts) or verdicts[0]
    text = about.follow_up or review
    now = clock.now()
    case = Case(
        store=review.store,
        severity=about.severity,
        reasons=list(opening.reasons(about)),
        primary=about.primary,
        published_at=text.said_at,
        published_on=text.said_on,
        seen_at=text.seen_at,
        opened_at=now,
        reply_due_at=opening.reply_due(review, text),
    )
    try:
        with transaction.atomic():
            case.customer = customers.know(review.store_id, review.buyer, actor=actor)
            case.save()
            CaseReview.objects.create(case=case, review=review)
            log(case, "opened", by=actor, detail={"severity": case.severity})
            _count_anew(case, case.seen_at)
            record("cases.open", actor=actor, kind="case", ref=case.pk, store=case.store_id)
    except IntegrityError:
        # Another worker opened it between the look and the write: its case is the case.
        return CaseReview.objects.select_related("case").get(review=review).case
    return case


def _tell(case: Case, review: Review, verdicts: Sequence[Verdict], *, actor: User | None) -> None:
    """Bring an open case up to date with a newer verdict; the log says what its readers should look at."""
    latest = max(verdicts, key=lambda v: v.pk, default=None)
    if latest is None:
        return
    if case.closed_at is not None:
        if any(v.bad and v.follow_up is not None and v.follow_up.seen_at > case.closed_at for v in verdicts):
            # The customer speaks up again: a closed case must not swallow it.
            _open_again(case, actor=actor)
        else:
            return
    about = opening.worst(verdicts) or latest
    changed = {"severity": about.severity, "primary": about.primary, "reasons": list(opening.reasons(about))}
    fields = [name for name, value in changed.items() if getattr(case, name) != value]
    # What was there when the case was opened is no news: a worker that died right after opening comes here again.
    edit = review.edits.filter(noticed_at__gt=case.opened_at).order_by("-pk").first()
    later = [v for v in verdicts if v.follow_up is not None and v.follow_up.seen_at > case.opened_at]
    news: list[tuple[str, dict[str, Any]]] = [("customer_changed", {"edit": edit.pk})] if edit is not None else []
    news += [("follow_up", {"follow_up": v.follow_up_id, "bad": v.bad}) for v in later]
    told = {(line.what, tuple(sorted(line.detail.items()))) for line in case.log.filter(what__in=[n for n, _d in news])}
    fresh = [(what, detail) for what, detail in news if (what, tuple(sorted(detail.items()))) not in told]
    if not fields and not fresh:
        return
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(version=F("version") + 1, **changed)
        case.refresh_from_db(fields=["version"])
        for what, detail in fresh:
            log(case, what, by=None, detail=detail)
        record("cases.tell", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=fields)


def claim(case: Case, *, actor: User, version: int | None = None) -> Deed:
    """Take a case for oneself; what comes back can undo it."""
    return assign(case, actor, actor=actor, version=version)


def assign(
    case: Case, person: User | None, *, actor: User, version: int | None = None, note: str = ""
) -> Deed:
    """Give a case to a person of the store, with why, or to nobody; what comes back can undo it.

    Refused when that person may not work on cases here.
    """
    require(actor, Verb.CLAIM, case.store_id)
    if person is not None and not may(person, Verb.CLAIM, case.store_id):
        raise Refused(_("This person does not work on cases of this store. Choose somebody else."))
    with transaction.atomic():
        done = deeds.give(case, person, note.strip()[:1000], actor=actor, version=version)
        record("cases.assign", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["assignee"])
        return _remember("assign", [done], actor=actor)


def accept(case: Case, *, actor: User) -> None:
    """Say "I have it" to a hand-over; a second time changes nothing. Refused when none waits for this person."""
    require(actor, Verb.CLAIM, case.store_id)
    with transaction.atomic():
        if not Handover.objects.filter(case=case, to=actor, ended_at=None).update(ended_at=clock.now()):
            raise Refused(_("Nothing of this case waits for you to take it over."))
        log(case, "accepted", by=actor, detail={"person": actor.pk})
        record("cases.accept", actor=actor, kind="case", ref=case.pk, store=case.store_id)


def move(case: Case, stage: str, *, actor: User, version: int | None = None) -> Deed:
    """Move a case to another stage; `rules.next_stages` says where it may go. Closing is a verb of its own."""
    require(actor, Verb.CLAIM, case.store_id)
    with transaction.atomic():
        done = deeds.shift(case, stage, actor=actor, version=version)
        record("cases.move", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["stage"])
        return _remember("move", [done], actor=actor)


def assign_many(
    cases: Sequence[tuple[Case, int]], person: User | None, *, actor: User, note: str = ""
) -> Batch:
    """Give many cases to a person or to nobody, each as `assign` does and at the version the actor saw.

    One entry with counts for the batch; a case that changed meanwhile is left alone and named.
    """
    note = note.strip()[:1000]
    takes = deeds.where_may(person, [case for case, _seen in cases]) if person is not None else None

    def one(case: Case, version: int) -> Item | None:
        if takes is not None and case.store_id not in takes:
            raise Refused(_("This person does not work on cases of this store. Choose somebody else."))
        wanted = person.pk if person else None
        if case.assignee_id == wanted and case.version == version:
            return None
        return deeds.give(case, person, note, actor=actor, version=version)

    return _batch("assign", cases, one, actor=actor, fields=["assignee"])


def move_many(cases: Sequence[tuple[Case, int]], stage: str, *, actor: User) -> Batch:
    """Move many cases to one stage, each as `move` does and at the version the actor saw; one entry with counts."""
    def one(case: Case, version: int) -> Item | None:
        if case.stage == stage and case.version == version:
            return None
        return deeds.shift(case, stage, actor=actor, version=version)

    return _batch("move", cases, one, actor=actor, fields=["stage"])


def _batch(
    verb: str,
    cases: Sequence[tuple[Case, int]],
    one: Callable[[Case, int], Item | None],
    *,
    actor: User,
    fields: Sequence[str],
) -> Batch:
    """A verb over many cases in one transaction, each in a savepoint of its own, always in the same order: two
    batches at once wait for each other and never deadlock."""
    if len(cases) > rules.BATCH_LIMIT:
        raise Refused(_("Choose at most %(n)s cases at once.") % {"n": rules.BATCH_LIMIT})
    allowed = deeds.where_may(actor, [case for case, _seen in cases])
    found, items = Batch(), list[Item]()
    with transaction.atomic():
        for case, version in sorted(cases, key=lambda pair: pair[0].pk):
            try:
                if case.store_id not in allowed:
                    raise Refused(_("Your role in this store does not allow this. Ask the owner or the lead."))
                with transaction.atomic():
                    item = one(case, version)
            except Refused as refusal:
                found.left.append((case.pk, refusal.message))
                continue
            found.done.append(case.pk)
            items += [item] if item else []
        if items:
            found.deed = _remember(verb, items, actor=actor)
            changed = [item["case"] for item in items]
            _record_batch(f"cases.{verb}_many", found.deed, changed, found.left, actor=actor, fields=fields)
    return found


def _remember(verb: str, items: list[Item], *, actor: User) -> Deed:
    """What a deed changed, kept for undoing it; deeds of yesterday are thrown away on the way."""
    Deed.objects.filter(at__lt=clock.now() - deeds.KEPT_FOR).delete()
    return Deed.objects.create(by=actor, at=clock.now(), verb=verb, items=items)


def _record_batch(
    verb: str, deed: Deed, done: Sequence[int], left: Sequence[tuple[int, str]], *, actor: User,
    fields: Sequence[str] = (),
) -> None:
    """One entry in each store of a deed, so that the people there, and receivers outside, hear of it."""
    chosen = [*(item["case"] for item in deed.items), *(pk for pk, _why in left)]
    store_of = dict(Case.objects.filter(pk__in=chosen).values_list("pk", "store_id"))
    reached, alone = Counter(map(store_of.get, done)), Counter(store_of.get(pk) for pk, _why in left)
    for store in sorted({store_of[item["case"]] for item in deed.items if item["case"] in store_of}):
        record(verb, actor=actor, kind="batch", ref=deed.pk, store=store, fields=fields,
               counts={"cases": reached[store], "left_alone": alone[store]})


def undo(deed: Deed, *, actor: User) -> Batch:
    """Put the cases of one's own deed back to what they were, those that nobody touched since; the others are named.

    Refused for somebody else's deed, after `rules.UNDO_FOR`, and a second time.
    """
    if deed.by_id != actor.pk:
        raise Refused(_("Only the person who did this can undo it."))
    if deed.undone_at is not None:
        raise Refused(_("This was undone already."))
    if not rules.undoable(deed.at, clock.now()):
        raise Refused(_("Too late to undo this: that goes for %(n)s minutes. Change the cases by hand.")
                      % {"n": int(rules.UNDO_FOR.total_seconds() // 60)})
    cases = Case.objects.in_bulk([item["case"] for item in deed.items])
    allowed = deeds.where_may(actor, cases.values())
    found = Batch()
    with transaction.atomic():
        if not Deed.objects.filter(pk=deed.pk, undone_at=None).update(undone_at=clock.now()):
            raise Refused(_("This was undone already."))
        for item in sorted(deed.items, key=lambda item: int(item["case"])):
            mine = item["case"] in cases and cases[item["case"]].store_id in allowed
            if mine and deeds.put_back(item, actor=actor):
                found.done.append(item["case"])
            else:
                found.left.append((item["case"], _("changed since")))
        _record_batch("cases.undo", deed, found.done, found.left, actor=actor)
    return found


def hand_over_all(store_id: int, leaving: User, heir: User | None, *, actor: User) -> int:
    """Somebody left a store: their open cases there go to `heir`, or to nobody where that one may not; how many.

    Part of `stores.remove_person`, which has asked whether the actor may; the actor may be the one who left.
    """
    if heir is not None and not may(heir, Verb.CLAIM, store_id):
        heir = None
    with transaction.atomic():
        theirs = list(Case.objects.filter(store_id=store_id, assignee=leaving, closed_at=None).order_by("pk"))
        for case in theirs:
            deeds.give(case, heir, "", actor=actor, version=None)
        if theirs:
            record("cases.hand_over_all", actor=actor, kind="user", ref=leaving.pk, store=store_id,
                   fields=["assignee"], counts={"cases": len(theirs)})
    return len(theirs)


def add_note(case: Case, text: str, *, actor: User) -> None:
    """Write a note for colleagues into a case."""
    require(actor, Verb.WRITE, case.store_id)
    text = text.strip()
    if not text:
        raise Refused(_("The note is empty. Write what your colleagues should know."))
    with transaction.atomic():
        log(case, "note", by=actor, text=text[:4000])
        record("cases.add_note", actor=actor, kind="case", ref=case.pk, store=case.store_id)


def log_contact(case: Case, channel: str, result: str, note: str = "", *, actor: User) -> Contact:
    """Write down an attempt to reach the customer of a case. Refused where the platform forbids it for reviews."""
    require(actor, Verb.CLAIM, case.store_id)
    if case.customer is None or channel not in Contact.Channel.values or result not in Contact.Result.values:
        raise Refused(_("Choose how you tried to reach the customer and what came of it."))
    with transaction.atomic():
        contact = customers.log_contact(case.customer, channel, result, note, actor=actor)
        log(case, "contact", by=actor, contact=contact, detail={"channel": channel, "result": result})
        record("cases.log_contact", actor=actor, kind="case", ref=case.pk, store=case.store_id)
    return contact


def plan_measure(case: Case, kind: str, text: str, *, actor: User, owner: User | None = None) -> Measure:
    """Plan what will be put right, and by whom."""
    require(actor, Verb.CLAIM, case.store_id)
    if kind not in Measure.Kind.values or not text.strip():
        raise Refused(_("Say what will be put right and of which kind it is."))
    if owner is not None and not may(owner, Verb.SEE, case.store_id):
        raise Refused(_("This person does not work in this store. Choose somebody else."))
    measure = Measure(case=case, kind=kind, text=text.strip()[:1000], owner=owner, planned_at=clock.now())
    with transaction.atomic():
        measure.save()
        log(case, "measure_planned", by=actor, detail={"measure": measure.pk})
        record("cases.plan_measure", actor=actor, kind="case", ref=case.pk, store=case.store_id)
    return measure


def finish_measure(measure: Measure, *, actor: User) -> None:
    """Mark a measure as carried out; a second time changes nothing."""
    case = measure.case
    require(actor, Verb.CLAIM, case.store_id)
    with transaction.atomic():
        if not Measure.objects.filter(pk=measure.pk, done_at=None).update(done_at=clock.now()):
            return
        log(case, "measure_done", by=actor, detail={"measure": measure.pk})
        record("cases.finish_measure", actor=actor, kind="case", ref=case.pk, store=case.store_id)


def reply_recorded(case: Case, at: datetime, *, actor: User | None) -> None:
    """A public reply to this case's review is on the platform since `at`: the first one stops the clock, and a case
    of nobody's becomes the actor's.

    Part of `replies.record_sent`, in its transaction; a late first answer stays visible as late.
    """
    with transaction.atomic():
        Case.objects.filter(pk=case.pk, first_reply_at=None).update(first_reply_at=at, version=F("version") + 1)
        if actor is not None and Case.objects.filter(pk=case.pk, assignee=None, closed_at=None).update(assignee=actor):
            # Whoever answers has it in hand: a case that was spoken for must not look free.
            log(case, "assigned", by=actor, detail={"person": actor.pk})
        case.refresh_from_db(fields=["version"])
        log(case, "reply_sent", by=actor)
        _count_anew(case, case.seen_at)
        record("cases.reply_recorded", actor=actor, kind="case", ref=case.pk, store=case.store_id)


def close(case: Case, outcome: str, conclusion: str, *, actor: User, version: int | None = None) -> None:
    """Close a case with its outcome and conclusion; nothing closes without both (M10)."""
    require(actor, Verb.CLOSE, case.store_id)
    missing = rules.may_close(outcome, conclusion)
    if missing == "outcome":
        raise Refused(_("Choose how the case ended."))
    if missing:
        raise Refused(_("Write the conclusion: what was the cause, what was done, what do we learn?"))
    with transaction.atomic():
        change(case, version, stage=rules.Stage.CLOSED, outcome=outcome, conclusion=conclusion.strip()[:4000],
                closed_at=clock.now())
        log(case, "closed", by=actor, detail={"outcome": outcome})
        _count_anew(case, case.closed_at)
        record("cases.close", actor=actor, kind="case", ref=case.pk, store=case.store_id,
               fields=["closed_at", "conclusion", "outcome", "stage"])


def reopen(case: Case, *, actor: User) -> None:
    """Open a closed case again; what its log says stays, the old outcome and conclusion go into it."""
    require(actor, Verb.CLOSE, case.store_id)
    if not _open_again(case, actor=actor):
        raise Refused(_("This case is open already."))


def _open_again(case: Case, *, actor: User | None) -> bool:
    """By a person, or by the pipeline (None) when the customer speaks up again; False when it is open already."""
    with transaction.atomic():
        closed = Case.objects.select_for_update().filter(pk=case.pk).exclude(closed_at=None)
        closed_at = closed.values_list("closed_at", flat=True).first()
        if closed_at is None:
            return False
        Case.objects.filter(pk=case.pk).update(
            stage=rules.Stage.FOLLOWING, outcome="", conclusion="", closed_at=None, version=F("version") + 1
        )
        _count_anew(case, closed_at)
        case.refresh_from_db(fields=["version"])
        log(case, "reopened", by=actor, text=case.conclusion, detail={"outcome": case.outcome})
        record("cases.reopen", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["closed_at"])
    case.refresh_from_db()
    return True


def _count_anew(case: Case, moment: datetime | None) -> None:
    """The figures of the day on which this moment falls in the case's store are stale now."""
    if moment is not None:
        work.mark_stale(case.store_id, [clock.day_in(moment, case.store.timezone)])
