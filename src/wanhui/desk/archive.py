"""Looking things up: the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wanhui.accounts.queries import signed_in
from wanhui.desk import found
from wanhui.desk.forms import KINDS, SearchForm
from wanhui.stores import queries as stores


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Reviews, replies, cases, products and customers by their words."""
    user = signed_in(request)
    shown = stores.shown_kind(user)
    form = SearchForm(request.GET, stores.visible(user, shown))
    before = _number(request.GET.get("before", ""))
    results = found.results(user, form.asked(), shown=shown, before=before)
    context = {
        "form": form,
        "words": form.word("q"),
        "kind": form.word("kind"),
        "kinds": KINDS,
        "results": results,
        "narrowed": any(form.word(field) for field in ("kind", "store", "from", "to")),
        "next": results.following,
        "later_page": before is not None,
    }
    return render(request, "desk/search.html", context)


def _number(text: str) -> int | None:
    """A key of ours; anything else begins at the newest."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
