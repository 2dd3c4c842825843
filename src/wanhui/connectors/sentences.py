"""Every sentence `connectors.file` says to a person, with holes for what it found."""

from django.utils.translation import gettext_noop as _

SENTENCES: tuple[str, ...] = (
    _("the row is empty"),
    _("the row repeats the header"),
    _("the row has no text, rating, time, buyer or id"),
)
