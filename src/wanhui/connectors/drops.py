"""Pages of several files that came in one drop: each with its state, all that are clear confirmed with one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.connectors import actions, queries, rules
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.forms import YearForm
from wanhui.connectors.models import Import
from wanhui.connectors.wording import ASKS, MEANINGS, told
from wanhui.kit.errors import Refused
from wanhui.stores.queries import may, require
from wanhui.web.redirects import see

_State = Import.State
_FIRST = 3


@require_safe
def together(request: HttpRequest, pk: int) -> HttpResponse:
    """Every file of the drop that this import came in."""
    user = signed_in(request)
    source = queries.import_for(user, pk)
    return _page(request, user, source)


@require_safe
def first_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The first reviews of one file, fetched when somebody unfolds them."""
    source = queries.import_for(signed_in(request), pk)
    try:
        found = queries.check(source) if source.state == _State.CHECKING else None
    except FileProblem as problem:
        return render(request, "connectors/_first_rows.html", {"import": source, "problem": told(problem.message)})
    rows = found.preview[:_FIRST] if found else []
    return render(request, "connectors/_first_rows.html", {"import": source, "rows": rows})


@require_POST
def confirm_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """One button: everything of this drop that leaves nothing to ask is taken in."""
    user = signed_in(request)
    source = queries.import_for(user, pk)
    require(user, Verb.IMPORT, source.store_id)
    started = 0
    for each in _clear(queries.together(user, source)):
        try:
            actions.confirm(each, actor=user)
        except Refused as refusal:  # a colleague was quicker
            messages.warning(request, refusal.message)
            continue
        started += 1
    if started:
        said = ngettext("%(count)s file is being taken in.", "%(count)s files are being taken in.", started)
        messages.success(request, said % {"count": started})
    following = queries.next_to_look_at(source)
    if following is None and source.state == _State.CHECKING and source.asks:
        following = source
    return see("connectors:show", following.pk) if following else see("connectors:together", pk)


@require_POST
def say_year(request: HttpRequest, pk: int) -> HttpResponse:
    """The year of dates without one, said once for all files of the drop that lack it."""
    user = signed_in(request)
    source = queries.import_for(user, pk)
    form = YearForm(request.POST)
    if not form.is_valid():
        return _page(request, user, source, form)
    for each in queries.together(user, source):
        if each.state == _State.CHECKING and "year" in each.asks:
            actions.set_columns(each, each.columns, year=form.cleaned_data["year"], actor=user)
    return see("connectors:together", pk)


def _clear(sources: list[Import]) -> list[Import]:
    return [each for each in sources if each.state == _State.CHECKING and not each.asks]


def _page(request: HttpRequest, user: User, source: Import, form: YearForm | None = None) -> HttpResponse:
    sources = queries.together(user, source)
    return render(request, "connectors/together.html", {
        "import": source,
        "files": [_shown(each) for each in sources],
        "clear": len(_clear(sources)),
        "unclear": sum(each.state == _State.CHECKING and bool(each.asks) for each in sources),
        "under_way": any(each.state in (_State.CONFIRMED, _State.RUNNING) for each in sources),
        "year_form": form or _year_form(sources),
        "lapses_at": rules.lapses_at(source.created_at),
        "may_import": may(user, Verb.IMPORT, source.store_id),
    })  # fmt: skip


def _year_form(sources: list[Import]) -> YearForm | None:
    """Asked once for all; what was said last time is offered."""
    asking = [each for each in sources if each.state == _State.CHECKING and "year" in each.asks]
    if not asking:
        return None
    offered = next((each.map_version.year for each in asking if each.map_version and each.map_version.year), None)
    return YearForm(initial={"year": offered})


def _shown(source: Import) -> dict[str, Any]:
    named = [(meaning, source.columns[field]) for field, meaning in MEANINGS.items() if field in source.columns]
    return {
        "import": source,
        "columns": [(meaning, source.header[at]) for meaning, at in named if at < len(source.header)],
        "asks": [ASKS[ask] for ask in source.asks if ask in ASKS] if source.state == _State.CHECKING else [],
        "problem": told(source.message) if source.message else "",
    }
