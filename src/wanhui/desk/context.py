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
    """One place in the bar. `count` is what waits there, None where counting says nothing."""

    label: str
    url: str
    here: bool
    count: int | None = None


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The bar's places, and whether this person has only practice stores; looked up when a page asks for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    bar = SimpleLazyObject(lambda: _bar(request, user))
    return {"bar": bar}


def _bar(request: HttpRequest, user: User) -> dict[str, Any]:
    kind = stores.shown_kind(user)
    return {"places": _places(request, cases.open_count(user, kind)), "demo_only": kind == Store.Kind.DEMO}


def _places(request: HttpRequest, waiting: int) -> list[NavItem]:
    match = request.resolver_match
    here = match.view_name if match else ""
    places = [
        (_("Queue"), "desk:queue", ("desk:queue", "desk:case"), waiting),
        (_("Reviews"), "desk:reviews", ("desk:reviews", "desk:review"), None),
        (_("Closed cases"), "desk:closed", ("desk:closed",), None),
        (_("Import"), "connectors:start", ("connectors:", "reviews:type_in"), None),
        (_("Figures"), "analytics:figures", ("analytics:",), None),
        (_("Stores"), "stores:list", ("stores:",), None),
        (_("Record"), "desk:record", ("desk:record",), None),
    ]
    return [
        NavItem(label, reverse(name), any(here.startswith(own) for own in covers), count)
        for label, name, covers, count in places
    ]
