"""The reply editor's doors. One address per text; which verb is said by the button that was pressed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wanhui.accounts.models import User
from wanhui.accounts.queries import signed_in
from wanhui.kit.errors import Refused
from wanhui.replies import actions, queries
from wanhui.replies.models import Reply
from wanhui.replies.rules import DRAFTER
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import queries as stores
from wanhui.web.refusals import way_back


@require_POST
def act(request: HttpRequest, review_id: int, follow_up_id: int | None = None) -> HttpResponse:
    """Do what the pressed button says with the reply to this text; answers with the editor (htmx) or the way back."""
    user = signed_in(request)
    review = get_object_or_404(
        Review.objects.select_related("store", "product").filter(store__in=stores.reachable(user)), pk=review_id
    )
    follow_up = get_object_or_404(FollowUp, pk=follow_up_id, review=review) if follow_up_id else None
    action, _colon, detail = request.POST.get("action", "save").partition(":")
    if action == "autosave":
        return _autosaved(request, review, follow_up)
    done = ""
    problem = ""
    try:
        done = _DOORS[action](request, user, review, follow_up, detail) if action in _DOORS else ""
    except Refused as refusal:
        problem = refusal.message
    if request.htmx:  # type: ignore[attr-defined]
        editor = queries.editor(user, review, follow_up, text=request.POST.get("text") if problem else None)
        response = render(request, "replies/_editor.html", {"editor": editor, "said": done, "problem": problem})
        if done:
            response["HX-Trigger"] = "case-changed"  # the clock and the log of the case page look again
        return response
    if problem:
        messages.error(request, problem)
    elif done:
        messages.success(request, done)
    return HttpResponseRedirect(way_back(request).split("#")[0] + "#reply")


def _autosaved(request: HttpRequest, review: Review, follow_up: FollowUp | None) -> HttpResponse:
    """Save while typing and answer with the lint beside the text; a refusal is shown there, the typing goes on."""
    user = signed_in(request)
    problem = ""
    text = _text(request)
    try:
        actions.save_draft(review, text, actor=user, follow_up=follow_up, style=request.POST.get("style", "")[:20])
    except Refused as refusal:
        problem = refusal.message
    context = {"editor": queries.editor(user, review, follow_up, text=text), "problem": problem, "saved": not problem}
    return render(request, "replies/_lint.html", context)


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")[:10_000]


def _reasons(request: HttpRequest) -> dict[str, str]:
    asked = [key for key in request.POST if key.startswith("reason-")]
    return {key.removeprefix("reason-"): reason for key in asked if (reason := request.POST.get(key, ""))}


def _saved(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None) -> Reply:
    """The open reply with the text of the form in it, saved first when it is still a draft."""
    reply = queries.open_reply(review, follow_up)
    if reply is None or (reply.state == Reply.State.DRAFT and "text" in request.POST and reply.text != _text(request)):
        style = request.POST.get("style", "")[:20]
        return actions.save_draft(review, _text(request), actor=user, follow_up=follow_up, style=style)
    return reply


def _save(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None, _detail: str) -> str:
    _saved(request, user, review, follow_up)
    return _("Saved as a draft.")


def _style(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None, style: str) -> str:
    drafts = queries.machine_drafts(review, follow_up)
    written = _text(request).strip()
    if written and written not in {d.text.strip() for d in drafts}:
        _saved(request, user, review, follow_up)
        raise Refused(_("Your own text was kept. Empty the box first if you want a draft in another style."))
    chosen = next((d for d in drafts if d.style == style), None)
    if chosen is None:
        raise Refused(_("There is no draft in this style for this review."))
    actions.save_draft(
        review, chosen.text, actor=user, follow_up=follow_up, style=style, drafter=DRAFTER
    )
    return ""


def _request(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None, _detail: str) -> str:
    actions.request_approval(
        _saved(request, user, review, follow_up), actor=user, reasons=_reasons(request)
    )
    return _("Handed over for approval.")


def _approve(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None, _detail: str) -> str:
    reply = _saved(request, user, review, follow_up)
    seen = queries.digest(reply.text) if reply.state == Reply.State.DRAFT else request.POST.get("seen", "")
    actions.approve(reply, seen, actor=user, reasons=_reasons(request))
    return _("Approved. Copy it, paste it on the platform, then record it as sent.")


def _on_open(verb: Callable[[Reply, User, HttpRequest], None], done: Callable[[], str]) -> "Door":
    def door(request: HttpRequest, user: User, review: Review, follow_up: FollowUp | None, _detail: str) -> str:
        reply = queries.open_reply(review, follow_up)
        if reply is None:
            raise Refused(_("There is no open reply to this review any more."))
        verb(reply, user, request)
        return done()

    return door


Door = Callable[[HttpRequest, User, Review, FollowUp | None, str], str]
_DOORS: dict[str, Door] = {
    "save": _save,
    "style": _style,
    "request": _request,
    "approve": _approve,
    "send_back": _on_open(
        lambda reply, user, request: actions.send_back(reply, request.POST.get("note", ""), actor=user),
        lambda: _("Given back to its author."),
    ),
    "take_back": _on_open(
        lambda reply, user, _request: actions.take_back(reply, actor=user), lambda: _("It is a draft again.")
    ),
    "drop": _on_open(lambda reply, user, _request: actions.drop(reply, actor=user), lambda: _("Draft thrown away.")),
    "sent": _on_open(
        lambda reply, user, _request: actions.record_sent(reply, actor=user),
        lambda: _("Recorded as sent. The reply clock has stopped."),
    ),
}
