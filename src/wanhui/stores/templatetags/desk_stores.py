"""Names of roles and platforms on the pages of stores."""

from django import template
from django.utils import translation

from wanhui.playbook import loader
from wanhui.stores.forms import ROLES

register = template.Library()


@register.filter
def role_name(code: str) -> str:
    """The name of a role; the playbook writes some codes with a hyphen."""
    return str(ROLES.get(code.replace("-", "_"), code))


@register.filter
def platform_name(code: str) -> str:
    """The name of a platform in the reader's language."""
    return loader.platform_name(code, translation.get_language())
