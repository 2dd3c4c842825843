"""Forms of signing in and of one's own account; words for what an access token opens."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.rules import Scope

# A short name for lists, and what it opens in words.
SCOPES: dict[str, tuple[Any, Any]] = {
    Scope.READ: (_("Read"), _("reviews, cases, replies, figures and exports")),
    Scope.IMPORT: (_("Bring in"), _("import reviews")),
    Scope.CASES: (_("Cases"), _("take, move and close cases, log contacts and measures")),
    Scope.REPLIES: (_("Replies"), _("write, approve and record replies as sent")),
    Scope.CORRECTIONS: (_("Corrections"), _("correct verdicts")),
    Scope.SETTINGS: (_("Settings"), _("change the settings of stores")),
    Scope.PEOPLE: (_("People"), _("invite people, change roles, take people out")),
}
TOKEN_LIVES = [("30", _("30 days")), ("90", _("90 days")), ("180", _("Half a year")), ("365", _("One year"))]


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


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new = _password(_("New password"), "new-password", _("At least 10 characters. Three words you remember are fine."))
    again = _password(_("New password again"), "new-password")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", _("The two new passwords differ. Please type the new one again."))
        return found


class OwnPasswordForm(NewPasswordForm):
    """The present password and a new one, twice."""

    present = _password(_("Present password"), "current-password")
    field_order = ["present", "new", "again"]


class NameForm(forms.Form):
    """The name colleagues see."""

    display_name = forms.CharField(label=_("Name colleagues see"), max_length=60)


class AddressForm(forms.Form):
    """One's mail address, and the password that says it is oneself who sets it."""

    address = forms.EmailField(
        label=_("Mail address"), required=False, max_length=254, help_text=_("Leave it empty to take it away."),
    )
    present = _password(_("Present password"), "current-password")


class TokenForm(forms.Form):
    """What a new access token is for, what it opens, how long it lives."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("It may be used for"), widget=forms.CheckboxSelectMultiple, initial=[Scope.READ.value],
        choices=[(scope.value, scope.value) for scope in Scope],
    )
    days = forms.ChoiceField(label=_("It ends after"), choices=TOKEN_LIVES, initial="90")

    def scope_lines(self) -> list[tuple[str, Any, Any, bool]]:
        """The choices as (code, name, what it opens, ticked)."""
        ticked = set(self["scopes"].value() or [])
        return [(scope.value, *SCOPES[scope], scope.value in ticked) for scope in Scope]
