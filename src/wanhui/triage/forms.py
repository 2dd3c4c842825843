"""A person's own verdict: mood, causes with their finer ones, the main cause, flags."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wanhui.kit.errors import Refused
from wanhui.language.judgement import Span
from wanhui.playbook.loader import book, name
from wanhui.triage.models import Verdict
from wanhui.triage.words import spans_in, spoken


class CorrectForm(forms.Form):
    """Starts from the verdict that counts, so that a person changes only what is wrong."""

    sentiment = forms.ChoiceField(label=_("Mood"), widget=forms.RadioSelect)
    causes = forms.MultipleChoiceField(label=_("Causes"), required=False, widget=forms.CheckboxSelectMultiple)
    primary = forms.ChoiceField(label=_("Main cause"), required=False)
    flags = forms.MultipleChoiceField(label=_("Flags"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, verdict: Verdict, data: Any = None) -> None:
        finer = {cause["code"]: cause["sub"] or "" for cause in verdict.causes}
        initial = {
            "sentiment": verdict.sentiment,
            "causes": list(finer),
            "primary": verdict.primary,
            "flags": verdict.flags,
        }
        super().__init__(data, initial=initial, prefix=f"v{verdict.pk}")
        words = get_language()
        causes = [(code, name(code, words)) for code in book().causes]
        self._offer("sentiment", [(code, name(code, words)) for code in book().sentiments])
        self._offer("causes", causes)
        self._offer("primary", [("", _("the strongest")), *causes])
        self._offer("flags", [(code, name(code, words)) for code in book().flags])
        for cause in book().causes.values():
            choices = [("", "–"), *((sub.code, sub.names.say(words)) for sub in cause.subs)]
            self.fields[f"sub_{cause.code}"] = forms.ChoiceField(
                label=_("Finer cause"), required=False, choices=choices, initial=finer.get(cause.code, "")
            )
            self.fields[f"words_{cause.code}"] = forms.CharField(required=False, max_length=2000)
        self._verdict = verdict

    def _offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        select = self.fields[field]
        assert isinstance(select, forms.ChoiceField)
        select.choices = choices

    def cause_rows(self) -> Iterator[tuple[Any, forms.BoundField]]:
        """Each cause's checkbox with the select of its finer causes."""
        for box in self["causes"]:
            yield box, self[f"sub_{box.data['value']}"]

    def evidence(self) -> dict[str, list[Span]]:
        """Where the text says the chosen causes, for those whose words were changed; Refused for words it has not."""
        said = (self._verdict.follow_up or self._verdict.review).text
        before = {cause["code"]: spoken(said, cause["evidence"]) for cause in self._verdict.causes}
        found: dict[str, list[Span]] = {}
        for code in self.cleaned_data["causes"]:
            typed = self.cleaned_data[f"words_{code}"].strip()
            if f"{self.prefix}-words_{code}" not in self.data or typed == before.get(code, ""):
                continue
            spans = spans_in(said, typed)
            if spans is None:
                raise Refused(_now("“%(words)s” is not in the text. Copy the words from it.") % {"words": typed[:80]})
            found[code] = spans
        return found

    def chosen(self) -> list[str]:
        """The causes as the verb takes them: the main one first, each with its finer one where that was chosen."""
        primary = self.cleaned_data["primary"]
        codes = sorted(self.cleaned_data["causes"], key=lambda code: code != primary)
        return [self.cleaned_data.get(f"sub_{code}") or code for code in codes]
