"""Looking things up: the list of reviews, and the search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.customers.models import Customer
from wanhui.desk import found, queries, rules
from wanhui.desk.forms import KINDS, ReviewsForm, SearchForm
from wanhui.desk.reviewed import DayKey
from wanhui.stores import queries as stores
from wanhui.stores.models import Product
from wanhui.web.templatetags.desk_text import day_words

UNDATED = "undated"
_MOST = 2**62


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    label: str
    value: str
    without: str


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every review, good ones and old ones too, the newest first."""
    user = signed_in(request)
    kind = stores.shown_kind(user)
    form = ReviewsForm(request.GET, stores.visible(user, kind))
    key = _day_key(request)
    lines, following = queries.review_lines(user, form.wanted(), kind=kind, before=key)
    context = {
        "form": form,
        "chips": _chips(request, form, _names(user, form)),
        "lines": lines,
        "next": f"{following[0] or UNDATED}~{following[1]}" if following else "",
        "later_page": key is not None,
    }
    return render(request, "desk/reviews.html", context)


def _day_key(request: HttpRequest) -> DayKey | None:
    day, _tilde, pk = request.GET.get("before", "").partition("~")
    try:
        number = int(pk)
        return (None if day == UNDATED else date.fromisoformat(day), number) if 0 < number < _MOST else None
    except ValueError:
        return None


def _names(user: User, form: ReviewsForm) -> dict[str, str]:
    """The product and the customer a link asked for, by name, within what this person may see."""
    mine = stores.reachable(user)
    product, customer = form.word("product"), form.word("customer")
    found: dict[str, str] = {}
    if product:
        thing = Product.objects.filter(pk=int(product), store__in=mine).first()
        found["product"] = thing.name if thing else _("unknown")
    if customer:
        buyer = Customer.objects.filter(pk=int(customer), store__in=mine).first()
        found["customer"] = rules.masked(buyer.shown_name or buyer.handle) if buyer else _("unknown")
    return found


def _chips(request: HttpRequest, form: ReviewsForm, names: Mapping[str, str]) -> list[Chip]:
    names_of = ("store", "mood", "cause", "own", "later", "praise", "from", "to")
    labels = {name: str(form.fields[name].label) for name in names_of}
    labels |= {"product": _("Product"), "customer": _("Customer")}
    chips = []
    for name, label in labels.items():
        day = form.day(name) if name in ("from", "to") else None
        value = day_words(day) if day else names.get(name) or form.in_words(name)
        if value:
            without = request.GET.copy()
            for gone in (name, "before"):
                without.pop(gone, None)
            chips.append(Chip(label, value, f"?{without.urlencode()}"))
    return chips


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
