"""The forms of an import: choosing a file, and a person's word on its columns."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.connectors.file.columns import ColumnMap
from wanhui.connectors.file.readers import ENDINGS
from wanhui.connectors.wording import MEANINGS
from wanhui.stores.models import Store
from wanhui.stores.queries import shown_kind, stores_where

MOST_FILES = 50  # of one drop
_MANY = frozenset({"sku"})
_CHOICES = [("", gettext_lazy("Not used")), *MEANINGS.items()]


class _Files(forms.ClearableFileInput):
    """A box for one file or several."""

    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """One file or several; cleaned to a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                _("These are %(count)s files; at most %(most)s are taken at once. Choose fewer.")
                % {"count": len(given), "most": MOST_FILES}
            )
        # Of several an empty one is turned away with its name; one alone is told beside the box.
        return [super().clean(given[0], initial)] if len(given) == 1 else given


class UploadForm(forms.Form):
    """Files and the store they belong to. `batch` marks files that come together, however many requests they take."""

    store = forms.ModelChoiceField(label=gettext_lazy("Store"), queryset=Store.objects.none(), empty_label=None)
    file = _FilesField(
        label=gettext_lazy("Files"),
        widget=_Files(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty. Export it again."),
        },
    )
    batch = forms.RegexField("^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["store"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = stores_where(user, Verb.IMPORT, shown_kind(user))

    @property
    def has_stores(self) -> bool:
        """Whether there is any store to import into."""
        field = self.fields["store"]
        assert isinstance(field, forms.ModelChoiceField)
        return field.queryset is not None and field.queryset.exists()


class ColumnsForm(forms.Form):
    """What each column means, one choice a column, and the year of dates that have none."""

    year = forms.IntegerField(
        label=gettext_lazy("Year of the dates without one"), min_value=1995, max_value=2100, required=False
    )

    def __init__(self, columns: ColumnMap, year: int | None, data: Any = None) -> None:
        super().__init__(data, initial={"year": year})
        self.columns = columns
        self._other = {m.index: m.field for m in columns.matches if m.field not in MEANINGS}
        known = {m.index: m.field for m in columns.matches if m.field in MEANINGS}
        for index, name in enumerate(columns.header):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=name, choices=_CHOICES, required=False, initial=known.get(index, "")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = self._chosen(data)
        twice = {field for field in MEANINGS if field not in _MANY and list(chosen.values()).count(field) > 1}
        for field in twice:
            twin = _("“%(meaning)s” is chosen for two columns. Choose one.")
            self.add_error(None, twin % {"meaning": MEANINGS[field]})
        if "text" not in chosen.values():
            self.add_error(None, _("Say which column holds the text of the reviews."))
        return data

    def _chosen(self, data: dict[str, Any]) -> dict[int, str]:
        return {at: field for at in range(len(self.columns.header)) if (field := data.get(f"column_{at}"))}

    @property
    def wanted(self) -> dict[str, int]:
        """Field → column, with what was recognised beside and is not asked for."""
        chosen = self._chosen(self.cleaned_data)
        found = {field: index for index, field in self._other.items() if index not in chosen}
        for index, field in chosen.items():
            found.setdefault(field, index)
        return found


class YearForm(forms.Form):
    """The year of dates without one, for all files of a drop at once."""

    year = forms.IntegerField(label=gettext_lazy("Year of the dates without one"), min_value=1995, max_value=2100)
