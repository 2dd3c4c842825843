"""Which engine, and which days."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wanhui.language import DEFAULT_ENGINE, engine_names


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class RejudgingForm(forms.Form):
    """What to look at."""

    engine = forms.ChoiceField(label=_("Engine"))
    since = _day(_("First day"))
    until = _day(_("Last day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"engine": DEFAULT_ENGINE})
        engine = self.fields["engine"]
        assert isinstance(engine, forms.ChoiceField)
        engine.choices = [(name, _named(name)) for name in reversed(engine_names())]


def _named(name: str) -> str:
    return gettext("%(engine)s (reads what comes in)") % {"engine": name} if name == DEFAULT_ENGINE else name
