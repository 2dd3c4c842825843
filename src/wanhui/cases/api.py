"""The API's door to a case's verbs. Each answers with the case as it is now; reading lists is the desk's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.models import User
from wanhui.accounts.rules import Scope, Verb
from wanhui.cases import actions, queries
from wanhui.cases.deeds import Batch
from wanhui.cases.models import Case, Deed, Measure
from wanhui.cases.rules import BATCH_LIMIT, Outcome, Stage, next_stages, reply_clock, urgency
from wanhui.customers.models import Contact
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.reviews import queries as reviews
from wanhui.stores import queries as stores
from wanhui.web.problems import Problem
from wanhui.web.shapes import SOUND, Asked, Id, Ref, Told

router = Router(tags=["Cases"], auth=needs(Scope.CASES))
Note = Annotated[str, Field(max_length=4000, pattern=SOUND)]


class CaseTold(Told):
    """A case as it is now. `version` counts its changes: send it back with a verb, and nobody is overwritten."""

    id: int
    store: int
    version: int
    stage: Stage
    next_stages: list[Stage]
    severity: int
    reasons: list[str]
    primary: str
    urgency: Literal["now", "today", "later"]
    reply_clock: Literal["none", "ok", "soon", "late", "met", "met_late"]
    assignee: PersonTold | None
    published_at: datetime | None
    published_on: date | None
    seen_at: datetime
    opened_at: datetime
    reply_due_at: datetime | None
    first_reply_at: datetime | None
    outcome: Outcome | None
    conclusion: str
    closed_at: datetime | None


class MeasureTold(Told):
    """What will be put right, by whom; `done_at` is null until it is carried out."""

    id: int
    kind: str
    text: str
    owner: PersonTold | None
    planned_at: datetime
    done_at: datetime | None


class ContactTold(Told):
    """One attempt to reach the customer."""

    id: int
    channel: str
    result: str
    note: str
    by: PersonTold | None
    at: datetime


class SeenAsked(Asked):
    """The version of the case that was looked at."""

    version: Ref


class AssignAsked(SeenAsked):
    """Who is to take care of the case: a person of the store, or null for nobody; a word for them, if wanted."""

    person: Ref | None
    note: Annotated[str, Field(max_length=1000, pattern=SOUND)] = ""


class MoveAsked(SeenAsked):
    """The stage to go to: one of the case's `next_stages`."""

    stage: Stage


class NoteAsked(Asked):
    """A note for colleagues."""

    text: Annotated[Note, Field(min_length=1)]


class ContactAsked(Asked):
    """How one tried to reach the customer, and what came of it."""

    channel: Literal["chat", "phone", "sms", "mail", "letter"]
    result: Literal["reached", "no_answer", "refused"]
    note: Annotated[str, Field(max_length=2000, pattern=SOUND)] = ""


class MeasureAsked(Asked):
    """What will be put right, of which kind it is, and by whom (null: nobody yet)."""

    kind: Literal["solution", "page", "supplier", "process", "training", "other"]
    text: Annotated[str, Field(min_length=1, max_length=1000, pattern=SOUND)]
    owner: Ref | None = None


class CloseAsked(SeenAsked):
    """How the case ended, and what was learned; nothing closes without both."""

    outcome: Outcome
    conclusion: Annotated[Note, Field(min_length=4)]


def case_told(case: Case) -> CaseTold:
    """A case as the API tells it at this moment."""
    left = reply_clock(case.reply_due_at, case.first_reply_at, clock.now())
    names = ("severity", "reasons", "primary", "published_at", "published_on", "seen_at", "opened_at", "reply_due_at",
             "first_reply_at", "conclusion", "closed_at", "version")
    return CaseTold(
        id=case.pk, store=case.store_id, stage=Stage(case.stage), next_stages=list(next_stages(Stage(case.stage))),
        urgency=urgency(case.severity, left), reply_clock=left.state, assignee=person_told(case.assignee),
        outcome=Outcome(case.outcome) if case.outcome else None, **{name: getattr(case, name) for name in names},
    )


def measure_told(measure: Measure) -> MeasureTold:
    """A measure as the API tells it."""
    return MeasureTold(id=measure.pk, kind=measure.kind, text=measure.text, owner=person_told(measure.owner),
                       planned_at=measure.planned_at, done_at=measure.done_at)


