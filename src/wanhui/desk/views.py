"""The desk's pages: the queue, closed cases, all reviews, one case, one review. They only read."""

from datetime import date, datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.analytics import queries as analytics
from wanhui.audit import queries as audit
from wanhui.cases import queries as cases
from wanhui.cases.forms import CloseForm, ContactForm, MeasureForm
from wanhui.cases.models import Case
from wanhui.cases.queries import ClosedKey, QueueKey
from wanhui.cases.rules import Stage, reply_clock, urgency
from wanhui.cases.views import kept
from wanhui.customers.models import Contact
from wanhui.desk import queries, rules
from wanhui.desk.forms import QueueForm, RecordForm, ReviewsForm
from wanhui.desk.queries import DayKey, Shown
from wanhui.kit import clock
from wanhui.playbook import rules as playbook
from wanhui.replies import queries as replies
from wanhui.stores import queries as stores
from wanhui.triage import queries as triage
from wanhui.triage.forms import CorrectForm

UNDATED = "undated"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Open cases, the most urgent first: home."""
    user, now = signed_in(request), clock.now()
    kind = stores.shown_kind(user)
    form = QueueForm(request.GET, stores.visible(user, kind))
    rows, following = queries.queue_rows(user, now, form.wanted(), kind=kind, after=_queue_key(request))
    context = {
        "form": form,
        "rows": rows,
        "next": "~".join(str(part) for part in following) if following else "",
        "later_page": "after" in request.GET,
        "figures": analytics.figures(user, now, kind=kind),
        "has_stores": bool(form.stores),
        # Asked only where nothing is shown: right after an import the answer is "soon", not "none".
        "unjudged": 0 if rows else triage.unjudged(user, kind),
    }
    return render(request, "desk/queue.html", context)


def _queue_key(request: HttpRequest) -> QueueKey | None:
    """Where the page before ended; a key nobody gave out is no key."""
    rank, _tilde, rest = request.GET.get("after", "").partition("~")
    due, _tilde, pk = rest.partition("~")
    try:
        known = datetime.fromisoformat(due).tzinfo is not None
        return (int(rank), due, int(pk)) if known else None
    except ValueError:
        return None


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Closed cases, the last closed first."""
    user = signed_in(request)
    key = _closed_key(request)
    lines, following = queries.closed_lines(user, kind=stores.shown_kind(user), before=key)
    more = f"{following[0].isoformat()}~{following[1]}" if following else ""
    return render(request, "desk/closed.html", {"lines": lines, "next": more, "later_page": key is not None})


def _closed_key(request: HttpRequest) -> ClosedKey | None:
    moment, _tilde, pk = request.GET.get("before", "").partition("~")
    try:
        at, number = datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return None
    return (at, number) if at.tzinfo else None


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every review, good ones and old ones too, the newest first."""
    user = signed_in(request)
    kind = stores.shown_kind(user)
    form = ReviewsForm(request.GET, stores.visible(user, kind))
    store = form.word("store")
    key = _day_key(request)
    lines, following = queries.review_lines(
        user, kind=kind, store=int(store) if store else None, mood=form.word("mood"), cause=form.word("cause"),
        before=key,
    )
    context = {
        "form": form,
        "lines": lines,
        "next": f"{following[0] or UNDATED}~{following[1]}" if following else "",
        "later_page": key is not None,
    }
    return render(request, "desk/reviews.html", context)


def _day_key(request: HttpRequest) -> DayKey | None:
    day, _tilde, pk = request.GET.get("before", "").partition("~")
    try:
        return None if day == UNDATED else date.fromisoformat(day), int(pk)
    except ValueError:
        return None


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Who did what, when: the trace of every verb in the stores this person works in."""
    user = signed_in(request)
    mine = list(stores.reachable(user).order_by("name", "pk"))
    form = RecordForm(request.GET, mine, stores.colleagues(user))
    before = request.GET.get("before", "")
    store, person = form.word("store"), form.word("person")
    entries = list(
        audit.entries(
            user,
            [int(store)] if store else [each.pk for each in mine],
            before=int(before) if before.isdecimal() else None,
            verb=form.word("room"),
            actor_id=int(person) if person else None,
        )[: queries.PAGE + 1]
    )
    context = {
        "form": form,
        "entries": entries[: queries.PAGE],
        "next": entries[queries.PAGE - 1].pk if len(entries) > queries.PAGE else None,
        "later_page": bool(before),
        "store_names": {each.pk: each.name for each in mine},
    }
    return render(request, "desk/record.html", context)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one unhappy customer on one page."""
    user, now = signed_in(request), clock.now()
    found = cases.case_for(user, pk)
    texts = queries.texts_of(cases.reviews_of(found))
    before, after = queries.neighbours(user, now, found.pk, kind=found.store.kind)
    left = reply_clock(found.reply_due_at, found.first_reply_at, now)
    log = list(cases.log_of(found))
    context = _about(user, texts, request) | _work(user, found, request) | {
        "case": found,
        "clock": left,
        "urgency": urgency(found.severity, left),
        "steps": rules.steps(Stage(found.stage)),
        "log": log,
        "log_names": queries.names_in(log),
        "before": before,
        "after": after,
        "since_published": now - found.published_at if found.published_at else None,
    }
    return render(request, "desk/case.html", context)


def _about(user: User, texts: list[Shown], request: HttpRequest) -> dict[str, Any]:
    """What a case page and a review page share: the texts, their verdicts, the playbook, the reply being written."""
    chosen = request.GET.get("reply", "")
    about = next((text for text in texts if text.key == chosen), None) or queries.worst(texts)
    first = texts[0].review
    return {
        "texts": [(text, CorrectForm(text.verdict) if text.verdict else None) for text in texts],
        "about": about,
        "first": first,
        "store": first.store,
        "can": queries.allowed(user, first.store_id),
        "plays": queries.plays_for(texts),
        "pack": playbook.pack_of(first.store.platform),
        "can_reply": playbook.can_reply(first.store.platform),
        "editor": replies.editor(user, about.review, about.follow_up),
    }


def _work(user: User, found: Case, request: HttpRequest) -> dict[str, Any]:
    """The forms of a case, with what a refusal kept of them."""
    people = queries.workers(found.store_id)
    typed = kept(request, found)
    names = [(person.pk, str(person)) for person in people]
    return {
        "workers": people,
        "measures": list(found.measures.select_related("owner").order_by("done_at", "planned_at")),
        "contacts": list(Contact.objects.filter(customer=found.customer_id).select_related("by").order_by("-at")),
        "contact_form": ContactForm(initial=typed.get("contact")),
        "measure_form": MeasureForm(initial=typed.get("measures"), people=names),
        "close_form": CloseForm(initial=typed.get("close")),
        "typed_note": typed.get("log", {}).get("text", ""),
    }


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review; one that belongs to a case is read there."""
    user = signed_in(request)
    found = queries.review_for(user, pk)
    belongs = getattr(found, "case_review", None)
    if belongs is not None:
        return redirect("desk:case", belongs.case_id)
    return render(request, "desk/review.html", _about(user, queries.texts_of([found]), request))


@require_safe
def screenshot(request: HttpRequest, pk: int) -> FileResponse:
    """The picture a person attached to a typed review, for those who may see the review."""
    found = queries.review_for(signed_in(request), pk)
    if not found.screenshot:
        raise Http404
    return FileResponse(found.screenshot.open("rb"))
