"""Verbs over many cases at once, and taking a deed back: one POST, one answer that names what was left alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.cases import actions, queries
from wanhui.cases.deeds import Batch
from wanhui.cases.forms import STAGES
from wanhui.cases.models import Case
from wanhui.cases.rules import BATCH_LIMIT
from wanhui.cases.views import Said, tell
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.web.redirects import SeeOther
from wanhui.web.refusals import way_back

NAMED = 5


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Claim, hand over or move the ticked cases; back to the list they were ticked on."""
    user = signed_in(request)
    cases = _ticked(request, user)
    if not cases:
        raise Refused(_("No case is ticked. Tick the cases first, then choose what to do with them."))
    verb = request.POST.get("verb", "")
    if verb == "claim":
        batch = actions.assign_many(cases, user, actor=user)
        _say(request, batch, ngettext("%(n)s case is yours.", "%(n)s cases are yours.", len(batch.done)))
    elif verb == "give":
        person = _colleague(request, user)
        batch = actions.assign_many(cases, person, actor=user, note=request.POST.get("why", ""))
        if person is None:
            words = ngettext("%(n)s case is nobody's now.", "%(n)s cases are nobody's now.", len(batch.done))
            _say(request, batch, words)
        else:
            words = ngettext("%(name)s takes care of %(n)s case.", "%(name)s takes care of %(n)s cases.",
                             len(batch.done))
            _say(request, batch, words, name=str(person))
    elif verb == "move":
        stage = request.POST.get("stage", "")
        if not stage:
            raise Refused(_("Choose the stage to move to."))
        batch = actions.move_many(cases, stage, actor=user)
        words = ngettext("%(n)s case stands at “%(stage)s”.", "%(n)s cases stand at “%(stage)s”.", len(batch.done))
        _say(request, batch, words, stage=str(STAGES.get(stage, "")))
    else:
        raise Refused(_("Choose what to do with the ticked cases."))
    return SeeOther(way_back(request))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own deed back, as far as nobody touched the cases since."""
    user = signed_in(request)
    batch = actions.undo(queries.deed_for(user, pk), actor=user)
    _say(request, batch, ngettext("Undone: %(n)s case is as it was.", "Undone: %(n)s cases are as they were.",
                                  len(batch.done)))
    return SeeOther(way_back(request))


def _ticked(request: HttpRequest, user: User) -> list[tuple[Case, int]]:
    """The ticked cases with the version each had on the page: boxes "case" hold "id~version"."""
    seen: dict[int, int] = {}
    for box in request.POST.getlist("case")[: BATCH_LIMIT + 1]:
        pk, _tilde, version = box.partition("~")
        if pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10:
            seen[int(pk)] = int(version)
    return [(case, seen[case.pk]) for case in queries.chosen(user, list(seen))]


def _colleague(request: HttpRequest, user: User) -> User | None:
    sent = request.POST.get("person", "")
    if not sent:
        raise Refused(_("Choose who takes over."))
    if sent == "nobody":
        return None
    found = stores.colleagues(user).filter(pk=int(sent), is_active=True).first() if sent.isdecimal() else None
    if found is None:
        raise Refused(_("This person does not work in this store. Choose somebody else."))
    return found


def _say(request: HttpRequest, batch: Batch, words: str, **values: str) -> None:
    """What was done, with its undoing; then, as a warning that stays, what was left alone and why."""
    if batch.done:
        tell(request, Said(words % {"n": len(batch.done), **values}, batch.deed))
    if batch.left:
        told = [
            _("case %(id)s: %(why)s") % {"id": pk, "why": why.rstrip(".。")} for pk, why in batch.left[:NAMED]
        ]
        rest = len(batch.left) - NAMED
        if rest > 0:
            told.append(ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest})
        words = ngettext("%(n)s case was left alone – %(which)s.", "%(n)s cases were left alone – %(which)s.",
                         len(batch.left))
        messages.warning(request, words % {"n": len(batch.left), "which": _("; ").join(told)})
