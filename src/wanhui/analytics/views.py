"""The dashboard: each figure with its formula and the rows behind it; and its chart."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wanhui.accounts.queries import signed_in
from wanhui.analytics import charts, panels, queries
from wanhui.analytics.charts import Stacked
from wanhui.analytics.forms import FiguresForm
from wanhui.analytics.panels import Asked
from wanhui.kit import clock
from wanhui.stores import queries as stores
from wanhui.web.charts import fingerprint, image, look_of


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Bad reviews by day and cause, answers in time, customers won back, the worst products."""
    form, wanted = _wanted(request)
    found = queries.dashboard(signed_in(request), clock.now(), **wanted)
    days, store = wanted["days"], wanted["store_id"]
    asked = Asked(found.now.window, store)
    shown = charts.stacked(found.bars)
    address = f"{reverse('analytics:bad_by_bar')}?days={days}&store={store or ''}&v={_print(shown)}"
    came, closed = panels.flow(found.now, asked)
    context = {
        "form": form,
        "found": found,
        "practice": wanted["kind"] != "real",
        "days": days,
        "store": store,
        "cards": panels.cards(found, asked),
        "came": came,
        "closed": closed,
        "series": panels.series(shown, asked),
        "chart": panels.chart(shown, asked, address) if shown.total else None,
        "rows": panels.table(shown, store) if shown.total else [],
        "mirrored": panels.mirrored(found.now, asked, found.subs),
        "worst": panels.worst(found.worst, asked),
        "reviews_url": asked.reviews(),
    }
    return render(request, "analytics/figures.html", context)


@require_safe
def bad_by_bar(request: HttpRequest) -> HttpResponse:
    """The chart as a picture, from what this person may see; asked for by the page after it was shown."""
    _form, wanted = _wanted(request)
    shown = charts.stacked(queries.bad_by_bar(signed_in(request), clock.now(), **wanted))
    return image(request, _print(shown), look_of(request), partial(charts.bad_by_bar, shown))


def _wanted(request: HttpRequest) -> tuple[FiguresForm, dict[str, Any]]:
    user = signed_in(request)
    kind = stores.shown_kind(user)
    form = FiguresForm(request.GET, stores.visible(user, kind))
    days, store = form.asked()
    return form, {"days": days, "kind": kind, "store_id": store}


def _print(shown: Stacked) -> str:
    return fingerprint([window.first.isoformat() for window in shown.bars], shown.causes, shown.parts)
