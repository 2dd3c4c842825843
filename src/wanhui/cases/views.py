"""A case's verbs. Each calls one action and goes back to the case; a refusal keeps what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.cases import actions, queries
from wanhui.cases.models import Case, Deed, Measure
from wanhui.kit.errors import Refused
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.web.redirects import see

KEPT, JUST_CLOSED = "kept", "just_closed"
_TYPED = ("text", "note", "why", "kind", "channel", "result", "outcome", "conclusion", "owner")
Verb = Callable[[HttpRequest, User, Case], "str | Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb did, in words, and the deed that can be undone."""

    words: str
    deed: Deed | None = None


def _on_case(anchor: str) -> Callable[[Verb], Callable[[HttpRequest, int], HttpResponse]]:
    """A door to one verb: finds the case within what the person sees, says what happened, goes back to `anchor`."""

    def door(verb: Verb) -> Callable[[HttpRequest, int], HttpResponse]:
        @wraps(verb)
        @require_POST
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            user = signed_in(request)
            case = queries.case_for(user, pk)
            try:
                tell(request, verb(request, user, case))
            except Refused as refusal:
                messages.error(request, refusal.message)
                keep(request, case, anchor)
            return see("desk:case", pk, anchor=anchor)

        return view

    return door


def tell(request: HttpRequest, said: str | Said, *, well: bool = True) -> None:
    """Say what happened; a deed that can be undone comes with the address of its undoing."""
    deed = said.deed if isinstance(said, Said) else None
    undo = reverse("cases:undo", args=[deed.pk]) if deed is not None else ""
    level = messages.SUCCESS if well else messages.WARNING
    messages.add_message(request, level, said.words if isinstance(said, Said) else said, extra_tags=undo)


def keep(request: HttpRequest, case: Case, form: str) -> None:
    """Keep what was typed into a refused form until the case is shown again: nothing typed is lost."""
    typed = {name: request.POST[name] for name in _TYPED if request.POST.get(name)}
    if typed:
        request.session[KEPT] = {"case": case.pk, "form": form, "typed": typed}


def kept(request: HttpRequest, case: Case) -> dict[str, dict[str, str]]:
    """What was kept for this case, by form; given out once."""
    found = request.session.get(KEPT)
    if not found or found["case"] != case.pk:
        return {}
    del request.session[KEPT]
    return {found["form"]: found["typed"]}


def _version(request: HttpRequest) -> int:
    """The version the person was looking at; none at all counts as an outdated one."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() else 0


def _person(request: HttpRequest, name: str, case: Case) -> User | None:
    """The chosen person of the store, None for nobody. Refused for anybody else."""
    sent = request.POST.get(name, "")
    if not sent:
        return None
    person = stores.people_in(case.store_id).filter(pk=int(sent)).first() if sent.isdecimal() else None
    if person is None:
        raise Refused(_("This person does not work in this store. Choose somebody else."))
    return person


@_on_case("case")
def claim(request: HttpRequest, user: User, case: Case) -> Said:
    """Take the case."""
    return Said(_("The case is yours."), actions.claim(case, actor=user, version=_version(request)))


@_on_case("case")
def assign(request: HttpRequest, user: User, case: Case) -> Said:
    """Give the case to a person, with why, or to nobody."""
    person = _person(request, "person", case)
    deed = actions.assign(case, person, actor=user, version=_version(request), note=request.POST.get("why", ""))
    if person is None:
        return Said(_("Nobody is in charge of it now."), deed)
    return Said(_("%(name)s takes care of it now.") % {"name": person}, deed)


@_on_case("case")
def accept(_request: HttpRequest, user: User, case: Case) -> str:
    """Say "I have it" to a hand-over."""
    actions.accept(case, actor=user)
    return _("Taken over. Good luck with it.")


@_on_case("case")
def move(request: HttpRequest, user: User, case: Case) -> Said:
    """Move the case to another stage."""
    deed = actions.move(case, request.POST.get("stage", ""), actor=user, version=_version(request))
    return Said(_("The case has moved on."), deed)


@_on_case("log")
def note(request: HttpRequest, user: User, case: Case) -> str:
    """Write a note for colleagues."""
    actions.add_note(case, request.POST.get("text", ""), actor=user)
    return _("Noted.")


@_on_case("contact")
def contact(request: HttpRequest, user: User, case: Case) -> str:
    """Write down an attempt to reach the customer."""
    post = request.POST
    actions.log_contact(case, post.get("channel", ""), post.get("result", ""), post.get("note", ""), actor=user)
    return _("The contact is in the log.")


@_on_case("measures")
def plan(request: HttpRequest, user: User, case: Case) -> str:
    """Plan a measure."""
    owner = _person(request, "owner", case)
    actions.plan_measure(case, request.POST.get("kind", ""), request.POST.get("text", ""), actor=user, owner=owner)
    return _("The measure is planned.")


@require_POST
def finish(request: HttpRequest, pk: int, measure: int) -> HttpResponse:
    """Mark a measure as carried out."""
    user = signed_in(request)
    case = queries.case_for(user, pk)
    actions.finish_measure(get_object_or_404(Measure, pk=measure, case=case), actor=user)
    messages.success(request, _("Carried out. Thank you."))
    return see("desk:case", pk, anchor="measures")


@_on_case("close")
def close(request: HttpRequest, user: User, case: Case) -> str:
    """Close the case with its outcome and conclusion."""
    outcome, conclusion = request.POST.get("outcome", ""), request.POST.get("conclusion", "")
    actions.close(case, outcome, conclusion, actor=user, version=_version(request))
    request.session[JUST_CLOSED] = case.pk
    return _("The case is closed. Its conclusion stays here to be found again.")


@_on_case("close")
def reopen(_request: HttpRequest, user: User, case: Case) -> str:
    """Open a closed case again."""
    actions.reopen(case, actor=user)
    return _("The case is open again.")


@require_POST
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case for a review that has none."""
    user = signed_in(request)
    review = get_object_or_404(Review.objects.select_related("store").filter(store__in=stores.reachable(user)), pk=pk)
    case = actions.open_case(review, actor=user)
    messages.success(request, _("A case is open for this review."))
    return see("desk:case", case.pk)
