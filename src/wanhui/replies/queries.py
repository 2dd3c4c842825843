"""Reading replies, from what a person may see, and what the lint needs to know around them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.kit import clock
from wanhui.language.followups import REPORTABLE
from wanhui.playbook.loader import book, name
from wanhui.playbook.rules import can_reply, pack_of, reply_window_closes
from wanhui.playbook.shapes import UNVERIFIED
from wanhui.replies.models import Reply
from wanhui.replies.rules import Draft, DraftInput, LintContext, LintResult, NamedCause, draft, lint
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores import queries as stores
from wanhui.triage.models import Verdict

OPEN = (Reply.State.DRAFT, Reply.State.AWAITING, Reply.State.APPROVED)
_RECENT = 50


def digest(text: str) -> str:
    """The fingerprint of the exact bytes of a reply."""
    return hashlib.sha256(text.encode()).hexdigest()


def open_reply(review: Review, follow_up: FollowUp | None = None) -> Reply | None:
    """The reply being written to this text, if there is one."""
    replies = Reply.objects.filter(review=review, follow_up=follow_up, state__in=OPEN)
    return replies.select_related("author", "approved_by", "case", "review__store").first()


def sent_replies(review: Review, follow_up: FollowUp | None = None) -> Sequence[Reply]:
    """Replies to this text that were recorded as sent, oldest first."""
    sent = review.replies.filter(follow_up=follow_up, state=Reply.State.SENT)
    return list(sent.select_related("sent_by").order_by("sent_at", "pk"))


def unanswered(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Those of these reviews that nobody has answered yet, on platforms that take an answer."""
    deaf = [pack.id for pack in book().platforms.values() if can_reply(pack.id) == "no"]
    sent = Reply.objects.filter(review=OuterRef("pk"), state=Reply.State.SENT)
    return reviews.exclude(store__platform__in=deaf).filter(~Exists(sent), platform_reply="")


def recent_texts(store_id: int, *, but: int | None = None) -> tuple[str, ...]:
    """The store's last approved or sent replies, newest first: the next one should not be the same again."""
    # "Approved once" is what the index holds; a dropped one may be among them.
    replies = Reply.objects.filter(
        store_ref=store_id, approved_at__isnull=False, state__in=[Reply.State.APPROVED, Reply.State.SENT]
    )
    if but is not None:
        replies = replies.exclude(pk=but)
    return tuple(replies.order_by("-changed_at").values_list("text", flat=True)[:_RECENT])


def verdict_of(review: Review, follow_up: FollowUp | None) -> Verdict | None:
    """The verdict that counts for this text."""
    return Verdict.objects.filter(review=review, follow_up=follow_up, current=True).first()


def held_back(verdict: Verdict) -> str:
    """Why nothing is drafted from a verdict: "to_check" (a person must look first), "report" (an advert or something
    off the topic belongs before the platform), or ""."""
    if verdict.to_check:
        return "to_check"
    return "report" if verdict.kind in REPORTABLE and verdict.kind_sure else ""


def lint_context(review: Review, follow_up: FollowUp | None, *, but: int | None = None) -> LintContext:
    """What is known around a reply to this text: whose data must not be in it, and what the platform's rules ask.

    `but`: the reply itself, which is no earlier reply of the shop.
    """
    verdict = verdict_of(review, follow_up)
    return LintContext(
        buyer_name=review.buyer,
        order_ids=(review.order_number,) if review.order_number else (),
        recent=recent_texts(review.store_id, but=but),
        flags=frozenset(verdict.flags if verdict else ()),
        published=(follow_up or review).published(review.store.timezone),
        has_follow_up=review.follow_ups.exists(),
        answers_follow_up=follow_up is not None,
        now=clock.now(),
        replies_so_far=len(sent_replies(review, follow_up)),
    )


def lint_reply(review: Review, text: str, *, follow_up: FollowUp | None = None, but: int | None = None) -> LintResult:
    """What the lint says of this text as a public reply to this review, in the reader's language. Reads only."""
    return lint(
        text,
        platform=review.store.platform,
        channel="public",
        context=lint_context(review, follow_up, but=but),
        language=reader_language(),
    )


def machine_drafts(review: Review, follow_up: FollowUp | None = None) -> list[Draft]:
    """Drafts made from the verdict and the playbook, one a style; the same until another reply of the shop goes out.

    None from a verdict that a person must see first: what the desk is not sure of must not become words by itself;
    and none to what should be reported to the platform instead.
    """
    return _drafts(review, follow_up, verdict_of(review, follow_up))


def _drafts(review: Review, follow_up: FollowUp | None, verdict: Verdict | None) -> list[Draft]:
    if verdict is None or held_back(verdict):
        return []
    return draft(_draft_input(review, follow_up, verdict))


def _draft_input(review: Review, follow_up: FollowUp | None, verdict: Verdict) -> DraftInput:
    text, store = (follow_up or review).text, review.store
    return DraftInput(
        text=text,
        platform=store.platform,
        language=verdict.language if verdict.language != "und" else store.language,
        causes=tuple(NamedCause(c["code"], _words(text, c["evidence"]), c.get("sub") or "") for c in verdict.causes),
        praises=tuple(NamedCause(p["code"], _words(text, p["evidence"])) for p in verdict.praises),
        sentiment=verdict.sentiment or None,
        flags=frozenset(verdict.flags),
        stars=None if follow_up else review.stars,
        store_kind="hotel" if store.trade == "hotel" else "goods",
        store_name=store.name,
        buyer_masked=review.buyer,
        product_name=review.product.name if review.product else "",
        recent=recent_texts(store.pk),
        seed=review.pk,
    )


