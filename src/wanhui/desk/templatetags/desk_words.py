"""Words and marks of the desk's pages: evidence in a text, names of codes, clocks, reasons."""

from collections.abc import Iterable

from django import template
from django.utils import translation
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wanhui.cases.forms import CHANNELS, KINDS, OUTCOMES, RESULTS, STAGES
from wanhui.cases.rules import Clock, Urgency
from wanhui.customers.models import Contact
from wanhui.desk import rules
from wanhui.desk.rules import Evidence, Piece
from wanhui.playbook import loader
from wanhui.playbook.shapes import Names
from wanhui.stores.forms import ROLES
from wanhui.web.templatetags.desk_text import duration

register = template.Library()

MOST_LINES = 6  # styles of marks: causes beyond share the last

REASONS = {
    "late": gettext_lazy("late"),
    "safety": gettext_lazy("safety"),
    "threat": gettext_lazy("threatens to escalate"),
    "mass": gettext_lazy("many say the same"),
    "widely_read": gettext_lazy("widely read"),
    "demand": gettext_lazy("wants a remedy"),
    "churn": gettext_lazy("is leaving"),
    "authenticity": gettext_lazy("fake suspected"),
    "hygiene": gettext_lazy("hygiene"),
    "one_star": gettext_lazy("one star"),
    "safety_mentioned": gettext_lazy("safety mentioned"),
    "two_stars": gettext_lazy("two stars"),
    "bare_one_star": gettext_lazy("one star, no text"),
    "negative": gettext_lazy("unhappy"),
    "mixed": gettext_lazy("mixed"),
    "three_stars": gettext_lazy("three stars"),
    "contradiction": gettext_lazy("star and text disagree"),
}
URGENCIES: dict[Urgency, tuple[str, object]] = {
    "now": ("sev-now", gettext_lazy("Now")),
    "today": ("sev-soon", gettext_lazy("Today")),
    "later": ("sev-rest", gettext_lazy("Later")),
}


@register.filter
def name(code: str) -> str:
    """The name of a cause, sub-cause, flag, sentiment, style or platform in the reader's language."""
    return loader.name(code, translation.get_language())


@register.filter
def platform(code: str) -> str:
    """The name of a platform in the reader's language."""
    return loader.platform_name(code, translation.get_language())


@register.filter
def reason(code: str) -> str:
    """Why a case is where it is in the queue; a code without words here keeps its own name."""
    return str(REASONS[code]) if code in REASONS else name(code)


@register.simple_tag
def urgent(urgency: Urgency) -> SafeString:
    """Now, Today or Later, in its colour."""
    css, word = URGENCIES[urgency]
    return format_html('<span class="{}">{}</span>', css, word)


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A text with its evidence in <mark>; whatever the customer wrote is escaped."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> SafeString:
    """The number behind a mark is drawn from its attribute: it is not in the text, nor in what is copied."""
    if not piece.codes:
        return conditional_escape(piece.text)
    names = " · ".join(_named(code) for code in piece.codes)
    if not piece.places:
        css = "mark-good" if piece.praise else "mark-bad"
        return format_html('<mark class="{}" title="{}">{}</mark>', css, names, piece.text)
    places, ends = (" ".join(str(place) for place in some) for some in (piece.places, piece.ends))
    return format_html(
        '<mark class="mark-bad {}" data-places="{}" data-ends="{}" title="{}">{}</mark>',
        line(piece.places[0]), places, ends, names, piece.text,
    )  # fmt: skip


def _named(code: str) -> str:
    return code.removeprefix(rules.OWN) if code.startswith(rules.OWN) else name(code)


@register.simple_tag
def phrase(text: str, evidence: Evidence) -> str:
    """The first words of an evidence, shortened; "" where there is none."""
    return rules.phrase(text, evidence or ())


@register.filter
def line(place: int) -> str:
    """The style that a cause and its marks share, by the cause's number."""
    return f"line-{min(place, MOST_LINES)}"


@register.simple_tag
def clock(value: Clock) -> SafeString:
    """What is left of the reply clock, or how it ended."""
    if value.state == "none":
        return format_html('<span class="clock muted">{}</span>', _("no reply deadline"))
    time = duration(value.left)
    css, words = {
        "ok": ("", _("%(time)s left")),
        "soon": ("clock-soon", _("%(time)s left")),
        "late": ("clock-late", _("%(time)s late")),
        "met": ("clock-met", _("answered in time")),
        "met_late": ("clock-met", _("answered %(time)s late")),
    }[value.state]
    return format_html('<span class="clock {}">{}</span>', css, words % {"time": time})


@register.filter
def stage(code: str) -> str:
    """The name of a stage."""
    return str(STAGES.get(code, code))


@register.filter
def outcome(code: str) -> str:
    """How a case ended, in words."""
    return str(OUTCOMES.get(code, code))


@register.filter
def measure_kind(code: str) -> str:
    """The kind of a measure, in words."""
    return str(KINDS.get(code, code))


@register.filter
def contact_words(contact: Contact) -> str:
    """How somebody tried to reach the customer, and what came of it."""
    return _("%(channel)s: %(result)s") % {"channel": CHANNELS[contact.channel], "result": RESULTS[contact.result]}


@register.filter
def whole_percent(score: float) -> str:
    """A probability in whole per cent, as beside a cause."""
    return _("%(number)s%%") % {"number": round(score * 100)}


@register.filter
def masked(shown_name: str) -> str:
    """A customer's name without what is not needed."""
    return rules.masked(shown_name)


@register.filter
def role(code: str) -> str:
    """The name of a role."""
    return str(ROLES.get(code.replace("-", "_"), code))


@register.filter
def says(names: Names) -> str:
    """A text of the playbook in the reader's language."""
    return names.say(translation.get_language())