def contact_told(contact: Contact) -> ContactTold:
    """A contact as the API tells it."""
    return ContactTold(id=contact.pk, channel=contact.channel, result=contact.result, note=contact.note,
                       by=person_told(contact.by), at=contact.at)


class ChangedTold(CaseTold):
    """The case after a verb that can be undone for a quarter of an hour: `deed` is what to undo."""

    deed: int


class SeenCase(Asked):
    """A case and the version of it that was looked at."""

    case: Ref
    version: Ref


class _ManyAsked(Asked):
    cases: Annotated[list[SeenCase], Field(min_length=1, max_length=BATCH_LIMIT)]


class GiveManyAsked(_ManyAsked):
    """Who is to take care of all these cases (null: nobody), with a word for them."""

    person: Ref | None
    note: Annotated[str, Field(max_length=1000, pattern=SOUND)] = ""


class MoveManyAsked(_ManyAsked):
    """The stage all these cases are to go to."""

    stage: Stage


class LeftTold(Told):
    """A case that was left alone, and why."""

    case: int
    why: str


class BatchTold(Told):
    """What came of a verb over many cases; `deed` is what to undo, null where nothing changed."""

    done: list[int]
    left: list[LeftTold]
    deed: int | None


@contextmanager
def _unless_changed(case: Case, version: int) -> Iterator[None]:
    """A refusal because somebody was faster becomes the problem that shows the case as it is now."""
    try:
        yield
    except NotAllowed:
        raise
    except Refused as refusal:
        fresh = Case.objects.select_related("store", "assignee").get(pk=case.pk)
        if fresh.version == version:
            raise
        current: dict[str, Any] = case_told(fresh).model_dump(mode="json")
        raise Problem("changed_meanwhile", refusal.message, current=current) from refusal


def _now(user: User, case: Case) -> CaseTold:
    return case_told(queries.case_for(user, case.pk))


def _person(pk: int | None, case: Case) -> User | None:
    """The person of the case's store with this id, None for nobody. Refused for anybody else."""
    if pk is None:
        return None
    person = stores.people_in(case.store_id).filter(pk=pk).first()
    if person is None:
        raise Refused(_("This person does not work in this store. Choose somebody else."))
    return person


def _changed(user: User, case: Case, deed: Deed) -> ChangedTold:
    return ChangedTold(**_now(user, case).model_dump(), deed=deed.pk)


def _seen(user: User, asked: _ManyAsked) -> list[tuple[Case, int]]:
    """The cases named, with the versions seen. Http404 where one is not there, NotAllowed where none is one's own."""
    versions = {each.case: each.version for each in asked.cases}
    found = queries.chosen(user, list(versions))
    if len(found) < len(versions):
        raise Http404
    if not any(stores.may(user, Verb.CLAIM, case.store_id) for case in found):
        stores.require(user, Verb.CLAIM, found[0].store_id)
    return [(case, versions[case.pk]) for case in found]


def _batch(found: Batch) -> BatchTold:
    left = [LeftTold(case=pk, why=why) for pk, why in found.left]
    return BatchTold(done=found.done, left=left, deed=found.deed.pk if found.deed else None)


@router.post("/cases/assign", response=BatchTold)
def assign_many(request: HttpRequest, asked: GiveManyAsked) -> BatchTold:
    """Give up to 200 cases to a person, or to nobody; one that changed meanwhile is left alone and named."""
    person = caller(request)
    cases = _seen(person, asked)
    everybody = stores.colleagues(person).filter(is_active=True)
    heir = everybody.filter(pk=asked.person).first() if asked.person is not None else None
    if heir is None and asked.person is not None:
        raise Refused(_("This person does not work in this store. Choose somebody else."))
    return _batch(actions.assign_many(cases, heir, actor=person, note=asked.note))


@router.post("/cases/move", response=BatchTold)
def move_many(request: HttpRequest, asked: MoveManyAsked) -> BatchTold:
    """Move up to 200 cases to one stage; one that changed meanwhile is left alone and named."""
    person = caller(request)
    return _batch(actions.move_many(_seen(person, asked), asked.stage, actor=person))


@router.post("/cases/deeds/{int:pk}/undo", response=BatchTold)
def undo(request: HttpRequest, pk: Id) -> BatchTold:
    """Take one's own deed back within a quarter of an hour, as far as nobody touched the cases since."""
    person = caller(request)
    return _batch(actions.undo(queries.deed_for(person, pk), actor=person))


