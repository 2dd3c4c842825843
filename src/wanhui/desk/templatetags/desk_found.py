"""Marks of what was found, and the words for what a thing is."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wanhui.desk.rules import Piece
from wanhui.replies.models import Reply
from wanhui.search.rules import Kind

register = template.Library()

KINDS = {
    Kind.REVIEW: _("Review"),
    Kind.REPLY: _("Reply"),
    Kind.CASE: _("Case"),
    Kind.PRODUCT: _("Product"),
    Kind.CUSTOMER: _("Customer"),
}
STATES = {
    Reply.State.DRAFT: _("Draft"),
    Reply.State.AWAITING: _("Waiting for approval"),
    Reply.State.APPROVED: _("Approved"),
    Reply.State.SENT: _("Sent"),
}


@register.filter
def found(pieces: Iterable[Piece]) -> SafeString:
    """A text with what was looked for in <mark>; whatever somebody wrote is escaped."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> SafeString:
    if not piece.codes:
        return conditional_escape(piece.text)
    return format_html('<mark class="mark-found">{}</mark>', piece.text)


@register.filter
def kind_name(kind: Kind) -> str:
    """What a thing is, in words."""
    return str(KINDS[kind])


@register.filter
def reply_state(code: str) -> str:
    """How far a reply is, in words."""
    return str(STATES.get(Reply.State(code), code))
