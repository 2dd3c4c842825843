"""Pages of an import: choose a file, check it, look on, read the report."""

import csv
import secrets
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.accounts.rules import Verb
from wanhui.connectors import actions, queries, rules
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import as_text
from wanhui.connectors.file.writers import harmless
from wanhui.connectors.forms import MOST_FILES, ColumnsForm, UploadForm
from wanhui.connectors.models import Import
from wanhui.connectors.wording import MEANINGS, told
from wanhui.kit.errors import Refused
from wanhui.stores.queries import may
from wanhui.web.redirects import see

_State = Import.State
OPEN = (_State.CONFIRMED, _State.RUNNING)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose files and a store; below, the imports so far."""
    user = signed_in(request)
    initial = {"store": request.GET.get("store"), "batch": secrets.token_hex(16)}
    form = UploadForm(user, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        brought = _brought(request, form, user)
        if brought is not None:
            return brought
    before = request.GET.get("before", "")
    page = list(queries.imports(user, before=int(before) if before.isdecimal() else None))
    more = page[-1].pk if len(page) == queries.IMPORTS_A_PAGE else None
    shown = {"form": form, "imports": page, "next": more, "most_files": MOST_FILES}
    return render(request, "connectors/start.html", shown)


def _brought(request: HttpRequest, form: UploadForm, user: User) -> HttpResponse | None:
    """Where the files lead: one to its page, several to the page that shows them together; None when one alone was
    refused and the form says why. A script sends several one by one (`one_of`) and wants to know what became of each.
    """
    store, files = form.cleaned_data["store"], form.cleaned_data["file"]
    batch = form.cleaned_data["batch"] or secrets.token_hex(16)
    one_of_several = "one_of" in request.POST
    if len(files) == 1 and not one_of_several:
        try:
            source = actions.receive(store, files[0].file, files[0].name, actor=user)
        except Refused as refusal:
            form.add_error("file", refusal.message)
            return None
        return see("connectors:show", source.pk)
    found = actions.receive_many(store, [(each.file, each.name) for each in files], actor=user, batch=batch)
    if one_of_several:
        told_of = {"refused": told(found[0].message), "next": reverse("connectors:together", args=[found[0].pk])}
        return JsonResponse(told_of)
    return see("connectors:together", found[0].pk)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One import where it stands: to be checked, under way, or done with its report."""
    source = queries.import_for(signed_in(request), pk)
    if source.state == _State.CHECKING:
        return _check(request, source)
    if source.state in OPEN:
        return render(request, "connectors/progress.html", {"import": source})
    return _report(request, source)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's word on the columns, then what they pressed: look again, a dry run, or the import itself."""
    user = signed_in(request)
    source = queries.import_for(user, pk)
    if source.state != _State.CHECKING:
        return see("connectors:show", pk)
    found = _looked_at(source)
    if isinstance(found, str):
        raise Refused(found)
    form = ColumnsForm(found.columns, source.year, request.POST)
    if not form.is_valid():
        return _check(request, source, form)
    if form.wanted != source.columns or form.cleaned_data["year"] != source.year:
        source = actions.set_columns(source, form.wanted, year=form.cleaned_data["year"], actor=user)
    if request.POST.get("do") in ("import", "dry_run"):
        actions.confirm(source, actor=user, dry_run=request.POST["do"] == "dry_run")
        if source.batch and not source.dry_run:
            following = queries.next_to_look_at(source)
            return see("connectors:show", following.pk) if following else see("connectors:together", pk)
    return see("connectors:show", pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """After a dry run: now for real."""
    user = signed_in(request)
    actions.confirm(queries.import_for(user, pk), actor=user)
    return see("connectors:show", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw an import away before it is taken in."""
    user = signed_in(request)
    source = actions.cancel(queries.import_for(user, pk), actor=user)
    messages.success(request, _("“%(name)s” is thrown away. Nothing of it was taken in.") % {"name": source.file_name})
    return see("connectors:start")


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import has come, asked for every second; ends by leading to the report."""
    source = queries.import_for(signed_in(request), pk)
    if source.state in OPEN:
        return render(request, "connectors/_progress.html", {"import": source})
    return HttpResponseClientRedirect(reverse("connectors:show", args=[pk]))


@require_safe
def lines(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every row that needs a word, as a csv file whose cells no spreadsheet runs."""
    source = queries.import_for(signed_in(request), pk)
    response = StreamingHttpResponse(_csv(source), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{source.pk}.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(source: Import) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_("Row"), _("What became of it"), _("Reason")])
    outcomes = _outcomes()
    for line in queries.all_lines(source):
        yield writer.writerow([line.row, outcomes[line.outcome], harmless(told(line.reason))])


def _outcomes() -> dict[str, str]:
    return {"refused": _("Not taken"), "noted": _("Taken, with a remark")}


def _looked_at(source: Import) -> queries.Check | str:
    try:
        return queries.check(source)
    except FileProblem as problem:
        return told(problem.message)


def _check(request: HttpRequest, source: Import, form: ColumnsForm | None = None) -> HttpResponse:
    found = _looked_at(source)
    if isinstance(found, str):
        return render(request, "connectors/report.html", {"import": source, "problem": found})
    version = source.map_version
    offered = source.year if source.year is not None or version is None else version.year
    form = form or ColumnsForm(found.columns, offered)
    return render(request, "connectors/check.html", {
        "import": source,
        "check": found,
        "form": form,
        "columns": _columns(found, form),
        "notes": [told(note) for note in found.notes],
        "problems": [(told(kind), count) for kind, count in found.problems],
        "earlier": queries.same_file_before(source),
        "changes": changes(source),
        "lapses_at": rules.lapses_at(source.created_at),
        "may_import": may(signed_in(request), Verb.IMPORT, source.store_id),
    })


def changes(source: Import) -> dict[str, Any] | None:
    """How the header differs from the one of the map that was used, in words; None when it does not."""
    version = source.map_version
    if version is None:
        return None
    found = rules.difference(version.saved.header, source.header, version.fields)
    missed = [MEANINGS[field] for field in found.missed if field in MEANINGS]
    return {"new": found.new, "gone": found.gone, "missed": missed} if found else None


def _columns(found: queries.Check, form: ColumnsForm) -> list[dict[str, Any]]:
    """Each column with its choice, why it was chosen so, and what stands in its first rows."""
    why = {match.index: told(match.reason) for match in found.columns.matches}
    shown = []
    for index, name in enumerate(found.columns.header):
        values = [as_text(row.source.get(name, "")).strip() for row in found.preview]
        shown.append({
            "name": name,
            "field": form[f"column_{index}"],
            "why": why.get(index, ""),
            "examples": [value for value in dict.fromkeys(values) if value][:2],
        })
    return shown


def _report(request: HttpRequest, source: Import) -> HttpResponse:
    row, _sign, pk = request.GET.get("after", "").partition("-")
    after = (int(row), int(pk)) if row.isdecimal() and pk.isdecimal() else None
    page = list(queries.lines(source, after=after))
    outcomes = _outcomes()
    return render(request, "connectors/report.html", {
        "import": source,
        "problem": told(source.message),
        "lines": [(line.row, outcomes[line.outcome], told(line.reason)) for line in page],
        "next": f"{page[-1].row}-{page[-1].pk}" if len(page) == queries.LINES_A_PAGE else "",
        "later_page": after is not None,
        "may_import": may(signed_in(request), Verb.IMPORT, source.store_id),
    })
