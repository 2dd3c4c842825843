"""The API's door to replies: what the editor shows of one text, and each of its verbs.

Every address takes `follow_up` in its query: the reply to that later text instead of the one to the review itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from wanhui.accounts.api import PersonTold, caller, needs, person_told
from wanhui.accounts.models import User
from wanhui.accounts.rules import Scope
from wanhui.kit.errors import Refused
from wanhui.replies import actions, queries
from wanhui.replies.models import Reply
from wanhui.replies.rules import DRAFTER, LintResult
from wanhui.reviews import queries as reviews
from wanhui.reviews.models import FollowUp, Review
from wanhui.web.shapes import SOUND, Asked, Id, Text, Told, Word

router = Router(tags=["Replies"], auth=needs(Scope.REPLIES))
Reasons = Annotated[dict[Word, Annotated[str, Field(max_length=300, pattern=SOUND)]], Field(max_length=50)]


class FindingTold(Told):
    """What the lint says of a text: a block cannot be overridden, a warning needs a reason."""

    rule: str
    severity: Literal["block", "warn", "info"]
    start: int
    end: int
    message: str
    source: str


class LintTold(Told):
    """Whether a text may go out, and why not."""

    clean: bool
    findings: list[FindingTold]
    pack_version: str


class DraftTold(Told):
    """A proposal of the machine."""

    style: str
    text: str
    causes: list[str]
    warning: str


class SentTold(Told):
    """A reply that was recorded as sent."""

    id: int
    text: str
    sent_at: datetime | None
    sent_by: PersonTold | None


class ReplyTold(Told):
    """The reply to one text: its state, the text with its digest and the lint's findings, the machine's drafts, what
    the platform allows, and what the caller may do with it now (`may`)."""

    review: int
    follow_up: int | None
    id: int | None
    state: Literal["draft", "awaiting", "approved"]
    text: str
    digest: str
    style: str
    lint: LintTold
    reasons: dict[str, str]
    author: PersonTold | None
    approved_by: PersonTold | None
    approved_at: datetime | None
    returned_note: str
    drafts: list[DraftTold]
    sent: list[SentTold]
    on_platform: str
    takes_reply: bool
    max_length: int | None
    closes: datetime | None
    window_unverified: bool
    may: list[Literal["write", "approve", "send"]]


class DraftAsked(Asked):
    """The text being written; `style` when it began as a draft of that style."""

    text: Text
    style: Annotated[str, Field(max_length=20, pattern=SOUND)] = ""


class TextAsked(Asked):
    """A text to be checked."""

    text: Text


class ReasonsAsked(Asked):
    """Why one goes on in spite of a warning: rule → the person's own words."""

    reasons: Reasons = {}


class ApproveAsked(ReasonsAsked):
    """`seen`: the digest of the text that was read; approval is of exactly these bytes."""

    seen: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BackAsked(Asked):
    """What should be changed."""

    note: Annotated[str, Field(min_length=1, max_length=500, pattern=SOUND)]


class Which(BaseModel):
    """Which of a review's texts is meant: a follow-up by its id, or the review itself."""

    follow_up: Id | None = None


@router.get("/reviews/{int:pk}/reply", response=ReplyTold, auth=needs(Scope.READ))
def editor(request: HttpRequest, pk: Id, which: Query[Which]) -> ReplyTold:
    """Everything the reply editor shows."""
    person = caller(request)
    return _told(person, *_text(person, pk, which))


@router.post("/reviews/{int:pk}/reply/lint", response=LintTold, auth=needs(Scope.READ))
def lint(request: HttpRequest, pk: Id, which: Query[Which], asked: TextAsked) -> LintTold:
    """What the lint would say of a text as the reply; nothing is kept."""
    review, follow_up = _text(caller(request), pk, which)
    return _lint(queries.lint_reply(review, asked.text, follow_up=follow_up))


@router.put("/reviews/{int:pk}/reply", response=ReplyTold)
def save_draft(request: HttpRequest, pk: Id, which: Query[Which], asked: DraftAsked) -> ReplyTold:
    """Keep what is being written; nothing goes out."""
    person = caller(request)
    review, follow_up = _text(person, pk, which)
    text = asked.text.replace("\r\n", "\n")
    untouched = any(d.text == text and d.style == asked.style for d in queries.machine_drafts(review, follow_up))
    actions.save_draft(review, text, actor=person, follow_up=follow_up, style=asked.style,
                       drafter=DRAFTER if untouched else "")
    return _told(person, review, follow_up)


