"""Words for events."""

from django import template

from wanhui.webhooks.forms import EVENTS

register = template.Library()


@register.filter
def event_name(code: str) -> str:
    """What an event means; its code where there are no words yet."""
    return str(EVENTS.get(code, code))
