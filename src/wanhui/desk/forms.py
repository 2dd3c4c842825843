"""What the lists can be narrowed to. A word that is not on the list narrows nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanhui.accounts.models import User
from wanhui.cases.forms import OUTCOMES, STAGES
from wanhui.cases.lists import ListFilter
from wanhui.cases.queries import QueueFilter
from wanhui.desk.asked import Asked
from wanhui.desk.reviewed import NO_CAUSE, Wanted
from wanhui.language.followups import KINDS as FOLLOW_UP_KINDS
from wanhui.playbook.loader import book, name, platform_name
from wanhui.search.rules import Kind
from wanhui.stores.models import Store
from wanhui.triage.own import queries as own_causes
from wanhui.triage.words import kind_name

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


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


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

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What was chosen, by field; words that are not offered left out."""
        return [(field, word) for field in self.fields if (word := self.word(field))]


def cause_choices() -> list[Choice]:
    """Every cause with its name in the reader's language."""
    return [(code, name(code, get_language())) for code in book().causes]


def finer_choices() -> list[tuple[Any, Any]]:
    """Every cause and, grouped below it, what can be said of it in particular."""
    words = get_language()
    choices: list[tuple[Any, Any]] = []
    for code, cause in book().causes.items():
        whole = (code, name(code, words))
        finer = [(sub.code, sub.names.say(words)) for sub in cause.subs]
        choices.append((whole[1], [whole, *finer]) if finer else whole)
    return choices


class QueueForm(_Narrow):
    """The queue's filters."""

    store = _choice(_("Store"), _("All stores"))
    cause = _choice(_("Cause"), _("All causes"))
    platform = _choice(_("Platform"), _("All platforms"))
    stage = _choice(_("Stage"), _("All stages"))
    whose = _choice(_("Whose"), _("Everybody's"))
    sort = _choice(_("Sorted by"), _("Most urgent first"))
    news = forms.ChoiceField(required=False, choices=[("", ""), ("1", "1")], widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        platforms = dict.fromkeys(store.platform for store in self.stores)
        self.offer("cause", cause_choices())
        self.offer("platform", [(code, platform_name(code, get_language())) for code in platforms])
        self.offer("stage", [(stage, label) for stage, label in STAGES.items() if stage != "closed"])
        self.offer("whose", [("mine", _("Mine")), ("nobody", _("Nobody's")), ("handed", _("Handed to me"))])
        self.offer("sort", [("newest", _("Newest first")), ("oldest", _("Oldest first"))])

    def wanted(self, among: Q | None = None) -> QueueFilter:
        """The filter as the case room understands it; among: what is news, where that is asked for."""
        store = self.word("store")
        return QueueFilter(
            store=int(store) if store else None,
            cause=self.word("cause"),
            platform=self.word("platform"),
            stage=self.word("stage"),
            mine=self.word("whose") == "mine",
            unassigned=self.word("whose") == "nobody",
            handed=self.word("whose") == "handed",
            sort=self.word("sort"),
            among=among,
        )


class CheckForm(_Narrow):
    """Which of the verdicts that wait for a person."""

    store = _choice(_("Store"), _("All stores"))
    older = forms.ChoiceField(label=_("Age"), required=False)

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        self.offer("older", [("", _("Young enough for a case")), ("1", _("Older ones"))])


ANSWERED: dict[str, Any] = {
    "in_time": _("Answered within 24 h"),
    "late": _("Answered later"),
    "none": _("Not answered in 24 h"),
    "waiting": _("Still within 24 h"),
}


class CasesForm(_Narrow):
    """The filters of the list of all cases; the dashboard's numbers lead here with them filled in."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[
        ("", _("Open and closed")), ("open", _("Open")), ("closed", _("Closed")),
    ])
    store = _choice(_("Store"), _("All stores"))
    cause = _choice(_("Cause"), _("All causes"))
    outcome = _choice(_("Outcome"), _("All outcomes"))
    answered = _choice(_("Reply"), _("Answered or not"))
    assignee = _choice(_("In charge"), _("Everybody's"))
    seen_from = _day(_("Seen from"))
    seen_to = _day(_("Seen to"))
    closed_from = _day(_("Closed from"))
    closed_to = _day(_("Closed to"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store], people: Iterable[User]) -> None:
        super().__init__(data, stores)
        self.offer("cause", cause_choices())
        groups = [("won", _("Won back cases")), ("counted", _("Counted")), ("uncounted", _("Not counted"))]
        self.offer("outcome", [*groups, *OUTCOMES.items()])
        self.offer("answered", [*ANSWERED.items(), ("decided", _("24 h decided"))])
        self.offer("assignee", [(str(person.pk), str(person)) for person in people])

    def day(self, field: str) -> date | None:
        """A day, None where none was given or it is no day."""
        self.is_valid()
        return self.cleaned_data.get(field)

    def wanted(self) -> ListFilter:
        """The filter as the case room understands it."""
        store, person = self.word("store"), self.word("assignee")
        return ListFilter(
            state=self.word("state"), outcome=self.word("outcome"), answered=self.word("answered"),
            store=int(store) if store else None, cause=self.word("cause"),
            assignee=int(person) if person else None,
            seen_from=self.day("seen_from"), seen_to=self.day("seen_to"),
            closed_from=self.day("closed_from"), closed_to=self.day("closed_to"),
        )  # fmt: skip

    @property
    def dated(self) -> bool:
        return any(self.day(field.name) for field in self.days)

    @property
    def selects(self) -> list[forms.BoundField]:
        return [field for field in self if not isinstance(field.field, forms.DateField)]

    @property
    def days(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field, forms.DateField)]


class _Days(_Narrow):
    """A form that can also be narrowed to days; their fields are called `from` and `to`, as in its addresses."""

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["from"], self["to"]]

    @property
    def dated(self) -> bool:
        return any(self.day(name) for name in ("from", "to"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        self.fields["from"], self.fields["to"] = _day(_("From")), _day(_("To"))

    def day(self, field: str) -> date | None:
        """A day, None where none was given or it is no day."""
        self.is_valid()
        return self.cleaned_data.get(field)


class ReviewsForm(_Days):
    """The archive's filters. Product, customer and praise come with a link and are shown as words beside the list."""

    store = _choice(_("Store"), _("All stores"))
    mood = _choice(_("Verdict"), _("All verdicts"))
    cause = _choice(_("Cause"), _("All causes"))
    own = _choice(_("Own cause"), _("All own causes"))
    later = _choice(_("Follow-up"), _("With and without follow-up"))
    praise = forms.ChoiceField(label=_("Praised"), required=False, choices=[("", "")], widget=forms.HiddenInput)
    product = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store]) -> None:
        super().__init__(data, stores)
        moods = [("bad", _("Bad")), ("middling", _("Middling")), ("good", _("Good")), ("open", _("Without an answer")),
                 ("judged", _("Judged"))]
        self.offer("mood", moods)
        self.offer("cause", [*finer_choices(), (NO_CAUSE, _("No main cause"))])
        self.owns = own_causes.names_in(self.stores)
        self.offer("own", [(str(pk), label) for pk, label in self.owns])
        self.offer("praise", cause_choices())
        self.offer("later", [(code, kind_name(code, (get_language() or "zh")[:2])) for code in FOLLOW_UP_KINDS])

    @property
    def selects(self) -> list[forms.BoundField]:
        shown = ("store", "mood", "cause", *(("own",) if self.owns else ()), "later")
        return [self[name] for name in shown]

    def wanted(self) -> Wanted:
        """The filter as the desk understands it."""
        store, product, customer = (self.word(name) for name in ("store", "product", "customer"))
        return Wanted(
            store=int(store) if store else None,
            mood=self.word("mood"),
            cause=self.word("cause"),
            praise=self.word("praise"),
            own=int(self.word("own")) if self.word("own") else None,
            later=self.word("later"),
            product=int(product) if product else None,
            customer=int(customer) if customer else None,
            since=self.day("from"),
            until=self.day("to"),
        )

    def in_words(self, field: str) -> str:
        """What a filter is set to, in words; "" where it is not set."""
        word = self.word(field)
        select = self.fields[field]
        if word and isinstance(select, forms.ChoiceField):
            return str(dict(_flat(select.choices))[word])
        return word


