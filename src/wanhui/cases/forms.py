"""Words for stages, outcomes, contacts and measures, and the forms of a case's verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wanhui.cases.models import Measure
from wanhui.cases.rules import Outcome, Stage
from wanhui.customers.models import Contact

STAGES: dict[str, Any] = {
    Stage.DISCOVERED: _("Discovered"),
    Stage.VERIFIED: _("Verified"),
    Stage.PLANNED: _("Measures planned"),
    Stage.DOING: _("Carrying out"),
    Stage.FOLLOWING: _("Following up"),
    Stage.SUMMED_UP: _("Summed up"),
    Stage.CLOSED: _("Closed"),
}
OUTCOMES: dict[str, Any] = {
    Outcome.SATISFIED: _("Satisfied, review unchanged"),
    Outcome.CHANGED: _("Changed by the customer on their own accord"),
    Outcome.GOOD_FOLLOW_UP: _("Good follow-up review"),
    Outcome.NOT_WON: _("Not won back"),
    Outcome.REMOVED: _("Removed by the platform"),
    Outcome.VOID: _("Void: not a case"),
}
CHANNELS: dict[str, Any] = {
    Contact.Channel.CHAT: _("Platform chat"),
    Contact.Channel.PHONE: _("Phone"),
    Contact.Channel.SMS: _("Text message"),
    Contact.Channel.MAIL: _("E-mail"),
    Contact.Channel.LETTER: _("Letter in the parcel"),
}
RESULTS: dict[str, Any] = {
    Contact.Result.REACHED: _("Reached"),
    Contact.Result.NO_ANSWER: _("No answer"),
    Contact.Result.REFUSED: _("Does not want contact"),
}
KINDS: dict[str, Any] = {
    Measure.Kind.SOLUTION: _("Solution for the customer"),
    Measure.Kind.PAGE: _("Correct the page"),
    Measure.Kind.SUPPLIER: _("Supplier or courier"),
    Measure.Kind.PROCESS: _("Our own procedure"),
    Measure.Kind.TRAINING: _("Training"),
    Measure.Kind.OTHER: _("Other"),
}


class ContactForm(forms.Form):
    """One attempt to reach the customer."""

    channel = forms.ChoiceField(label=_("How"), choices=list(CHANNELS.items()))
    result = forms.ChoiceField(label=_("Result"), choices=list(RESULTS.items()))
    note = forms.CharField(label=_("What was said"), required=False, max_length=2000,
                           widget=forms.Textarea(attrs={"rows": 2}))


class MeasureForm(forms.Form):
    """What will be put right, and by whom."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    text = forms.CharField(label=_("What will be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.ChoiceField(label=_("By whom"), required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", _("Nobody yet")), *((str(pk), shown) for pk, shown in people)]


class CloseForm(forms.Form):
    """How a case ended, and what we learn from it (M10): nothing closes without both."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("Please choose")), *OUTCOMES.items()])
    conclusion = forms.CharField(
        label=_("Conclusion"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was the cause, what was done, what do we learn?"),
    )
