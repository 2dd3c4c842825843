"""A store's severity table: looking, trying out, keeping, bringing and taking away as toml."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.kit.errors import Refused
from wanhui.stores import queries as stores
from wanhui.stores.models import Store
from wanhui.triage import rules
from wanhui.triage.rules import Urgencies
from wanhui.triage.severity import actions, queries, tables
from wanhui.triage.severity.forms import LEVELS, LONGEST, SeverityForm, said
from wanhui.triage.severity.models import SeverityTable
from wanhui.triage.severity.tables import TableProblem
from wanhui.web.redirects import see


@require_http_methods(["GET", "POST"])
def severity(request: HttpRequest, pk: int) -> HttpResponse:
    """The table that counts, as a form. POST tries it out (`try`) or keeps it (`keep`)."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    table, version = queries.table_of(pk)
    if request.method != "POST":
        return _page(request, store, SeverityForm(table), version)
    stores.require(user, Verb.SETTINGS, pk)
    form = SeverityForm(table, request.POST)
    if not form.is_valid():
        return _page(request, store, form, version)
    if request.POST.get("action") != "keep":
        return _page(request, store, form, version, tried=queries.preview(pk, form.table()))
    return _keep(request, store, form.table(), _seen(request))


def _keep(request: HttpRequest, store: Store, table: Urgencies, seen: int) -> HttpResponse:
    actions.change_severity(store, table, seen=seen, actor=signed_in(request))
    messages.success(request, _("The table is kept. It weighs what is judged from now on; nothing of before changed."))
    return see("triage:severity_past", store.pk)


def _page(
    request: HttpRequest, store: Store, form: SeverityForm, version: int, **more: Any
) -> HttpResponse:
    return render(request, "triage/severity.html", {
        "store": store, "form": form, "version": version, "levels": LEVELS, "versions": queries.versions(store.pk),
        "may_settings": stores.may(signed_in(request), Verb.SETTINGS, store.pk), "days": queries.DAYS,
        "most": queries.MOST, **more,
    })  # fmt: skip


@require_safe
def past(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with how many verdicts of before differ from the table of now."""
    store = stores.store_for(signed_in(request), pk)
    table, version = queries.table_of(pk)
    return _page(request, store, SeverityForm(table), version, past=queries.preview(pk, table))


@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a table from toml, a file or a text, into the form; nothing is kept until somebody keeps it."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    stores.require(user, Verb.SETTINGS, pk)
    upload = request.FILES.get("file")
    text = upload.read(4 * LONGEST).decode("utf-8", "replace") if upload else request.POST.get("toml", "")
    try:
        table = tables.read(text[:LONGEST], tables.known_codes())
    except TableProblem as problem:
        raise Refused(said(problem)) from problem
    version = queries.table_of(pk)[1]
    return _page(request, store, SeverityForm(table), version, tried=queries.preview(pk, table), brought=True)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """An earlier version, or the shipped table (0), counts again as a new version."""
    user = signed_in(request)
    store = stores.store_for(user, pk)
    number = request.POST.get("version", "")
    table = rules.DEFAULT
    if number != "0":
        wanted = int(number) if number.isdecimal() and len(number) < 9 else -1
        table = get_object_or_404(SeverityTable, store=store, version=wanted).urgencies()
    return _keep(request, store, table, _seen(request))


@require_POST
def weigh(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the verdicts of before the severity that the table of now says."""
    user = signed_in(request)
    changed = actions.ask_severity(stores.store_for(user, pk), actor=user)
    messages.success(request, _("%(n)s verdicts are being weighed again; the queue follows in a moment.")
                     % {"n": changed})
    return see("triage:severity", pk)


@require_safe
def toml(request: HttpRequest, pk: int) -> HttpResponse:
    """The table that counts, as a toml file."""
    store = stores.store_for(signed_in(request), pk)
    table, version = queries.table_of(pk)
    answer = HttpResponse(tables.write(table), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="severity-{store.pk}-{version}.toml"'
    return answer


def _seen(request: HttpRequest) -> int:
    """The version that the person looked at; none of ours if it is no number."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1
