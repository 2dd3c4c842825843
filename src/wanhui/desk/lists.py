"""The list of all cases, open and closed: where the dashboard's numbers lead."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanhui.accounts.queries import signed_in
from wanhui.cases import lists
from wanhui.cases.lists import ListKey
from wanhui.desk import queries
from wanhui.desk.forms import CasesForm
from wanhui.kit import clock
from wanhui.stores import queries as stores


@require_safe
def cases(request: HttpRequest, state: str = "") -> HttpResponse:
    """Every case of the filter, the last seen first; closed ones by when they were closed. `state` is a preset."""
    user, now = signed_in(request), clock.now()
    kind = stores.shown_kind(user)
    data: dict[str, Any] = request.GET.dict()
    people = stores.colleagues_ever(user)
    form = CasesForm(data | ({"state": state} if state else {}), stores.visible(user, kind), people)
    wanted, key = form.wanted(), _key(request)
    lines, following = queries.case_lines(user, now, wanted, kind=kind, before=key)
    counted = lists.count(user, now, wanted, kind=kind)
    context = {
        "form": form,
        "lines": lines,
        "by_closing": wanted.by_closing,
        "count": min(counted, lists.COUNTED_TO),
        "more_than": counted > lists.COUNTED_TO,
        "preset": state,
        "presets": _presets(form),
        "next": f"{following[0].isoformat()}~{following[1]}" if following else "",
        "later_page": key is not None,
    }
    return render(request, "desk/cases.html", context)


def _presets(form: CasesForm) -> list[tuple[str, str, bool]]:
    """What is asked for most, as tabs: name, address, whether the list is just that."""
    here, whole = dict(form.chosen), reverse("desk:cases")
    return [
        (_("All"), whole, not here),
        (_("Open"), f"{whole}?state=open", here == {"state": "open"}),
        (_("Closed"), reverse("desk:closed"), here == {"state": "closed"}),
        (_("Won back cases"), f"{whole}?outcome=won", here == {"outcome": "won"}),
        (_("Not won back"), f"{whole}?outcome=not_won", here == {"outcome": "not_won"}),
        (_("Not answered in 24 h"), f"{whole}?answered=none", here == {"answered": "none"}),
    ]


def _key(request: HttpRequest) -> ListKey | None:
    """Where the page before ended; a key nobody gave out is no key."""
    moment, _tilde, pk = request.GET.get("before", "").partition("~")
    try:
        at, number = datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return None
    return (at, number) if at.tzinfo and 0 < number < 2**63 else None