def _words(text: str, spans: Sequence[Sequence[int]]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in spans)


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding of the lint as the editor shows it: with the words it is about and the reason given so far."""

    rule: str
    severity: str
    message: str
    source: str
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the reply editor shows of one text, and what this person may do with it."""

    review: Review
    follow_up: FollowUp | None
    reply: Reply | None
    text: str
    style: str
    drafts: tuple[Draft, ...]
    findings: tuple[Shown, ...]
    sent: Sequence[Reply]
    takes_reply: bool
    console_url: str
    max_length: int | None
    closes: datetime | None
    window_unverified: bool
    held_back: str
    can_write: bool
    can_approve: bool
    can_send: bool
    alone: bool

    @property
    def key(self) -> str:
        """What tells the editor's fields from those of another text on the same page."""
        return f"f{self.follow_up.pk}" if self.follow_up else f"r{self.review.pk}"

    @property
    def url(self) -> str:
        """Where its buttons post to."""
        if self.follow_up is None:
            return reverse("replies:act", args=[self.review.pk])
        return reverse("replies:act_follow_up", args=[self.review.pk, self.follow_up.pk])

    @property
    def platform_name(self) -> str:
        return name(self.review.store.platform, reader_language())

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The styles a draft can be taken in: code and name."""
        return tuple((d.style, name(d.style, reader_language())) for d in self.drafts)

    @property
    def style_warning(self) -> str:
        """What the playbook warns of in the chosen style."""
        return next((d.warning for d in self.drafts if d.style == self.style), "")

    @property
    def language(self) -> str:
        """The language replies of this store are written in, for the reader's voice and hyphenation."""
        return self.review.store.language

    @property
    def state(self) -> str:
        """The reply's state, "draft" before there is one."""
        return self.reply.state if self.reply else Reply.State.DRAFT

    @property
    def on_platform(self) -> str:
        """The shop's reply as the platform's export showed it."""
        return (self.follow_up or self.review).platform_reply

    @property
    def shown(self) -> bool:
        """Whether there is something to write or to decide: not once a reply stands there already."""
        return self.reply is not None or not (self.sent or self.on_platform)

    @property
    def editable(self) -> bool:
        return self.can_write and self.state == Reply.State.DRAFT

    @property
    def can_request(self) -> bool:
        return self.editable and not (self.can_approve and self.alone)

    @property
    def can_send_back(self) -> bool:
        return self.can_approve and self.state == Reply.State.AWAITING

    @property
    def can_take_back(self) -> bool:
        return self.can_write and self.state in (Reply.State.AWAITING, Reply.State.APPROVED)

    @property
    def waits_for_other(self) -> bool:
        return self.state == Reply.State.AWAITING and not self.can_approve

    @property
    def asks_reasons(self) -> bool:
        return self.editable or self.can_approve

    @property
    def digest(self) -> str:
        return digest(self.text)

    @property
    def length(self) -> int:
        return len(self.text)


def editor(user: User, review: Review, follow_up: FollowUp | None = None, *, text: str | None = None) -> Editor:
    """The reply editor for one text: the open reply, else the first draft of the machine, with the lint's findings.

    text: what stands in the person's box right now, where that is newer than what is stored.
    """
    reply = open_reply(review, follow_up)
    verdict = verdict_of(review, follow_up)
    drafts = tuple(_drafts(review, follow_up, verdict))
    first = drafts[0] if drafts else None
    shown = text if text is not None else reply.text if reply else first.text if first else ""
    pack, store_id = pack_of(review.store.platform), review.store_id
    published = (follow_up or review).published(review.store.timezone)
    closes = reply_window_closes(pack.id, published) if published else None
    author = reply.author_id if reply else user.pk
    alone = stores.how_many_may(Verb.APPROVE, store_id) == 1
    decidable = reply is None or reply.state in (Reply.State.DRAFT, Reply.State.AWAITING)
    return Editor(
        review=review,
        follow_up=follow_up,
        reply=reply,
        text=shown,
        style=reply.style if reply else first.style if first else "",
        drafts=drafts,
        findings=_findings(review, follow_up, reply, shown),
        sent=sent_replies(review, follow_up),
        takes_reply=can_reply(pack.id) != "no",
        console_url=pack.console_url,
        max_length=pack.max_length.value,
        closes=closes if isinstance(closes, datetime) else None,
        window_unverified=closes == UNVERIFIED,
        held_back=held_back(verdict) if verdict is not None else "",
        can_write=stores.may(user, Verb.WRITE, store_id),
        can_approve=decidable and stores.may(user, Verb.APPROVE, store_id) and (author != user.pk or alone),
        can_send=stores.may(user, Verb.SEND, store_id),
        alone=alone,
    )


def _findings(review: Review, follow_up: FollowUp | None, reply: Reply | None, text: str) -> tuple[Shown, ...]:
    context = lint_context(review, follow_up, but=reply.pk if reply else None)
    result = lint(text, platform=review.store.platform, channel="public", language=reader_language(), context=context)
    reasons = reply.warnings if reply else {}
    return tuple(
        Shown(f.rule, f.severity, f.message, f.source, _quote(text, f.start, f.end), reasons.get(f.rule, ""))
        for f in result.findings
    )


def _quote(text: str, start: int, end: int) -> str:
    """The words a finding is about; none when it is about the whole text, which stands right above."""
    return text[start:end][:40] if end - start < len(text) else ""


def reader_language() -> str:
    """The language the reader has chosen for the desk, as the playbook names it: "zh", "de" or "en"."""
    return (get_language() or "zh")[:2]
