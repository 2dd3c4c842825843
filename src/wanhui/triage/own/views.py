"""The pages of a store's own causes, with what a recipe would find; and a person's word on a find."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.kit.errors import Refused
from wanhui.reviews.models import Review
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.own import actions, queries, rules
from wanhui.triage.own.forms import OwnCauseForm
from wanhui.triage.own.models import OwnCause
from wanhui.web.redirects import SeeOther, see
from wanhui.web.refusals import way_back


@require_safe
def own_causes(request: HttpRequest, pk: int) -> HttpResponse:
    """A store's own causes, each with how it has done."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    return render(request, "triage/own_causes.html", {
        "store": store, "known": queries.of_store(user, store), "young_until": rules.YOUNG_UNTIL,
        "may_settings": stores.may(user, Verb.SETTINGS, pk),
    })


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new cause: seen before it is saved."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    stores.require(user, Verb.SETTINGS, pk)
    form = OwnCauseForm(request.POST or None)
    if request.method == "POST" and "save" in request.POST and form.is_valid():
        try:
            made = actions.add_own_cause(store, form.cleaned_data["name"], form.recipe, actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” is looked for from now on.") % {"name": made})
            return see("triage:own_causes", pk, anchor=f"cause-{made.pk}")
    return _form(request, store, form, None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or recipe, seen before it is saved."""
    user = signed_in(request)
    cause = queries.cause_for(user, pk)
    stores.require(user, Verb.SETTINGS, cause.store_id)
    form = OwnCauseForm(request.POST or None, cause=cause)
    if request.method == "POST" and "save" in request.POST and form.is_valid():
        try:
            actions.change_own_cause(cause, form.cleaned_data["name"], form.recipe, actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": cause})
            return see("triage:own_causes", cause.store_id, anchor=f"cause-{cause.pk}")
    return _form(request, cause.store, form, cause)


def _form(request: HttpRequest, store: Store, form: OwnCauseForm, cause: OwnCause | None) -> HttpResponse:
    recipe = form.recipe if form.is_bound else cause.recipe if cause else None
    fault = rules.fault("-", recipe) if recipe else "empty"
    shown = queries.preview(store, recipe) if recipe is not None and not fault else None
    context = {"store": store, "form": form, "cause": cause, "shown": shown, "fault": fault if form.is_bound else ""}
    # Typing asks for the finds alone.
    page = "triage/_own_preview.html" if request.headers.get("HX-Request") else "triage/own_cause.html"
    return render(request, page, context)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cause out of use."""
    user = signed_in(request)
    cause = queries.cause_for(user, pk)
    actions.retire_own_cause(cause, actor=user)
    messages.success(request, _("“%(name)s” is retired: no longer looked for, no longer shown.") % {"name": cause})
    return see("triage:own_causes", cause.store_id)


@require_POST
def look_through(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for a cause in the stored reviews."""
    user = signed_in(request)
    cause = queries.cause_for(user, pk)
    actions.look_through(cause, actor=user)
    messages.success(request, _("The stored reviews are looked through in the background."))
    return see("triage:own_causes", cause.store_id, anchor=f"cause-{cause.pk}")


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the looking through has come: a part of the page, asked for again while it goes on."""
    user = signed_in(request)
    cause = queries.cause_for(user, pk)
    known = next(each for each in queries.of_store(user, cause.store) if each.cause.pk == pk)
    may = stores.may(user, Verb.SETTINGS, cause.store_id)
    return render(request, "triage/_own_stored.html", {"known": known, "may_settings": may})


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a find is right."""
    user = signed_in(request)
    found = queries.found_for(user, pk)
    right = request.POST.get("right") == "1"
    actions.say_own_cause(found, right, actor=user)
    words = _("Thank you: “%(name)s” is right here.") if right else _("Thank you: “%(name)s” is taken away here.")
    messages.success(request, words % {"name": found.cause})
    return SeeOther(way_back(request) + "#verdict")


@require_POST
def add_to(request: HttpRequest, pk: int) -> HttpResponse:
    """A person sees an own cause where its recipe did not."""
    user = signed_in(request)
    review = get_object_or_404(Review.objects.filter(store__in=stores.reachable(user)), pk=pk)
    chosen = request.POST.get("cause", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        raise Refused(_("Choose a cause from the list."))
    cause = queries.cause_for(user, int(chosen))
    actions.add_to_review(cause, review, actor=user)
    messages.success(request, _("“%(name)s” is added to this review.") % {"name": cause})
    return SeeOther(way_back(request) + "#verdict")
