"""The page of a store's rejudging: what another engine would change, and the word that it may."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.rejudging import actions, queries, wording
from wanhui.triage.rejudging.forms import RejudgingForm
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rejudging.rules import Tally
from wanhui.web.redirects import see

UNDER_WAY = {Rejudging.State.LOOKING, Rejudging.State.APPLYING}


@require_http_methods(["GET", "POST"])
def rejudging(request: HttpRequest, pk: int) -> HttpResponse:
    """What the last look found in this store, with the buttons to decide; POST asks for a look."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    if request.method == "POST":
        stores.require(user, Verb.REJUDGE, pk)
    form = RejudgingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.ask_rejudging(store, asked["engine"], since=asked["since"], until=asked["until"], actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return see("triage:rejudging", pk)
    return render(request, "triage/rejudging.html", {
        "store": store, "form": form, "may": stores.may(user, Verb.REJUDGE, pk), **_shown(store),
    })


def _shown(store: Store) -> dict[str, Any]:
    found = queries.latest(store)
    if found is None or found.state in UNDER_WAY:
        return {"rejudging": found, "under_way": found is not None, "given_up": found and queries.given_up(found)}
    placed = Tally.from_json(found.applied)
    tally = placed if found.state == Rejudging.State.APPLIED else Tally.from_json(found.tally)
    texts = queries.texts(store, [(each["review"], each["follow_up"]) for each in tally.examples])
    return {
        "rejudging": found, "tally": tally, "placed": placed, "blocks": wording.blocks(tally),
        "engines": ", ".join(name for name, _n in tally.engines.most_common()),
        "examples": wording.examples(tally, texts), "share": tally.changed / tally.looked if tally.looked else None,
    }


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come, asked for every second; ends by leading to the page."""
    found = queries.rejudging_for(signed_in(request), pk)
    if found.state in UNDER_WAY:
        may = stores.may(signed_in(request), Verb.REJUDGE, found.store_id)
        context = {"rejudging": found, "may": may, "given_up": queries.given_up(found)}
        return render(request, "triage/_rejudging_progress.html", context)
    return HttpResponseClientRedirect(reverse("triage:rejudging", args=[found.store_id]))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the verdicts in place, or leave everything as it is."""
    user = signed_in(request)
    found = queries.rejudging_for(user, pk)
    wanted = request.POST.get("action", "")
    if wanted == "apply":
        actions.confirm_rejudging(found, actor=user)
    elif wanted == "stop":
        actions.stop_rejudging(found, actor=user)
        messages.success(request, _("Stopped. No further verdict changes."))
    else:
        raise Refused(_("This button is not known. Reload the page and try again."))
    return see("triage:rejudging", found.store_id)
