"""What is wrong with a recipe, in words."""

from django.utils.translation import gettext_lazy as _

from wanhui.kit.errors import Refused
from wanhui.language.own_causes import Recipe
from wanhui.triage.own import rules

_FAULTS = {
    "name": _("A cause needs a name of at most 40 characters."),
    "empty": _("Give at least one word or one example."),
    "words": _("At most 30 words, each of at most 40 characters, and none of stars alone."),
    "sentences": _("At most 20 examples of each kind, each of at most 300 characters."),
}


def sound(name: str, recipe: Recipe) -> None:
    """Refused where a cause of this name and recipe is not what a cause may be."""
    wrong = rules.fault(name, recipe)
    if wrong:
        raise Refused(str(_FAULTS[wrong]))
