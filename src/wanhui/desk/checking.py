"""Please check first: the verdicts that wait for a person, one after the other, by keys."""

from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.desk import queries, rules
from wanhui.desk.forms import CheckForm
from wanhui.desk.queries import Shown
from wanhui.desk.rules import Piece
from wanhui.kit import clock
from wanhui.stores import queries as stores
from wanhui.triage import checking
from wanhui.triage.checking import Key
from wanhui.triage.forms import CorrectForm
from wanhui.triage.models import Verdict

NEXT = 12


@dataclass(frozen=True, slots=True)
class Ahead:
    """One that comes later, in a line: its first words, and the address that begins with it."""

    verdict: Verdict
    words: list[Piece]
    address: str


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """The first verdict that waits, with its whole text, and the next ones in lines."""
    user = signed_in(request)
    kind = stores.shown_kind(user)
    form = CheckForm(request.GET, stores.visible(user, kind))
    store, older = form.word("store"), bool(form.word("older"))
    places = [each for each in form.stores if not store or str(each.pk) == store]
    every = checking.waiting(places, older=older)
    key = _key(request)
    behind = checking.after(every, key).select_related("review__store", "review__product", "follow_up", "by")
    shown = list(behind[: NEXT + 1])
    context = {
        "form": form, "older": older, "later_page": key is not None,
        "count": checking.count(places, older=older), "most": checking.COUNTED_TO,
        "others": checking.count(places, older=not older),
        "ahead": [_ahead(form, before, each) for before, each in pairwise(shown)],
    }  # fmt: skip
    return render(request, "desk/check.html", context | (_first(user, shown[0]) if shown else {}))


def _first(user: User, verdict: Verdict) -> dict[str, object]:
    """What the page shows whole. The review a follow-up belongs to is shown above it."""
    review, later = verdict.review, verdict.follow_up
    spans = rules.spans_of(verdict.causes, verdict.praises)
    text = Shown(review, later, verdict, rules.pieces((later or review).text, spans))
    case = getattr(review, "case_review", None)
    return {
        "text": text, "form_of_verdict": CorrectForm(verdict), "store": review.store, "case_of": case,
        "can": queries.allowed(user, review.store_id), "reasons": verdict.reasons or [],
        "since_seen": clock.now() - (later or review).seen_at,
    }  # fmt: skip


def _ahead(form: CheckForm, before: Verdict, verdict: Verdict) -> Ahead:
    severity, pk = checking.key_of(before)
    address = urlencode([*form.chosen, ("after", f"{severity}~{pk}")])
    return Ahead(verdict, queries.words_of(verdict.review, verdict), f"?{address}")


def _key(request: HttpRequest) -> Key | None:
    """Where the one before stood; a key nobody gave out is no key."""
    severity, _tilde, pk = request.GET.get("after", "").partition("~")
    try:
        found = int(severity), int(pk)
    except ValueError:
        return None
    return found if 0 < found[0] < 10 and 0 < found[1] < 2**62 else None
