"""The pulse: what changed on a page since it was made, asked for every twenty seconds while somebody looks at it.

One small answer for every page: the count in the bar; on the queue, the tabs and the line "2 new cases"; on a case,
who else is there and what they did. Nothing changed: 204, and nothing moves.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.cases import queries as cases
from wanhui.cases.wording import names_in
from wanhui.desk import actions, seats
from wanhui.desk.forms import QueueForm
from wanhui.desk.models import Seat
from wanhui.kit import clock
from wanhui.stores import queries as stores


@never_cache
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """What the page that asks should show by now; 204 when it shows that already (`known`)."""
    user = signed_in(request)
    kind = stores.shown_kind(user)
    context: dict[str, Any] = {"waiting": cases.open_count(user, kind)}
    case, born = request.GET.get("case", ""), _moment(request.GET.get("born", ""))
    if case.isdecimal():
        context |= _case(request, user, int(case))
    elif born is not None:
        context |= _queue(request, user, kind, born)
    body = render_to_string("desk/_pulse.html", context, request=request)
    known = hashlib.sha256(body.encode()).hexdigest()[:16]
    if request.GET.get("known") == known:
        return HttpResponse(status=204)
    return HttpResponse(render_to_string("desk/_pulse_known.html", {"known": known}) + body)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _queue(request: HttpRequest, user: User, kind: str, born: datetime) -> dict[str, Any]:
    """The tabs' counts, and what came or changed under the page's filter since the page was made."""
    seat = Seat.objects.filter(user=user).first() or actions.sit_down(actor=user)
    form = QueueForm(request.GET, stores.visible(user, kind))
    here = seats.canonical({name: form.word(name) for name in seats.FIELDS})
    wanted = form.wanted()
    shown = cases.open_cases(user, kind).filter(cases.narrowing(user, wanted))
    opened, changed = seats.since_page(user, shown, born)
    tabs = seats.tabs(user, form.stores, seat, kind=kind, here=here)
    if "tabs" in request.GET:  # one that came since has no place on the page to be counted in
        there = request.GET["tabs"].split()
        tabs = [tab for tab in tabs if tab.key in there]
    return {"tabs": tabs, "opened": opened, "changed": changed, "on_queue": True, "here": here}


def _case(request: HttpRequest, user: User, pk: int) -> dict[str, Any]:
    """Who else is on the page of this case, and what others did to it that the page does not show yet."""
    found, now = cases.case_for(user, pk), clock.now()
    actions.stay(found, actor=user, writing=request.GET.get("writing") == "1", now=now)
    last = request.GET.get("line", "")
    news = seats.news_of(user, found, int(last)) if last.isdecimal() and len(last) < 19 else []
    return {"case": found, "company": seats.company(user, found, now), "news": news, "names": names_in(news)}
