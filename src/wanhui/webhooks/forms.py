"""Words for events, and the form of a receiver."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wanhui.webhooks import rules

EVENTS: dict[str, Any] = {
    "reviews.received": _("Reviews came in"),
    "verdicts.given": _("Texts were judged"),
    "verdict.confirmed": _("A verdict was confirmed"),
    "verdict.corrected": _("A verdict was corrected"),
    "case.opened": _("A case was opened"),
    "case.assigned": _("A case was given to somebody"),
    "cases.assigned": _("Several cases were given to somebody"),
    "case.accepted": _("Somebody accepted a case that was handed over"),
    "case.moved": _("A case moved to another stage"),
    "cases.moved": _("Several cases moved to another stage"),
    "cases.undone": _("A deed on cases was undone"),
    "case.told": _("The customer of a case spoke up again"),
    "case.closed": _("A case was closed"),
    "case.reopened": _("A case was opened again"),
    "reply.approved": _("A reply was approved"),
    "reply.recorded": _("A reply was recorded as sent"),
    "import.finished": _("An import is finished"),
    rules.PING: _("A test message"),
}


class ReceiverForm(forms.Form):
    """Where messages go, and which."""

    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Messages go there by POST, signed. Example: https://…/wanhui"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=[(code, EVENTS[code]) for code in rules.EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(label=_("Send messages"), required=False, initial=True)