@router.post("/reviews/{int:pk}/case", response={201: CaseTold})
def open_case(request: HttpRequest, pk: Id) -> CaseTold:
    """Open a case for a review; the case it already has, if it has one."""
    person = caller(request)
    return _now(person, actions.open_case(reviews.review_for(person, pk), actor=person))


@router.post("/cases/{int:pk}/claim", response=ChangedTold)
def claim(request: HttpRequest, pk: Id, asked: SeenAsked) -> ChangedTold:
    """Take the case."""
    person = caller(request)
    case = queries.case_for(person, pk)
    with _unless_changed(case, asked.version):
        deed = actions.claim(case, actor=person, version=asked.version)
    return _changed(person, case, deed)


@router.post("/cases/{int:pk}/assign", response=ChangedTold)
def assign(request: HttpRequest, pk: Id, asked: AssignAsked) -> ChangedTold:
    """Give the case to a person, or to nobody."""
    person = caller(request)
    case = queries.case_for(person, pk)
    with _unless_changed(case, asked.version):
        deed = actions.assign(case, _person(asked.person, case), actor=person, version=asked.version, note=asked.note)
    return _changed(person, case, deed)


@router.post("/cases/{int:pk}/accept", response=CaseTold)
def accept(request: HttpRequest, pk: Id) -> CaseTold:
    """Say "I have it" to a case that a colleague handed over."""
    person = caller(request)
    case = queries.case_for(person, pk)
    actions.accept(case, actor=person)
    return _now(person, case)


@router.post("/cases/{int:pk}/move", response=ChangedTold)
def move(request: HttpRequest, pk: Id, asked: MoveAsked) -> ChangedTold:
    """Move the case to another stage; closing is an address of its own."""
    person = caller(request)
    case = queries.case_for(person, pk)
    with _unless_changed(case, asked.version):
        deed = actions.move(case, asked.stage, actor=person, version=asked.version)
    return _changed(person, case, deed)


@router.post("/cases/{int:pk}/notes", response={201: CaseTold})
def add_note(request: HttpRequest, pk: Id, asked: NoteAsked) -> CaseTold:
    """Write a note for colleagues."""
    person = caller(request)
    case = queries.case_for(person, pk)
    actions.add_note(case, asked.text, actor=person)
    return _now(person, case)


@router.post("/cases/{int:pk}/contacts", response={201: ContactTold})
def add_contact(request: HttpRequest, pk: Id, asked: ContactAsked) -> ContactTold:
    """Write down an attempt to reach the customer."""
    person = caller(request)
    case = queries.case_for(person, pk)
    return contact_told(actions.log_contact(case, asked.channel, asked.result, asked.note, actor=person))


@router.post("/cases/{int:pk}/measures", response={201: MeasureTold})
def plan_measure(request: HttpRequest, pk: Id, asked: MeasureAsked) -> MeasureTold:
    """Plan what will be put right."""
    person = caller(request)
    case = queries.case_for(person, pk)
    owner = _person(asked.owner, case)
    return measure_told(actions.plan_measure(case, asked.kind, asked.text, actor=person, owner=owner))


@router.post("/cases/{int:pk}/measures/{int:measure}/finish", response=MeasureTold)
def finish_measure(request: HttpRequest, pk: Id, measure: Id) -> MeasureTold:
    """Mark a measure as carried out; a second time changes nothing."""
    person = caller(request)
    case = queries.case_for(person, pk)
    found = get_object_or_404(Measure.objects.select_related("owner", "case"), pk=measure, case=case)
    actions.finish_measure(found, actor=person)
    found.refresh_from_db(fields=["done_at"])
    return measure_told(found)


@router.post("/cases/{int:pk}/close", response=CaseTold)
def close(request: HttpRequest, pk: Id, asked: CloseAsked) -> CaseTold:
    """Close the case with its outcome and conclusion."""
    person = caller(request)
    case = queries.case_for(person, pk)
    with _unless_changed(case, asked.version):
        actions.close(case, asked.outcome, asked.conclusion, actor=person, version=asked.version)
    return _now(person, case)


@router.post("/cases/{int:pk}/reopen", response=CaseTold)
def reopen(request: HttpRequest, pk: Id) -> CaseTold:
    """Open a closed case again."""
    person = caller(request)
    case = queries.case_for(person, pk)
    actions.reopen(case, actor=person)
    return _now(person, case)
