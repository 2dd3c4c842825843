"""What people corrected in a store, row by row too; and the store's own bars, learnt from it."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.kit.errors import Refused
from wanhui.language import DEFAULT_ENGINE
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage.corrections import actions, queries, refit, rules
from wanhui.triage.corrections.forms import NONE, BarsForm, CorrectionsForm
from wanhui.triage.corrections.lines import lines_of, table
from wanhui.web.redirects import see

PAGE = 50


@require_safe
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """How often engines were right here, and what was corrected most."""
    store = queries.store_for(signed_in(request), pk)
    form = CorrectionsForm(request.GET, queries.engines_checked(store))
    found = queries.report(store, form.wanted())
    query = urlencode(form.narrowed())
    return render(request, "triage/corrections.html", {
        "store": store, "form": form, "report": found, "enough": rules.ENOUGH, "query": f"&{query}" if query else "",
        "causes": [line for line in found.causes if line.corrected or line.hits.n], "most": queries.MOST, "none": NONE,
    })  # fmt: skip


@require_safe
def corrections_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a csv file: one line a cause, then the pairs, engines and months."""
    store = queries.store_for(signed_in(request), pk)
    form = CorrectionsForm(request.GET, queries.engines_checked(store))
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="corrections-{store.pk}.csv"'
    csv.writer(answer).writerows(table(queries.report(store, form.wanted())))
    return answer


@require_safe
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The checked verdicts one by one, the newest first: of a cause, a pair, or all that had something to put right."""
    store = queries.store_for(signed_in(request), pk)
    form = CorrectionsForm(request.GET, queries.engines_checked(store))
    wanted = form.wanted()
    key = request.GET.get("before", "")
    before = int(key) if key.isdecimal() and len(key) < 19 else None
    found = []
    for row in queries.rows(store, wanted, before=before):
        if not row.checked.right:
            found.append(row)
        if len(found) > PAGE:
            break
    shown = found[:PAGE]
    return render(request, "triage/corrections_rows.html", {
        "store": store, "lines": lines_of(store, shown), "wanted": wanted, "first_page": before is None,
        "following": shown[-1].pk if len(found) > PAGE else None,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def bars(request: HttpRequest, pk: int) -> HttpResponse:
    """The bars that count for an engine, and what the checked verdicts would make of them; POST puts the ones that
    were shown in place (`apply`), or the engine's own (`revoke`)."""
    user = signed_in(request)
    store = queries.store_for(user, pk)
    if request.method == "POST":
        return _change(request, store)
    known = queries.engines(store)
    engine = request.GET.get("engine", "")
    engine = engine if engine in known else DEFAULT_ENGINE
    fitted, checked = queries.fit(store, engine)
    proposed, (now, version) = refit.bars_of(fitted), queries.bars_of(store.pk, engine)
    context: dict[str, Any] = {
        "store": store, "engine": engine, "engines": sorted({*known, DEFAULT_ENGINE}), "checked": checked,
        "lines": [(each, now.get(each.code)) for each in fitted], "proposed": proposed, "version": version, "now": now,
        "seen": queries.last_version(store.pk), "enough": refit.ENOUGH, "versions": queries.versions(store.pk),
        "may_settings": stores.may(user, Verb.SETTINGS, store.pk),
    }  # fmt: skip
    if proposed and proposed != now:
        context["preview"] = queries.preview(store, engine, proposed)
    return render(request, "triage/bars.html", context)


def _change(request: HttpRequest, store: Store) -> HttpResponse:
    user = signed_in(request)
    stores.require(user, Verb.SETTINGS, store.pk)
    form = BarsForm(request.POST)
    if not form.is_valid():
        raise Refused(_("These bars are not known to this engine. Look at the page as it is now."))
    engine, seen = form.cleaned_data["engine"], form.cleaned_data["seen"]
    if request.POST.get("action") == "revoke":
        actions.revoke_bars(store, engine, seen=seen, actor=user)
        messages.success(request, _("The engine's own bars count again, for what is judged from now on."))
    else:
        actions.apply_bars(store, engine, form.bars(), seen=seen, actor=user)
        messages.success(request, _("These bars count for what is judged from now on; nothing of before changed."))
    return see("triage:bars", store.pk)
