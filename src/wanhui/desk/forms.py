"""What the lists can be narrowed to. A word that is not on the list narrows nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.models import User
from wanhui.cases.forms import STAGES
from wanhui.cases.queries import QueueFilter
from wanhui.playbook.loader import book, name, platform_name
from wanhui.stores.models import Store

Choice = tuple[str, Any]

ROOMS: dict[str, Any] = {
    "cases": _("Cases"),
    "replies": _("Replies"),
    "triage": _("Verdicts"),
    "connectors": _("Imports"),
    "reviews": _("Reviews"),
    "customers": _("Customers"),
    "stores": _("Stores and people"),
    "accounts": _("Accounts"),
}


def _choice(label: Any, everything: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", everything)])


class _Narrow(forms.Form):
    """A row of selects; the first choice of each is "everything"."""

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data)
        self.stores = list(stores)
        self.offer("store", [(str(store.pk), store.name) for store in self.stores])

    def offer(self, field: str, choices: Iterable[Choice]) -> None:
        select = self.fields[field]
        assert isinstance(select, forms.ChoiceField)
        select.choices = [*list(select.choices)[:1], *choices]  # type: ignore[arg-type]

    def word(self, field: str) -> str:
        """What was chosen, "" for everything and for words that are not offered."""
        self.is_valid()
        return str(self.cleaned_data.get(field) or "")

    @property
    def narrowed(self) -> bool:
        return any(self.word(field) for field in self.fields)


def cause_choices() -> list[Choice]:
    """Every cause with its name in the reader's language."""
    return [(code, name(code, get_language())) for code in book().causes]


class QueueForm(_Narrow):
    """The queue's filters."""

    store = _choice(_("Store"), _("All stores"))
    cause = _choice(_("Cause"), _("All causes"))
    platform = _choice(_("Platform"), _("All platforms"))
    stage = _choice(_("Stage"), _("All stages"))
    whose = _choice(_("Whose"), _("Everybody's"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        platforms = dict.fromkeys(store.platform for store in self.stores)
        self.offer("cause", cause_choices())
        self.offer("platform", [(code, platform_name(code, get_language())) for code in platforms])
        self.offer("stage", [(stage, label) for stage, label in STAGES.items() if stage != "closed"])
        self.offer("whose", [("mine", _("Mine")), ("nobody", _("Nobody's"))])

    def wanted(self) -> QueueFilter:
        """The filter as the case room understands it."""
        store = self.word("store")
        return QueueFilter(
            store=int(store) if store else None,
            cause=self.word("cause"),
            platform=self.word("platform"),
            stage=self.word("stage"),
            mine=self.word("whose") == "mine",
            unassigned=self.word("whose") == "nobody",
        )


class ReviewsForm(_Narrow):
    """The archive's filters."""

    store = _choice(_("Store"), _("All stores"))
    mood = _choice(_("Verdict"), _("All verdicts"))
    cause = _choice(_("Cause"), _("All causes"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        moods = [("bad", _("Bad")), ("middling", _("Middling")), ("good", _("Good")), ("open", _("Without an answer"))]
        self.offer("mood", moods)
        self.offer("cause", cause_choices())


class RecordForm(_Narrow):
    """The record's filters."""

    store = _choice(_("Store"), _("All stores"))
    person = _choice(_("Person"), _("Everybody"))
    room = _choice(_("What"), _("Everything"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store], people: Iterable[User]) -> None:
        super().__init__(data, stores)
        self.offer("person", [(str(person.pk), str(person)) for person in people])
        self.offer("room", [(f"{room}.", label) for room, label in ROOMS.items()])
