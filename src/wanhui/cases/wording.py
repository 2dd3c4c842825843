"""One sentence for each line of a case's log, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wanhui.accounts.models import User
from wanhui.cases.forms import CHANNELS, OUTCOMES, RESULTS, STAGES
from wanhui.cases.models import Case, LogLine

SENTENCES: dict[str, Any] = {
    "opened": gettext_lazy("The case was opened"),
    "assigned": gettext_lazy("%(person)s is in charge"),
    "released": gettext_lazy("Nobody is in charge"),
    "accepted": gettext_lazy("%(person)s has taken it over"),
    "stage": gettext_lazy("%(before)s → %(after)s"),
    "undone": gettext_lazy("Undone: as it was before"),
    "note": gettext_lazy("A note"),
    "contact": gettext_lazy("%(channel)s: %(result)s"),
    "measure_planned": gettext_lazy("Measure planned"),
    "measure_done": gettext_lazy("Measure carried out"),
    "reply_sent": gettext_lazy("The reply was recorded as sent"),
    "closed": gettext_lazy("Closed: %(outcome)s"),
    "reopened": gettext_lazy("Opened again; it had been closed with: %(outcome)s"),
    "customer_changed": gettext_lazy("The customer changed the review"),
    "follow_up": gettext_lazy("The customer added a follow-up"),
}


def sentence(line: LogLine, names: Mapping[int, str]) -> str:
    """What happened; a code without a sentence here is shown as it is. names: people's names by id."""
    detail = line.detail
    code = "released" if line.what == "assigned" and not detail.get("person") else line.what
    if code not in SENTENCES:
        return line.what
    values = {
        "person": names.get(detail.get("person", 0), _("somebody")),
        "before": STAGES.get(detail.get("before", ""), ""),
        "after": STAGES.get(detail.get("after", ""), ""),
        "channel": CHANNELS.get(detail.get("channel", ""), ""),
        "result": RESULTS.get(detail.get("result", ""), ""),
        "outcome": OUTCOMES.get(detail.get("outcome", ""), ""),
    }
    return str(SENTENCES[code]) % values


def names_in(lines: Iterable[LogLine]) -> dict[int, str]:
    """The names of the people that log lines speak of, by id. One query."""
    ids = {line.detail["person"] for line in lines if line.detail.get("person")}
    return {person.pk: str(person) for person in User.objects.filter(pk__in=ids)} if ids else {}


def changed_since(case: Case, version: int) -> str:
    """Who did what to a case after this version, in one sentence for somebody who was overtaken; "" when unknown."""
    lines = list(case.log.filter(version__gt=version).select_related("by").order_by("-at", "-pk")[:3])
    if not version or not lines:
        return ""
    names = names_in(lines)
    told = [
        _("%(what)s (%(name)s)") % {"name": line.by or _("the desk"), "what": sentence(line, names)} for line in lines
    ]
    return _("; ").join(reversed(told))
