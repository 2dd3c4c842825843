"""Signing in and out, the language of the page, one's own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wanhui.accounts import actions
from wanhui.accounts.forms import OwnPasswordForm, SignInForm
from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.kit.errors import Refused
from wanhui.web.language import KEY


class SignIn(LoginView):
    """The door. The page speaks the person's language from here on, unless they chose another one at the door."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        chosen = self.request.session.get(KEY)
        response = super().form_valid(form)
        self.request.session[KEY] = chosen or form.get_user().language
        return response


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
def password(request: HttpRequest) -> HttpResponse:
    """One's own new password; one stays signed in here, other devices must sign in again."""
    user = signed_in(request)
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(user, form.cleaned_data["present"], form.cleaned_data["new"], actor=user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your new password is set. Other devices must sign in again."))
            return redirect("desk:queue")
    return render(request, "accounts/password.html", {"form": form})
