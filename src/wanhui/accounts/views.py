"""Signing in and out, the language of the page, one's own account, password and access tokens."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wanhui.accounts import actions, queries
from wanhui.accounts.forms import SCOPES, AddressForm, NameForm, OwnPasswordForm, SignInForm, TokenForm
from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.doors import entering
from wanhui.doors import queries as doors
from wanhui.doors.letters import mail_works
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.web.language import KEY
from wanhui.web.redirects import see


class SignIn(LoginView):
    """The door: name and password, and on to the code where the person has a second factor."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        if doors.has_second_factor(user):
            entering.half_in(self.request, user, self.get_success_url())
            return redirect("doors:code")
        entering.enter(self.request, user)
        return HttpResponseRedirect(self.get_success_url())


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords: say so, and for how long."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read the desk in another language from now on; a person who is signed in finds it so next time too."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        request.session[KEY] = chosen
        if isinstance(request.user, User) and request.user.language != chosen:
            actions.choose_language(request.user, chosen, actor=request.user)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: the name colleagues see, the mail address, the language; the way to everything else."""
    user = signed_in(request)
    name_form = NameForm(request.POST if "display_name" in request.POST else None, initial={
        "display_name": user.display_name})
    address_form = AddressForm(request.POST if "address" in request.POST else None, initial={
        "address": user.email_wanted or user.email})
    if request.method == "POST":
        try:
            if name_form.is_valid():
                actions.rename(user, name_form.cleaned_data["display_name"], actor=user)
                messages.success(request, _("Your name is saved."))
                return see("accounts:me")
            if address_form.is_valid():
                given = address_form.cleaned_data
                actions.choose_address(user, given["address"], given["present"], actor=user)
                messages.success(request, _said_of_address(user))
                return see("accounts:me")
        except Refused as refusal:
            (name_form if name_form.is_bound else address_form).add_error(None, refusal.message)
    return render(request, "accounts/me.html", {
        "name_form": name_form, "address_form": address_form, "mail_works": mail_works(),
        "letter_failed": bool(user.email_wanted) and doors.letter_failed(user),
    })


def _said_of_address(user: User) -> str:
    if not user.email_wanted:
        return _("Your address is saved.")
    if mail_works():
        return _("A letter is on its way to %(address)s. Open its link to confirm the address.") % {
            "address": user.email_wanted}
    return _("Your address is saved. It is confirmed as soon as the desk can send mail.")


@require_http_methods(["GET", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the letter: a button, because mail programs open links by themselves."""
    user = signed_in(request)
    address = queries.address_of_key(user, key)
    if not address or address != user.email_wanted:
        return render(request, "accounts/confirm_address.html", {"address": ""}, status=404)
    if request.method == "POST":
        actions.confirm_address(user, key, actor=user)
        messages.success(request, _("Your address is confirmed."))
        return see("accounts:me")
    return render(request, "accounts/confirm_address.html", {"address": address})


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own new password; one stays signed in here, other devices must sign in again."""
    user = signed_in(request)
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_password(user, given["present"], given["new"], actor=user, here=request.session.session_key)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your new password is set. Other devices must sign in again."))
            return see("accounts:me")
    return render(request, "accounts/password.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own access tokens. A new one's secret is in this answer and nowhere else: not kept, not shown again."""
    user = signed_in(request)
    form, secret, made = TokenForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ends = clock.now() + timedelta(days=int(given["days"]))
        try:
            made, secret = actions.make_token(user, given["name"], given["scopes"], ends, actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            form = TokenForm()
    now = clock.now()
    lines = [
        {"token": token, "alive": token.alive(now), "scopes": [SCOPES[scope][0] for scope in token.scopes]}
        for token in queries.tokens_of(user)
    ]
    return render(request, "accounts/tokens.html", {"form": form, "lines": lines, "secret": secret, "made": made})


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    user = signed_in(request)
    token = get_object_or_404(queries.tokens_of(user), pk=pk)
    actions.revoke_token(token, actor=user)
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return see("accounts:tokens")
