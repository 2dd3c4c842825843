"""Forms of signing in and of one's own password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password; one sentence for every wrong pair, so that nobody learns which names exist."""

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.error_messages = {
            "invalid_login": _("Name and password do not match. Check both; capital letters count."),
            "inactive": _("This account is switched off. Ask the owner of your store."),
        }
        self.fields["username"].label = _("Sign-in name")
        self.fields["password"].label = _("Password")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, max_length=200, help_text=help_text)


class OwnPasswordForm(forms.Form):
    """The present password and a new one, twice."""

    present = _password(_("Present password"), "current-password")
    new = _password(_("New password"), "new-password", _("At least 10 characters. Three words you remember are fine."))
    again = _password(_("New password again"), "new-password")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", _("The two new passwords differ. Please type the new one again."))
        return found
