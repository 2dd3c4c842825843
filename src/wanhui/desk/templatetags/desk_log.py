"""One sentence for each line of a case's log."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wanhui.cases.forms import CHANNELS, OUTCOMES, RESULTS, STAGES
from wanhui.cases.models import LogLine

register = template.Library()

SENTENCES: dict[str, Any] = {
    "opened": gettext_lazy("The case was opened"),
    "assigned": gettext_lazy("%(person)s is in charge"),
    "released": gettext_lazy("Nobody is in charge"),
    "stage": gettext_lazy("%(before)s → %(after)s"),
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


@register.simple_tag
def sentence(line: LogLine, names: Mapping[int, str]) -> str:
    """What happened, in the reader's language; a code without a sentence here is shown as it is."""
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
