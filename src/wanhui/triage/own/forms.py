"""The form of an own cause: a name, words, sentences that are about it, and sentences that only look so."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wanhui.language.own_causes import Recipe
from wanhui.triage.own import rules
from wanhui.triage.own.models import OwnCause


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


class OwnCauseForm(forms.Form):
    """Starts from a cause, or empty."""

    name = forms.CharField(label=_("Name of the cause"), max_length=rules.LONGEST_WORD)
    words = forms.CharField(
        label=_("Words"), required=False, widget=_lines(3),
        help_text=_("Between commas or one a line. Both scripts are found; a star stands for a few characters (等*久) "
                    "or for an ending (park*)."),
    )
    examples = forms.CharField(
        label=_("Examples"), required=False, widget=_lines(4),
        help_text=_("Sentences customers write about it, one a line. Similar ones are found too."),
    )
    counters = forms.CharField(
        label=_("Not meant"), required=False, widget=_lines(2),
        help_text=_("Sentences that only look as if they were about it, one a line."),
    )

    def __init__(self, data: Any = None, *, cause: OwnCause | None = None) -> None:
        initial = {} if cause is None else {
            "name": cause.name, "words": "\n".join(cause.words), "examples": "\n".join(cause.examples),
            "counters": "\n".join(cause.counters),
        }  # fmt: skip
        super().__init__(data, initial=initial)

    @property
    def recipe(self) -> Recipe:
        """What was typed, whether the form is whole or not: a preview needs no name."""
        self.is_valid()
        typed = {field: str(self.cleaned_data.get(field) or "") for field in ("words", "examples", "counters")}
        return Recipe(
            tuple(rules.words_of(typed["words"])),
            tuple(rules.sentences_of(typed["examples"])),
            tuple(rules.sentences_of(typed["counters"])),
        )
