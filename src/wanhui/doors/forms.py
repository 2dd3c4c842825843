"""Forms of codes and of a forgotten password."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for six digits of an app, or for a recovery code."""
    widget = forms.TextInput(attrs={
        "autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True,
    })
    return forms.CharField(label=label, max_length=40, widget=widget, help_text=help_text)


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = code_field(_("Code"), _("Six digits from your app, or one of your recovery codes."))


class FirstCodeForm(forms.Form):
    """The first code of an app that is being set up."""

    code = code_field(_("Code that the app shows"))


class TurnOffForm(forms.Form):
    """The password and a code: an open browser alone does not take the second lock away."""

    present = forms.CharField(
        label=_("Present password"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = code_field(_("Code"), _("Six digits from your app, or one of your recovery codes."))


class ForgottenForm(forms.Form):
    """Who forgot their password."""

    who = forms.CharField(
        label=_("Sign-in name or mail address"), max_length=254,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}),
    )
