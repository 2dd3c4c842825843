"""A person's word on a verdict."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.kit.errors import Refused
from wanhui.triage import actions, checking, queries
from wanhui.triage.forms import CorrectForm
from wanhui.triage.rejudging.wording import words_of
from wanhui.web.redirects import SeeOther
from wanhui.web.refusals import way_back


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a person's verdict in the place of the one that was looked at, if that one still counts."""
    user = signed_in(request)
    verdict = checking.verdict_for(user, pk)
    if not verdict.current:
        raise Refused(_("This verdict was changed meanwhile. Look at it as it is now, then try again."))
    form = CorrectForm(verdict, request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a mood and causes from the list."))
    found = form.cleaned_data
    actions.correct(verdict, actor=user, sentiment=found["sentiment"], causes=form.chosen(),
                    primary=found["primary"], flags=found["flags"], evidence=form.evidence())
    messages.success(request, _("Thank you. Your verdict counts now; the earlier one stays in the record."))
    return SeeOther(way_back(request) + "#verdict")


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes to the verdict that was looked at."""
    user = signed_in(request)
    actions.confirm(checking.verdict_for(user, pk), actor=user)
    messages.success(request, _("Confirmed. Drafts are made from it from now on."))
    return SeeOther(way_back(request) + "#verdict")


@require_safe
def verdicts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every verdict that a review ever had: what an engine or a person said before stays readable."""
    found = queries.history(signed_in(request), pk)
    lines = [{"verdict": verdict, "words": words_of(verdict)} for verdict in found]
    return render(request, "triage/verdicts.html", {"review": found[0].review, "lines": lines})
