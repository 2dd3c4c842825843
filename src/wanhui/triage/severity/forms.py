"""A severity table as a form: one select a reason; danger and law stand above it, as words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wanhui.language.judgement import CAUSES
from wanhui.playbook.loader import name
from wanhui.triage.rules import Urgencies
from wanhui.triage.severity import tables
from wanhui.triage.severity.tables import TableProblem
from wanhui.triage.words import reason_name

LEVELS: dict[int, Any] = {1: _("1 now"), 2: _("2 today"), 3: _("3 normal"), 4: _("4 low")}
PROBLEMS: dict[str, Any] = {
    "toml": _("This is not a toml file: %(where)s"),
    "key": _("“%(where)s” does not belong in a severity table."),
    "code": _("The reason “%(where)s” is not known here."),
    "level": _("“%(where)s”: a level is 1, 2, 3 or 4."),
    "locked": _("“%(where)s” is 1 always. Nobody can lower it."),
    "number": _("“%(where)s” must be a whole number from 1 on."),
}
LONGEST = 100_000  # characters of a toml text


@dataclass(frozen=True, slots=True)
class Group:
    """Reasons that stand together on the page: a title, a word of help, their fields."""

    title: str
    help: str
    fields: list[forms.BoundField]


def said(problem: TableProblem) -> str:
    """What is wrong with a table, in the reader's language."""
    return str(PROBLEMS[problem.what]) % {"where": problem.where[:200]}


def spoken(code: str) -> str:
    """A reason in the reader's language."""
    found = reason_name(code, (get_language() or "zh")[:2])
    return found if found != code else name(code, get_language())


class SeverityForm(forms.Form):
    """The table that counts, or one that was brought as toml; `own` are the shop's own causes."""

    mass_from = forms.IntegerField(label=_("“Many people” from so many alike in seven days"), min_value=1,
                                   max_value=tables.MOST)
    readers_from = forms.IntegerField(label=_("“Widely read” from so many who found it useful"), min_value=1,
                                      max_value=tables.MOST)

    def __init__(self, table: Urgencies, data: Any = None, *, own: Collection[str] = ()) -> None:
        self._own = own
        levels = {f"level_{code}": str(level) for code, level in table.levels.items()}
        super().__init__(data, initial={
            **levels, "mass_from": table.mass_from, "readers_from": table.readers_from,
        })  # fmt: skip
        further = [code for code in table.levels if "." in code]
        posted = [key.removeprefix("level_") for key in (data or {}) if key.startswith("level_") and "." in key]
        self._finer = sorted({*further, *(code for code in posted if code.split(".", 1)[0] in CAUSES)})
        choices = [("", _("does not count")), *((str(level), words) for level, words in LEVELS.items())]
        for code in self._codes():
            self.fields[f"level_{code}"] = forms.ChoiceField(label=spoken(code), required=False, choices=choices)

    def _codes(self) -> list[str]:
        causes = [*CAUSES, *self._own]
        return [*tables.FREE_FLAGS, *tables.STARS, *tables.MOODS, *tables.REACH, *causes, *self._finer]

    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        def of(*codes: str) -> list[forms.BoundField]:
            return [self[f"level_{code}"] for code in codes]

        return [
            Group(_now("What the customer says"), "", of(*tables.FREE_FLAGS)),
            Group(_now("Stars and mood"), _now("Stars of the first text; a follow-up speaks by its words alone."),
                  of(*tables.STARS, *tables.MOODS)),
            Group(_now("Reach"), _now("Counted where it is known. What nobody knows raises nothing."),
                  [*of(*tables.REACH), self["mass_from"], self["readers_from"]]),
            Group(_now("Causes"), "", of(*CAUSES, *self._own, *self._finer)),
        ]

    def table(self) -> Urgencies:
        """What was chosen; call it on a valid form."""
        found = self.cleaned_data
        levels = {code: int(found[f"level_{code}"]) for code in self._codes() if found[f"level_{code}"]}
        known = tables.known_codes(self._own)
        return tables.checked(levels, found["mass_from"], found["readers_from"], known)
