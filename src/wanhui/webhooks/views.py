"""Receivers of a store's events: who is told, what was sent, and sending it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.web.redirects import see
from wanhui.webhooks import actions, queries, rules
from wanhui.webhooks.forms import ReceiverForm

PAGE = 50
SHOWN_ONCE = "webhook_secret"


@require_http_methods(["GET", "POST"])
def receivers(request: HttpRequest, pk: int) -> HttpResponse:
    """The receivers of a store; POST adds one, whose secret the next page shows."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    found = queries.subscriptions(user, pk)
    form = ReceiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.subscribe(store, form.cleaned_data["url"], form.cleaned_data["events"], actor=user)
        except Refused as refusal:
            form.add_error("url", refusal.message)
        else:
            request.session[SHOWN_ONCE] = made.pk
            return see("webhooks:receiver", made.pk)
    return render(request, "webhooks/receivers.html", {"store": store, "receivers": found, "form": form})


@require_http_methods(["GET", "POST"])
def receiver(request: HttpRequest, pk: int) -> HttpResponse:
    """One receiver with its log; POST changes it."""
    user = signed_in(request)
    found = queries.subscription_for(user, pk)
    initial = {"url": found.url, "events": found.events, "active": found.active}
    form = ReceiverForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(found, form.cleaned_data["url"], form.cleaned_data["events"], form.cleaned_data["active"],
                           actor=user)
        except Refused as refusal:
            form.add_error("url", refusal.message)
        else:
            messages.success(request, _("The receiver is saved."))
            return see("webhooks:receiver", pk)
    before = request.GET.get("before", "")
    log = queries.log(found, before=int(before) if before.isdecimal() else None, limit=PAGE + 1)
    fresh = request.session.pop(SHOWN_ONCE, None) == pk
    return render(request, "webhooks/receiver.html", {
        "receiver": found, "store": found.store, "form": form, "log": log[:PAGE],
        "next": log[PAGE - 1].pk if len(log) > PAGE else None, "later_page": bool(before),
        "secret": rules.shown_secret(queries.secret_of(found)) if fresh else "",
    })


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """A test message, a new secret, or an end: one button each."""
    user = signed_in(request)
    found = queries.subscription_for(user, pk)
    wanted = request.POST.get("action", "")
    if wanted == "ping":
        actions.ping(found, actor=user)
        messages.success(request, _("A test message is on its way. Its line below says whether it arrived."))
    elif wanted == "secret":
        actions.renew_secret(found, actor=user)
        request.session[SHOWN_ONCE] = pk
        messages.success(request, _("There is a new secret. Messages are signed with it from now on."))
    elif wanted == "remove":
        actions.unsubscribe(found, actor=user)
        messages.success(request, _("The receiver is removed. It is told nothing more."))
        return see("webhooks:receivers", found.store_id)
    else:
        raise Refused(_("This button is not known. Reload the page and try again."))
    return see("webhooks:receiver", pk)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one message again."""
    user = signed_in(request)
    found = queries.delivery_for(user, pk)
    actions.replay(found, actor=user)
    messages.success(request, _("It is sent again; the new line is on top."))
    return see("webhooks:receiver", found.subscription_id)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact words of one message."""
    found = queries.delivery_for(signed_in(request), pk)
    return HttpResponse(found.body, content_type="application/json")
