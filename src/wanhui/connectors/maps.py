"""Pages of the column maps that people confirmed: see them, correct, rename, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.connectors import actions, queries, rules
from wanhui.connectors.file.columns import ColumnMap, Match
from wanhui.connectors.forms import ColumnsForm
from wanhui.connectors.models import MapVersion, SavedMap
from wanhui.connectors.wording import MEANINGS
from wanhui.stores.queries import may
from wanhui.web.redirects import see


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All column maps of this person's stores."""
    found = [{"map": saved, "latest": saved.newest_first[0]} for saved in queries.saved_maps(signed_in(request))]
    return render(request, "connectors/maps.html", {"maps": found})


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One map: what it says now, and every version."""
    return _page(request, queries.saved_map_for(signed_in(request), pk))


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A better word on the columns: a new version."""
    user = signed_in(request)
    saved = queries.saved_map_for(user, pk)
    form = ColumnsForm(_as_columns(saved, saved.newest_first[0]), None, request.POST)
    if not form.is_valid():
        return _page(request, saved, form)
    version = actions.correct_map(saved, form.wanted, year=form.cleaned_data["year"], actor=user)
    messages.success(
        request, _("Version %(number)s is kept; the next file is read by it.") % {"number": version.number}
    )
    return see("connectors:map", pk)


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    user = signed_in(request)
    actions.rename_map(queries.saved_map_for(user, pk), request.POST.get("name", ""), actor=user)
    return see("connectors:map", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """No later file is read by it."""
    user = signed_in(request)
    saved = queries.saved_map_for(user, pk)
    actions.withdraw_map(saved, actor=user)
    said = _("“%(name)s” is withdrawn. The next such file is recognised anew.")
    messages.success(request, said % {"name": saved.name})
    return see("connectors:maps")


def _as_columns(saved: SavedMap, version: MapVersion) -> ColumnMap:
    """A version in the form in which columns are chosen."""
    header = tuple(saved.header)
    places = rules.by_place(header, version.fields)
    matches = tuple(Match(field, at, header[at], "", 1.0) for field, at in places.items())
    return ColumnMap(header, matches, tuple(at for at in range(len(header)) if at not in places.values()))


def _page(request: HttpRequest, saved: SavedMap, form: ColumnsForm | None = None) -> HttpResponse:
    versions = saved.newest_first
    form = form or ColumnsForm(_as_columns(saved, versions[0]), versions[0].year)
    return render(request, "connectors/map.html", {
        "map": saved,
        "latest": versions[0],
        "versions": [{"version": version, "fields": _named(version)} for version in versions],
        "form": form,
        "columns": [(name, form[f"column_{index}"]) for index, name in enumerate(saved.header)],
        "may_import": may(signed_in(request), Verb.IMPORT, saved.store_id),
    })


def _named(version: MapVersion) -> list[tuple[Any, str]]:
    return [(meaning, version.fields[field]) for field, meaning in MEANINGS.items() if field in version.fields]
