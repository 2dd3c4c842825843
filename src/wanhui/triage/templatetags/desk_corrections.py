"""Words of what people corrected."""

from collections.abc import Sequence

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wanhui.triage.corrections.rules import ENOUGH, Hits
from wanhui.triage.words import code_name, spoken

register = template.Library()


@register.simple_tag
def evidence_words(text: str, evidence: Sequence[Sequence[int]] | None) -> str:
    """The words that evidence points to, as a person corrects them."""
    return spoken(text, evidence or ())


@register.filter
def cause_name(code: str) -> str:
    """A cause in the reader's language; "none" for no cause."""
    return code_name(code, get_language() or "zh") if code else _("none")


@register.filter
def hits(found: Hits) -> str:
    """A hit rate with what it is of and its range; "not enough yet" below the number that is needed."""
    if not found.enough:
        return _("%(right)s of %(n)s: not enough yet, from %(needed)s on") % {
            "right": found.right, "n": found.n, "needed": ENOUGH,
        }  # fmt: skip
    low, high = found.between or (0.0, 1.0)
    return _("%(right)s of %(n)s (%(share)s %%, in truth %(low)s–%(high)s %%)") % {
        "right": found.right, "n": found.n, "share": round(100 * (found.share or 0)), "low": round(100 * low),
        "high": round(100 * high),
    }  # fmt: skip
