"""One sentence for each line of a case's log; the words are the case room's."""

from collections.abc import Mapping

from django import template

from wanhui.cases import wording
from wanhui.cases.models import LogLine

register = template.Library()


@register.simple_tag
def sentence(line: LogLine, names: Mapping[int, str]) -> str:
    """What happened, in the reader's language."""
    return wording.sentence(line, names)
