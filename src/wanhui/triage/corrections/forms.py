"""Which corrections to look at; and bars as a person saw them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanhui.language.judgement import CAUSES
from wanhui.triage.corrections.queries import Wanted
from wanhui.triage.words import code_name

NONE = "-"  # no cause, in an address


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class CorrectionsForm(forms.Form):
    """Which engine, and checked in which days. What an address says beyond that is left out, not refused."""

    engine = forms.ChoiceField(label=_("Engine"), required=False)
    since = _day(_("First day"))
    until = _day(_("Last day"))
    cause = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    said = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    truly = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], engines: Sequence[str]) -> None:
        super().__init__(data)
        self._offer("engine", [("", _("every engine")), *((name, name) for name in engines)])
        causes = [(code, code_name(code, get_language() or "zh")) for code in CAUSES]
        self._offer("cause", [("", ""), *causes])
        for field in ("said", "truly"):
            self._offer(field, [("", ""), (NONE, ""), *causes])
        self.is_valid()

    def _offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        select = self.fields[field]
        assert isinstance(select, forms.ChoiceField)
        select.choices = choices

    def wanted(self) -> Wanted:
        """What was chosen, as the queries take it."""
        found = self.cleaned_data
        said, truly = found.get("said", ""), found.get("truly", "")
        pair = (said.replace(NONE, ""), truly.replace(NONE, "")) if said and truly else None
        return Wanted(
            engine=found.get("engine", ""), since=found.get("since"), until=found.get("until"),
            cause=found.get("cause", ""), pair=pair,
        )  # fmt: skip

    def narrowed(self) -> dict[str, str]:
        """Engine and days as an address says them."""
        found = {name: self.cleaned_data.get(name) for name in ("engine", "since", "until")}
        return {name: str(value) for name, value in found.items() if value}


class BarsForm(forms.Form):
    """The bars that a person saw, for an engine."""

    engine = forms.CharField(max_length=60)
    seen = forms.IntegerField(min_value=0, max_value=1_000_000)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        for code in CAUSES:
            self.fields[f"bar_{code}"] = forms.FloatField(required=False)

    def bars(self) -> dict[str, float]:
        """By cause; call it on a valid form."""
        found = {code: self.cleaned_data[f"bar_{code}"] for code in CAUSES}
        return {code: bar for code, bar in found.items() if bar is not None}