@router.post("/reviews/{int:pk}/reply/request", response=ReplyTold)
def request_approval(request: HttpRequest, pk: Id, which: Query[Which], asked: ReasonsAsked) -> ReplyTold:
    """Put the draft before somebody who may approve it."""
    def verb(reply: Reply, person: User) -> None:
        actions.request_approval(reply, actor=person, reasons=asked.reasons)

    return _do(request, pk, which, verb)


@router.post("/reviews/{int:pk}/reply/approve", response=ReplyTold)
def approve(request: HttpRequest, pk: Id, which: Query[Which], asked: ApproveAsked) -> ReplyTold:
    """Approve exactly the text that was read."""
    def verb(reply: Reply, person: User) -> None:
        actions.approve(reply, asked.seen, actor=person, reasons=asked.reasons)

    return _do(request, pk, which, verb)


@router.post("/reviews/{int:pk}/reply/send-back", response=ReplyTold)
def send_back(request: HttpRequest, pk: Id, which: Query[Which], asked: BackAsked) -> ReplyTold:
    """Give it back to its author with a word on what to change."""
    return _do(request, pk, which, lambda reply, person: actions.send_back(reply, asked.note, actor=person))


@router.post("/reviews/{int:pk}/reply/take-back", response=ReplyTold)
def take_back(request: HttpRequest, pk: Id, which: Query[Which]) -> ReplyTold:
    """Make a waiting or approved reply a draft again."""
    return _do(request, pk, which, lambda reply, person: actions.take_back(reply, actor=person))


@router.delete("/reviews/{int:pk}/reply", response=ReplyTold)
def drop(request: HttpRequest, pk: Id, which: Query[Which]) -> ReplyTold:
    """Throw away a reply that was not sent."""
    return _do(request, pk, which, lambda reply, person: actions.drop(reply, actor=person))


@router.post("/reviews/{int:pk}/reply/sent", response=ReplyTold)
def record_sent(request: HttpRequest, pk: Id, which: Query[Which]) -> ReplyTold:
    """Record that a person has put the approved text on the platform."""
    return _do(request, pk, which, lambda reply, person: actions.record_sent(reply, actor=person))


def _text(person: User, pk: int, which: Which) -> tuple[Review, FollowUp | None]:
    review = reviews.review_for(person, pk)
    later = get_object_or_404(FollowUp, pk=which.follow_up, review=review) if which.follow_up else None
    return review, later


def _do(request: HttpRequest, pk: int, which: Which, verb: Callable[[Reply, User], None]) -> ReplyTold:
    person = caller(request)
    review, follow_up = _text(person, pk, which)
    reply = queries.open_reply(review, follow_up)
    if reply is None:
        raise Refused(_("There is no open reply to this review any more."))
    verb(reply, person)
    return _told(person, review, follow_up)


def _lint(result: LintResult) -> LintTold:
    findings = [FindingTold(**finding.to_json()) for finding in result.findings]
    return LintTold(clean=result.clean, findings=findings, pack_version=result.pack_version)


def _told(person: User, review: Review, follow_up: FollowUp | None) -> ReplyTold:
    shown = queries.editor(person, review, follow_up)
    reply = shown.reply
    may: dict[Literal["write", "approve", "send"], bool] = {
        "write": shown.can_write, "approve": shown.can_approve, "send": shown.can_send,
    }
    names = ("text", "digest", "style", "on_platform", "takes_reply", "max_length", "closes", "window_unverified",
             "state")
    return ReplyTold(
        review=review.pk, follow_up=follow_up.pk if follow_up else None, id=reply.pk if reply else None,
        lint=_lint(queries.lint_reply(review, shown.text, follow_up=follow_up, but=reply.pk if reply else None)),
        reasons=reply.warnings if reply else {}, author=person_told(reply.author) if reply else None,
        approved_by=person_told(reply.approved_by) if reply else None,
        approved_at=reply.approved_at if reply else None, returned_note=reply.returned_note if reply else "",
        drafts=[DraftTold(style=d.style, text=d.text, causes=list(d.causes), warning=d.warning) for d in shown.drafts],
        sent=[SentTold(id=s.pk, text=s.text, sent_at=s.sent_at, sent_by=person_told(s.sent_by)) for s in shown.sent],
        may=[verb for verb, yes in may.items() if yes], **{name: getattr(shown, name) for name in names},
    )
