"""The desk's pages: the queue, all reviews, one case, one review. They read; only who looked when is noted."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.analytics import queries as analytics
from wanhui.audit import queries as audit
from wanhui.cases import queries as cases
from wanhui.cases.forms import STAGES, CloseForm, ContactForm, MeasureForm
from wanhui.cases.models import Case
from wanhui.cases.queries import QueueKey
from wanhui.cases.rules import Stage, reply_clock, urgency
from wanhui.cases.views import JUST_CLOSED, kept
from wanhui.cases.wording import names_in
from wanhui.customers.models import Contact
from wanhui.desk import actions, queries, rules, seats
from wanhui.desk.forms import QueueForm, RecordForm
from wanhui.desk.models import Seat
from wanhui.desk.queries import Shown
from wanhui.kit import clock
from wanhui.playbook import rules as playbook
from wanhui.replies import queries as replies
from wanhui.stores import queries as stores
from wanhui.triage import checking
from wanhui.triage import queries as triage
from wanhui.triage.forms import CorrectForm

LAST_FILTER = "queue"


@require_safe
def queue(request: HttpRequest, *, whole: bool = False) -> HttpResponse:
    """Open cases, the most urgent first: home. Without a filter it begins with the view the person chose; `whole`
    is the address of everything."""
    user, now = signed_in(request), clock.now()
    kind = stores.shown_kind(user)
    seat = actions.sit_down(actor=user)
    if not request.GET and not whole and seat.view is not None:
        return redirect(f"{reverse('desk:queue')}?{seat.view.query}")
    form = QueueForm(request.GET, stores.visible(user, kind))
    here = seats.canonical({name: form.word(name) for name in seats.FIELDS})
    if request.session.get(LAST_FILTER, "") != here:
        # Where j and k lead on a case's page: through what the person was looking at.
        request.session[LAST_FILTER] = here
    wanted = seats.wanted(user, form.data, form.stores, seat)
    rows, following = queries.queue_rows(user, now, wanted, seat, kind=kind, after=_queue_key(request))
    context = _bench(user, form, seat, here, kind) | {
        "rows": rows,
        "next": "~".join(str(part) for part in following) if following else "",
        "later_page": "after" in request.GET,
        "figures": analytics.figures(user, now, kind=kind),
        "born": now.isoformat(),
        "last_deed": cases.last_deed(user, now),
        # Asked only where nothing is shown: right after an import the answer is "soon", not "none".
        "unjudged": 0 if rows or form.narrowed else triage.unjudged(user, kind),
    }
    return render(request, "desk/queue.html", context)


def _bench(user: User, form: QueueForm, seat: Seat, here: str, kind: str) -> dict[str, Any]:
    """What stands above the queue: filters, tabs with counts, who could take ticked cases."""
    tabs = seats.tabs(user, form.stores, seat, kind=kind, here=here)
    return {
        "form": form,
        "here": here,
        "tabs": tabs,
        "tab": next((tab for tab in tabs if tab.here), None),
        "first_view": seat.view_id,
        "sharing": list(seats.sharing_stores(user, kind)) if here else [],
        "team": list(seats.team(user, kind)),
        "stages": [(stage, label) for stage, label in STAGES.items() if stage != Stage.CLOSED],
        "has_stores": bool(form.stores),
        "to_check": checking.count(form.stores),
    }


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
def record(request: HttpRequest) -> HttpResponse:
    """Who did what, when: the trace of every verb in the stores this person works in."""
    user = signed_in(request)
    mine = list(stores.reachable(user).order_by("name", "pk"))
    form = RecordForm(request.GET, mine, stores.colleagues_ever(user))
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
    left = reply_clock(found.reply_due_at, found.first_reply_at, now)
    log = list(cases.log_of(found))
    look = actions.look(found, actor=user)
    context = _about(user, texts, request) | _work(user, found, request) | _walk(user, found, request, now) | {
        "case": found,
        "clock": left,
        "urgency": urgency(found.severity, left),
        "steps": rules.steps(Stage(found.stage)),
        "log": log,
        "log_names": names_in(log),
        "since": look.since,
        "news": sum(1 for line in log if line.at > look.since and line.by_id != user.pk),
        "handover": cases.handover_of(found),
        "since_published": now - found.published_at if found.published_at else None,
    }
    return render(request, "desk/case.html", context)


def _walk(user: User, found: Case, request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Where j and k lead: through the queue as the person last narrowed it; and whether they just closed this one."""
    kind = found.store.kind
    data = QueryDict(request.session.get(LAST_FILTER, ""))
    seat = Seat.objects.filter(user=user).first() if data.get("news") else None
    form = QueueForm(data, stores.visible(user, kind))
    wanted = form.wanted(among=seats.is_new(user, seat) if seat else None)
    before, after = cases.neighbours(user, now, found, wanted, kind=kind)
    just_closed = request.session.get(JUST_CLOSED) == found.pk and found.closed_at is not None
    return {"before": before, "after": after, "just_closed": just_closed, "filter": data.urlencode()}


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