def _flat(choices: Any) -> Iterator[Choice]:
    """Choices without their groups; one of a group says which."""
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from ((code, word if word == value else f"{value} › {word}") for code, word in label)
        else:
            yield value, label


KINDS: dict[str, Any] = {
    "review": _("Reviews"),
    "reply": _("Replies"),
    "case": _("Cases"),
    "product": _("Products"),
    "customer": _("Customers"),
}


class SearchForm(_Days):
    """What is looked for, and where."""

    q = forms.CharField(
        label=_("Words or order number"), required=False, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", ""), *KINDS.items()], widget=forms.HiddenInput)
    store = _choice(_("Store"), _("All stores"))

    def asked(self) -> Asked:
        """The search as the desk understands it."""
        kind, store = self.word("kind"), self.word("store")
        return Asked(
            words=self.word("q"),
            kind=Kind[kind.upper()] if kind else None,
            store=int(store) if store else None,
            since=self.day("from"),
            until=self.day("to"),
        )


class RecordForm(_Narrow):
    """The record's filters."""

    store = _choice(_("Store"), _("All stores"))
    person = _choice(_("Person"), _("Everybody"))
    room = _choice(_("What"), _("Everything"))

    def __init__(self, data: Mapping[str, Any], stores: Iterable[Store], people: Iterable[User]) -> None:
        super().__init__(data, stores)
        self.offer("person", [(str(person.pk), str(person)) for person in people])
        self.offer("room", [(f"{room}.", label) for room, label in ROOMS.items()])
