"""Words and marks of a shop's own causes."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wanhui.kit.marks import Span, pieces
from wanhui.language.judgement import Span as Where
from wanhui.triage.own import rules
from wanhui.triage.own.rules import Standing

register = template.Library()



@register.filter
def standing(of: Standing) -> str:
    """Young with how many finds were looked at, or the measured hit rate with its range."""
    if of.young:
        return _("young: %(n)s of %(needed)s finds looked at") % {"n": of.looked_at, "needed": rules.YOUNG_UNTIL}
    low, high = of.between or (0.0, 1.0)
    return _("right in %(right)s of %(judged)s finds looked at (%(share)s %%, in truth %(low)s–%(high)s %%)") % {
        "right": of.right, "judged": of.right + of.wrong, "share": round(100 * (of.share or 0)),
        "low": round(100 * low), "high": round(100 * high),
    }  # fmt: skip


@register.simple_tag
def with_marks(text: str, spans: tuple[Where, ...]) -> SafeString:
    """A text with these spans in <mark>; whatever the customer wrote is escaped."""
    cut = pieces(text, [Span(start, end, "own") for start, end in spans])
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p.text) if p.codes else p.text,) for p in cut)
    )
