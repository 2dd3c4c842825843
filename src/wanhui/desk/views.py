"""The desk's pages: the queue, closed cases, all reviews, one case, one review. They only read."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wanhui.accounts.queries import signed_in
from wanhui.analytics import queries as analytics
from wanhui.cases.queries import QueueKey
from wanhui.desk import queries
from wanhui.desk.forms import QueueForm
from wanhui.kit import clock
from wanhui.stores import queries as stores


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Open cases, the most urgent first: home."""
    user, now = signed_in(request), clock.now()
    kind = stores.shown_kind(user)
    form = QueueForm(request.GET, stores.visible(user, kind))
    rows, following = queries.queue_rows(user, now, form.wanted(), kind=kind, after=_key(request))
    context = {
        "form": form,
        "rows": rows,
        "next": "~".join(str(part) for part in following) if following else "",
        "later_page": "after" in request.GET,
        "figures": analytics.figures(user, now, kind=kind),
        "has_stores": bool(form.stores),
    }
    return render(request, "desk/queue.html", context)


def _key(request: HttpRequest) -> QueueKey | None:
    """Where the page before ended; a key nobody gave out is no key."""
    rank, _tilde, rest = request.GET.get("after", "").partition("~")
    due, _tilde, pk = rest.partition("~")
    try:
        return int(rank), due if due and datetime.fromisoformat(due) else "", int(pk)
    except ValueError:
        return None
