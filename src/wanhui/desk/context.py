"""What every page shows at its top: where one can go, and how much waits there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.cases import queries as cases
from wanhui.stores import queries as stores
from wanhui.stores.models import Store


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place in the bar. `count` is what waits there, None where counting says nothing. `go`: after the key g, the
    letter that leads here."""

    label: str
    url: str
    here: bool
    count: int | None = None
    go: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The bar's places, and whether this person has only practice stores; looked up when a page asks for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    bar = SimpleLazyObject(lambda: _bar(request, user))
    return {"bar": bar}


def _bar(request: HttpRequest, user: User) -> dict[str, Any]:
    kind = stores.shown_kind(user)
    more = _more(request)
    return {
        "places": _places(request, cases.open_count(user, kind)),
        "more": more,
        "more_here": any(item.here for item in more),
        "demo_only": kind == Store.Kind.DEMO,
    }


def _places(request: HttpRequest, waiting: int) -> list[NavItem]:
    return [
        _item(request, _("Queue"), "desk:queue", ("desk:queue", "desk:everything", "desk:case"), "q", waiting),
        _item(request, _("Cases"), "desk:cases", ("desk:cases", "desk:closed"), "c"),
        _item(request, _("Reviews"), "desk:reviews", ("desk:reviews", "desk:review"), "b"),
        _item(request, _("Dashboard"), "analytics:figures", ("analytics:",), "f"),
        _item(request, _("Import"), "connectors:start", ("connectors:", "reviews:type_in"), "i"),
    ]


def _more(request: HttpRequest) -> list[NavItem]:
    """Places one goes to seldom, in a menu of their own: the bar stays short in every language."""
    return [
        _item(request, _("Please check first"), "desk:check", ("desk:check",), "p"),
        _item(request, _("Stores"), "stores:list", ("stores:",), "s"),
        _item(request, _("Record"), "desk:record", ("desk:record",), "l"),
    ]


def _item(
    request: HttpRequest, label: str, name: str, covers: tuple[str, ...], go: str, count: int | None = None
) -> NavItem:
    match = request.resolver_match
    here = match.view_name if match else ""
    return NavItem(label, reverse(name), any(_covers(own, here) for own in covers), count, go)


def _covers(own: str, here: str) -> bool:
    """A whole room ("stores:") or one page ("desk:case")."""
    return here.startswith(own) if own.endswith(":") else here == own
