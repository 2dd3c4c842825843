"""What the figures are asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wanhui.stores.models import Store

DAYS: list[tuple[str, Any]] = [
    ("7", _("last 7 days")), ("30", _("last 30 days")), ("90", _("last 90 days")), ("365", _("last 365 days")),
]
USUAL = 30


class FiguresForm(forms.Form):
    """A window of days and a store; anything else asked for means the usual window and all stores."""

    days = forms.ChoiceField(label=_("Window"), choices=DAYS, required=False)
    store = forms.ChoiceField(label=_("Store"), required=False)

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__({"days": data.get("days", str(USUAL)), "store": data.get("store", "")})
        field = self.fields["store"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All stores")), *((str(store.pk), store.name) for store in stores)]

    def asked(self) -> tuple[int, int | None]:
        """The days and the store's id (None for all)."""
        self.is_valid()
        store = self.cleaned_data.get("store") or ""
        return int(self.cleaned_data.get("days") or USUAL), int(store) if store else None
