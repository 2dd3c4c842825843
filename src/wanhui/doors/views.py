"""The code at the door, a forgotten password, one's devices and one's second factor."""

import io

import segno
from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts import actions as accounts
from wanhui.accounts.forms import NewPasswordForm
from wanhui.accounts.queries import signed_in
from wanhui.doors import actions, entering, queries
from wanhui.doors.forms import CodeForm, FirstCodeForm, ForgottenForm, TurnOffForm
from wanhui.doors.letters import mail_works
from wanhui.doors.models import kept_key
from wanhui.kit.errors import Refused
from wanhui.web.redirects import see


@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    half = entering.who_is_half_in(request)
    if half is None:
        return redirect("accounts:login")
    user, way_on = half
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_code(user, form.cleaned_data["code"], actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            entering.enter(request, user)
            return HttpResponseRedirect(way_on)
    return render(request, "doors/code.html", {"form": form, "person": user})


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether somebody of this name exists or not."""
    form = ForgottenForm(request.POST or None)
    said = False
    if request.method == "POST" and mail_works() and form.is_valid():
        try:
            actions.ask_reset(form.cleaned_data["who"], get_client_ip_address(request) or "", actor=None)
            said = True
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return render(request, "doors/forgotten.html", {"form": form, "mail_works": mail_works(), "said": said})


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Choose a new password by a one-time link. Signing in, with the second factor if there is one, comes after it."""
    person = queries.person_of_path(uid)
    good = person is not None and default_token_generator.check_token(person, key)
    if person is None or not good:
        return render(request, "doors/link_used.html", status=410)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.set_password(person, key, form.cleaned_data["new"], actor=None)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your new password is set. Sign in with it."))
            return see("accounts:login")
    return render(request, "doors/new_password.html", {"form": form, "person": person})


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    here = kept_key(request.session.session_key or "")
    return render(request, "doors/devices.html", {"visits": queries.visits_of(signed_in(request)), "here": here})


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign one other device out, or all others."""
    user = signed_in(request)
    here = request.session.session_key
    if wanted := request.POST.get("visit", ""):
        if wanted == kept_key(here or ""):
            raise Refused(_("This is the device you are using. Use “Sign out” in the menu."))
        ended = actions.end_visit(user, wanted, actor=user)
    else:
        ended = actions.end_others(user, here, actor=user)
    messages.success(request, ngettext(
        "%(count)d device is signed out.", "%(count)d devices are signed out.", ended) % {"count": ended})
    return see("doors:devices")


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """One's second factor: off, being set up, or on. Recovery codes are in the answer that made them, nowhere else."""
    user = signed_in(request)
    asked = request.POST.get("do", "")
    confirm = FirstCodeForm(request.POST if asked == "confirm" else None)
    renew = CodeForm(request.POST if asked == "codes" else None, prefix="new")
    off = TurnOffForm(request.POST if asked == "off" else None, prefix="off")
    codes: list[str] = []
    form = {"confirm": confirm, "codes": renew, "off": off}.get(asked)
    try:
        if asked == "begin":
            actions.begin_second_factor(user, actor=user)
            return see("doors:second_factor")
        if form is not None and form.is_valid():
            given = form.cleaned_data
            if asked == "off":
                actions.turn_off_second_factor(user, given["present"], given["code"], actor=user)
                messages.success(request, _("The second factor is off. Your password alone opens the door again."))
                return see("doors:second_factor")
            verb = actions.confirm_second_factor if asked == "confirm" else actions.new_codes
            codes = verb(user, given["code"], actor=user)
    except Refused as refusal:
        if form is None:
            raise
        form.add_error(None, refusal.message)
    device = queries.unconfirmed(user)
    return render(request, "doors/second_factor.html", {
        "on": queries.has_second_factor(user), "left": queries.codes_left(user), "codes": codes,
        "setting_up": device is not None, "key": queries.key_words(device) if device else "",
        "confirm": confirm, "renew": CodeForm(prefix="new") if codes else renew, "off": off,
    })


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The key that is being set up as a QR code, for nobody but its person, kept by no cache."""
    device = queries.unconfirmed(signed_in(request))
    if device is None:
        return redirect("doors:second_factor")
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(out, kind="svg", scale=5, border=3, light="#fff", dark="#000")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})
