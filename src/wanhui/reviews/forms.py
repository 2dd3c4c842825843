"""One review typed or pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.reviews.typed import MAX_TEXT, Typed
from wanhui.stores.models import Store
from wanhui.stores.queries import shown_kind, stores_where

_STARS = [("", _("not known")), *((str(n), "★" * n) for n in range(1, 6))]
_VERDICTS = [("", _("not known")), ("good", _("good")), ("neutral", _("middling")), ("bad", _("bad"))]


class TypeInForm(forms.Form):
    """What a person says about one review; only the store, and words or stars, are needed."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    text = forms.CharField(
        label=_("Words of the review"), required=False, max_length=MAX_TEXT, strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "autofocus": True}),
        help_text=_(
            "Paste it as it stands there; a follow-up may stand below, marked 追评：. Leave empty what is not known."
        ),
    )
    stars = forms.TypedChoiceField(label=_("Stars"), choices=_STARS, required=False, coerce=int, empty_value=None)
    verdict = forms.ChoiceField(label=_("Good, middling or bad"), choices=_VERDICTS, required=False)
    said_on = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    said_time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    product = forms.CharField(label=_("Product or room"), required=False, max_length=300)
    buyer = forms.CharField(label=_("Buyer's name as shown"), required=False, max_length=120)
    order = forms.CharField(label=_("Order number"), required=False, max_length=200)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    screenshot = forms.FileField(
        label=_("Screenshot"), required=False, help_text=_("PNG, JPEG or WebP, at most 8 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["store"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stores_where(user, Verb.IMPORT, shown_kind(user))

    @property
    def typed(self) -> Typed:
        """The review as it was typed."""
        data = self.cleaned_data
        names = ("text", "stars", "verdict", "said_on", "said_time", "product", "buyer", "order", "link")
        return Typed(**{name: data[name] for name in names})
