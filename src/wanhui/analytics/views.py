"""The figures, each with its formula."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wanhui.accounts.queries import signed_in
from wanhui.analytics import queries
from wanhui.analytics.forms import FiguresForm
from wanhui.kit import clock
from wanhui.playbook.loader import name
from wanhui.stores import queries as stores


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Bad reviews, answers in time, customers won back, cases; and what the bad reviews are about."""
    user = signed_in(request)
    kind = stores.shown_kind(user)
    form = FiguresForm(request.GET, stores.visible(user, kind))
    days, store = form.asked()
    found = queries.figures(user, clock.now(), days=days, kind=kind, store_id=store)
    most = max((count for _code, count in found.causes), default=0)
    words = get_language()
    context = {
        "form": form,
        "figures": found,
        "causes": [(code, name(code, words), count, round(100 * count / most)) for code, count in found.causes],
        "bad": found.bad_rate.numerator,
        "practice": kind != "real",
        "store": store,
    }
    return render(request, "analytics/figures.html", context)
