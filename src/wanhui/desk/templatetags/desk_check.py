"""What "not sure" means, for the pages that say it; and words for kinds of follow-ups."""

from django import template
from django.utils import translation

from wanhui.language.confidence import Confidence, stated
from wanhui.language.followups import REPORTABLE
from wanhui.triage.models import Verdict
from wanhui.triage.words import kind_name

register = template.Library()


@register.simple_tag
def confidence(verdict: Verdict) -> Confidence | None:
    """How often verdicts of this engine are right, sure ones and unsure ones; None where nobody measured it."""
    return stated(verdict.engine)


@register.filter
def followup_kind(code: str) -> str:
    """The name of a follow-up's kind in the reader's language."""
    return kind_name(code, (translation.get_language() or "zh")[:2])


@register.filter
def is_reportable(code: str) -> bool:
    """Whether platforms take this kind off when it is reported."""
    return code in REPORTABLE


@register.filter
def kind_words(verdict: Verdict) -> list[str]:
    """The words of a follow-up that show its kind, shortened."""
    if verdict.follow_up is None:
        return []
    return [verdict.follow_up.text[start:end][:60] for start, end in verdict.kind_evidence[:2]]
