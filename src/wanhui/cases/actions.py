"""What people and the pipeline do with a case. Every verb here writes one log line for its readers and one entry."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.cases import rules
from wanhui.cases.models import Case, CaseReview, LogLine, Measure
from wanhui.customers import actions as customers
from wanhui.customers.models import Contact
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.playbook import rules as playbook
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store
from wanhui.stores.queries import may, require
from wanhui.triage.models import Verdict
from wanhui.triage.rules import reasons


def consider(review_ids: Sequence[int], *, actor: User | None) -> list[int]:
    """Open a case for each bad review that needs one, and tell open cases what changed; ids of the new cases.

    The pipeline's step after verdicts. Idempotent: a review belongs to one case at most, and a case that already
    knows its verdict is left alone.
    """
    opened: list[int] = []
    reviews = Review.objects.filter(pk__in=review_ids).select_related("store", "case_review__case")
    verdicts = _current_verdicts(review_ids)
    for review in reviews.order_by("pk"):
        found = verdicts.get(review.pk, [])
        case = review.case_review.case if hasattr(review, "case_review") else None
        if case is not None:
            _tell(case, review, found, actor=actor)
        elif (worst := _worst(found)) is not None and _opens(review, worst):
            made = open_case(review, actor=actor)
            opened.append(made.pk)
    return opened


def _current_verdicts(review_ids: Sequence[int]) -> dict[int, list[Verdict]]:
    found: dict[int, list[Verdict]] = {}
    current = Verdict.objects.filter(review_id__in=review_ids, current=True).select_related("follow_up")
    for verdict in current.order_by("pk"):
        found.setdefault(verdict.review_id, []).append(verdict)
    return found


def _worst(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict a case is about: the worst bad text, first review or follow-up; None when none is bad."""
    return min((v for v in verdicts if v.bad), key=lambda v: (v.severity, v.pk), default=None)


def _opens(review: Review, worst: Verdict) -> bool:
    text = worst.follow_up or review
    store = review.store
    return rules.opens_case(
        bad=worst.bad,
        store_is_open=store.closed_at is None and store.kind != Store.Kind.DRILL,
        said_on=text.said_on,
        today=clock.now().astimezone(ZoneInfo(store.timezone)).date(),
        max_age_days=store.max_case_age_days,
    )


def open_case(review: Review, *, actor: User | None) -> Case:
    """A case for this review, with its customer and clocks; the one it already has, if it has one.

    actor: a person (who must be allowed to claim) or None for the pipeline. Refused when the review is not judged yet.
    """
    if actor is not None:
        require(actor, Verb.CLAIM, review.store_id)
    known = CaseReview.objects.filter(review=review).select_related("case").first()
    if known is not None:
        return known.case
    verdicts = _current_verdicts([review.pk]).get(review.pk, [])
    if not verdicts:
        raise Refused(_("This review has not been judged yet. Wait a moment and try again."))
    about = _worst(verdicts) or verdicts[0]
    text = about.follow_up or review
    now = clock.now()
    case = Case(
        store=review.store,
        severity=about.severity,
        reasons=list(_reasons(about)),
        primary=about.primary,
        published_at=text.said_at,
        published_on=text.said_on,
        seen_at=text.seen_at,
        opened_at=now,
        reply_due_at=_reply_due(review, text),
    )
    try:
        with transaction.atomic():
            case.customer = customers.know(review.store_id, review.buyer, actor=actor)
            case.save()
            CaseReview.objects.create(case=case, review=review)
            _log(case, "opened", by=actor, detail={"severity": case.severity})
            record("cases.open", actor=actor, kind="case", ref=case.pk, store=case.store_id)
    except IntegrityError:
        # Another worker opened it between the look and the write: its case is the case.
        return CaseReview.objects.select_related("case").get(review=review).case
    return case


def _reasons(verdict: Verdict) -> tuple[str, ...]:
    return reasons(verdict.as_judgement(), None if verdict.follow_up_id else verdict.review.stars)


def _reply_due(review: Review, text: Review | FollowUp) -> datetime | None:
    store = review.store
    published = text.published(store.timezone)
    closes = playbook.reply_window_closes(store.platform, published, has_follow_up=False) if published else None
    return rules.reply_due(
        text.seen_at,
        store.reply_within_hours,
        can_reply=playbook.can_reply(store.platform) != "no",
        window_closes=closes if isinstance(closes, datetime) else None,
    )


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
    about = _worst(verdicts) or latest
    changed = {"severity": about.severity, "primary": about.primary, "reasons": list(_reasons(about))}
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
        for what, detail in fresh:
            _log(case, what, by=None, detail=detail)
        record("cases.tell", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=fields)


def _log(
    case: Case,
    what: str,
    *,
    by: User | None,
    detail: dict[str, Any] | None = None,
    text: str = "",
    contact: Contact | None = None,
) -> None:
    LogLine.objects.create(case=case, at=clock.now(), by=by, what=what, detail=detail or {}, text=text, contact=contact)


def _change(case: Case, version: int | None, **fields: Any) -> None:
    """Write fields of an open case, only if nobody changed it since the person looked (`version`)."""
    rows = Case.objects.filter(pk=case.pk, closed_at=None)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **fields):
        fresh = Case.objects.get(pk=case.pk)
        if fresh.closed_at is not None:
            raise Refused(_("This case is closed already. Nothing was changed."))
        raise Refused(_("Somebody else changed this case meanwhile. Look at it as it is now, then try again."))
    case.refresh_from_db()


def claim(case: Case, *, actor: User, version: int | None = None) -> None:
    """Take a case for oneself."""
    assign(case, actor, actor=actor, version=version)


def assign(case: Case, person: User | None, *, actor: User, version: int | None = None) -> None:
    """Give a case to a person of the store, or to nobody. Refused when that person may not work on cases here."""
    require(actor, Verb.CLAIM, case.store_id)
    if person is not None and not may(person, Verb.CLAIM, case.store_id):
        raise Refused(_("This person does not work on cases of this store. Choose somebody else."))
    with transaction.atomic():
        _change(case, version, assignee=person)
        _log(case, "assigned", by=actor, detail={"person": person.pk if person else None})
        record("cases.assign", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["assignee"])


def move(case: Case, stage: str, *, actor: User, version: int | None = None) -> None:
    """Move a case to another stage; `rules.next_stages` says where it may go. Closing is a verb of its own."""
    require(actor, Verb.CLAIM, case.store_id)
    if stage not in rules.next_stages(rules.Stage(case.stage)):
        raise Refused(_("A case cannot go from its stage to this one. Choose one of the steps that are offered."))
    before = case.stage
    with transaction.atomic():
        _change(case, version, stage=stage)
        _log(case, "stage", by=actor, detail={"before": before, "after": stage})
        record("cases.move", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["stage"])


def add_note(case: Case, text: str, *, actor: User) -> None:
    """Write a note for colleagues into a case."""
    require(actor, Verb.WRITE, case.store_id)
    text = text.strip()
    if not text:
        raise Refused(_("The note is empty. Write what your colleagues should know."))
    with transaction.atomic():
        _log(case, "note", by=actor, text=text[:4000])
        record("cases.add_note", actor=actor, kind="case", ref=case.pk, store=case.store_id)


def log_contact(case: Case, channel: str, result: str, note: str = "", *, actor: User) -> Contact:
    """Write down an attempt to reach the customer of a case. Refused where the platform forbids it for reviews."""
    require(actor, Verb.CLAIM, case.store_id)
    if case.customer is None or channel not in Contact.Channel.values or result not in Contact.Result.values:
        raise Refused(_("Choose how you tried to reach the customer and what came of it."))
    with transaction.atomic():
        contact = customers.log_contact(case.customer, channel, result, note, actor=actor)
        _log(case, "contact", by=actor, contact=contact, detail={"channel": channel, "result": result})
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
        _log(case, "measure_planned", by=actor, detail={"measure": measure.pk})
        record("cases.plan_measure", actor=actor, kind="case", ref=case.pk, store=case.store_id)
    return measure


def finish_measure(measure: Measure, *, actor: User) -> None:
    """Mark a measure as carried out; a second time changes nothing."""
    case = measure.case
    require(actor, Verb.CLAIM, case.store_id)
    with transaction.atomic():
        if not Measure.objects.filter(pk=measure.pk, done_at=None).update(done_at=clock.now()):
            return
        _log(case, "measure_done", by=actor, detail={"measure": measure.pk})
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
            _log(case, "assigned", by=actor, detail={"person": actor.pk})
        _log(case, "reply_sent", by=actor)
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
        _change(case, version, stage=rules.Stage.CLOSED, outcome=outcome, conclusion=conclusion.strip()[:4000],
                closed_at=clock.now())
        _log(case, "closed", by=actor, detail={"outcome": outcome})
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
        changed = Case.objects.filter(pk=case.pk).exclude(closed_at=None).update(
            stage=rules.Stage.FOLLOWING, outcome="", conclusion="", closed_at=None, version=F("version") + 1
        )
        if not changed:
            return False
        _log(case, "reopened", by=actor, text=case.conclusion, detail={"outcome": case.outcome})
        record("cases.reopen", actor=actor, kind="case", ref=case.pk, store=case.store_id, fields=["closed_at"])
    case.refresh_from_db()
    return True
