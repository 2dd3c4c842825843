"""Giving verdicts: by an engine for many, by a person for one."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wanhui.accounts.models import User
from wanhui.accounts.rules import Verb
from wanhui.audit.actions import record
from wanhui.kit import clock
from wanhui.kit.batches import chunks
from wanhui.kit.errors import Refused
from wanhui.language import CAUSES, DEFAULT_ENGINE, FLAGS, Judgement, judge
from wanhui.language.judgement import Span
from wanhui.reviews.models import FollowUp, Review
from wanhui.stores.models import Store
from wanhui.stores.queries import require
from wanhui.triage import queries
from wanhui.triage.corrections.barring import Barred
from wanhui.triage.corrections.queries import barred
from wanhui.triage.models import Verdict
from wanhui.triage.weighing import HAPPY, PERSON, weigh
from wanhui.work import actions as work
from wanhui.work.models import Step

_BATCH = 250
# What is read of a review to be judged.
_READ = ("text", "text_digest", "stars", "platform_verdict", "store_id", "product_id", "said_on", "seen_at",
         "platform_reply", "readers")  # fmt: skip


def judge_reviews(review_ids: Sequence[int], *, actor: User | None, step: Step | None = None) -> int:
    """Judge these reviews and their follow-ups with the default engine; how many verdicts were given.

    Idempotent: a text that has a verdict for its present words is left alone, so a person's word stays. Notes
    "verdicts.given" for what was judged, in the same transaction. A worker that lost its step meanwhile stores
    nothing: whoever has it now does it.
    """
    given = 0
    for ids in chunks(review_ids, _BATCH):
        verdicts = _judged(_open_texts(ids))
        with transaction.atomic():
            if step is not None and not work.renew(step):
                return given
            queries.hold(ids)
            verdicts = _still_open(ids, verdicts)
            given += len(verdicts)
            _store(verdicts)
            # A step's own words make noting it twice the same; by hand every time is a new one.
            ref = step.ref if step else f"by hand {clock.now():%Y%m%dT%H%M%S.%f}"
            if step or verdicts:
                work.note("verdicts.given", f"{ref}/{ids[0]}", ids=ids)
            if verdicts:
                record(
                    "triage.judge",
                    actor=actor,
                    kind="review",
                    ref=f"{ids[0]}–{ids[-1]}",
                    store=_only_store(verdicts),
                    counts={"verdicts": len(verdicts)},
                )
    return given


def _still_open(ids: Sequence[int], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Without those whose text was judged while the engine was reading, by a person perhaps."""
    known = _known(ids)
    return [v for v in verdicts if known.get((v.review_id, v.follow_up_id)) != v.text_digest]


def _known(ids: Sequence[int]) -> dict[tuple[int, int | None], str]:
    """The digest of the words that each text's current verdict is about, by (review, follow-up or None)."""
    current = Verdict.objects.filter(review_id__in=ids, current=True)
    return {
        (review, later): digest
        for review, later, digest in current.values_list("review_id", "follow_up_id", "text_digest")
    }


def _only_store(verdicts: Sequence[Verdict]) -> int | None:
    """The store all of these belong to, as those of one import do; None for several."""
    found = {verdict.review.store_id for verdict in verdicts}
    return found.pop() if len(found) == 1 else None


def _open_texts(ids: Sequence[int]) -> list[tuple[Review, FollowUp | None]]:
    """Texts among these whose current verdict is missing or is about earlier words."""
    reviews = Review.objects.filter(pk__in=ids).only(*_READ, "product__name").select_related("product")
    known = _known(ids)
    texts: list[tuple[Review, FollowUp | None]] = []
    for review in reviews.prefetch_related("follow_ups").order_by("pk"):
        if known.get((review.pk, None)) != review.text_digest:
            texts.append((review, None))
        texts.extend((review, f) for f in review.follow_ups.all() if known.get((review.pk, f.pk)) != f.text_digest)
    return texts


def _judged(texts: list[tuple[Review, FollowUp | None]], engine: str = DEFAULT_ENGINE) -> list[Verdict]:
    """A star belongs to the first text. A follow-up is read by its words alone; only where these leave the engine
    unsure does a happy customer's star speak too, so "still no pilling" opens no case and "the seam burst" does."""
    found = _read([(r, f, None if f else r.stars) for r, f in texts], engine)
    doubtful = [n for n, (r, f) in enumerate(texts) if f and found[n].unsure and (r.stars or 0) >= HAPPY]
    again = _read([(*texts[n], texts[n][0].stars) for n in doubtful], engine)
    for n, second in zip(doubtful, again, strict=True):
        found[n] = second
    judged = zip(texts, barred([r.store_id for r, _f in texts], found, engine), strict=True)
    return weigh([(_verdict(r, f, each), each.judgement) for (r, f), each in judged])


def _read(texts: list[tuple[Review, FollowUp | None, int | None]], engine: str) -> list[Judgement]:
    return judge(
        [(f or r).text for r, f, _stars in texts],
        ratings=[stars for _r, _f, stars in texts],
        products=[r.product.name if r.product else None for r, _f, _stars in texts],
        engine=engine,
    )


def _verdict(review: Review, follow_up: FollowUp | None, barred: Barred) -> Verdict:
    found = barred.judgement
    as_json = found.to_json()
    return Verdict(
        review=review,
        follow_up=follow_up,
        engine=found.engine,
        text_digest=(follow_up or review).text_digest,
        language=found.language,
        no_text=found.no_text,
        unsure=found.unsure,
        sentiment=found.sentiment or "",
        causes=as_json["causes"],
        praises=as_json["praises"],
        primary=found.primary or "",
        flags=list(found.flags),
        near=[cause.to_json() for cause in barred.near],
        bars_version=barred.version,
    )


def note_answered(review_ids: Sequence[int]) -> None:
    """The shop has answered these reviews: mark it where the list of those without an answer is read. Part of the verb
    that learnt it."""
    Verdict.objects.filter(review_id__in=review_ids, current=True, follow_up=None).update(answered=True)


def _store(verdicts: Sequence[Verdict]) -> None:
    current = Verdict.objects.filter(current=True)
    firsts = current.filter(follow_up=None, review_id__in=[v.review_id for v in verdicts if v.follow_up_id is None])
    answered = set(firsts.filter(answered=True).values_list("review_id", flat=True))
    for verdict in verdicts:
        verdict.answered = verdict.answered or (verdict.follow_up_id is None and verdict.review_id in answered)
    firsts.update(current=False)
    current.filter(follow_up_id__in=[v.follow_up_id for v in verdicts if v.follow_up_id]).update(current=False)
    Verdict.objects.bulk_create(verdicts)
    _count_anew([verdict.review for verdict in verdicts if verdict.follow_up_id is None])


def _count_anew(reviews: Sequence[Review]) -> None:
    """The figures of these reviews' days are stale now: one mark a store."""
    days: dict[int, set[date]] = {}
    undated = [review for review in reviews if review.said_on is None]
    zones = _zones({review.store_id for review in undated})
    for review in reviews:
        day = review.said_on or clock.day_in(review.seen_at, zones[review.store_id])
        days.setdefault(review.store_id, set()).add(day)
    for store_id, touched in days.items():
        work.mark_stale(store_id, touched)


def _zones(store_ids: set[int]) -> dict[int, str]:
    return dict(Store.objects.filter(pk__in=store_ids).values_list("pk", "timezone")) if store_ids else {}


def confirm(verdict: Verdict, *, actor: User) -> Verdict:
    """Say yes to what an engine said: it counts as looked at by a person from now on, and drafts are made from it.

    Refused where another verdict counts by now; a second yes changes nothing. What the engine said stays as it is.
    """
    require(actor, Verb.CORRECT, verdict.review.store_id)
    with transaction.atomic():
        queries.hold([verdict.review_id])
        found = Verdict.objects.filter(pk=verdict.pk, current=True)
        if not found.exists():
            raise Refused(_("This verdict was changed meanwhile. Look at it as it is now, then try again."))
        if found.filter(by=None, checked_by=None).update(checked_by=actor, checked_at=clock.now(), to_check=False):
            record("triage.confirm", actor=actor, kind="review", ref=verdict.review_id, store=verdict.review.store_id)
    verdict.refresh_from_db()
    return verdict


def correct(
    verdict: Verdict,
    *,
    actor: User,
    sentiment: str,
    causes: Sequence[str],
    primary: str = "",
    flags: Sequence[str] = (),
    evidence: Mapping[str, Sequence[Span]] | None = None,
) -> Verdict:
    """A person's own verdict in place of an engine's; the old one stays in the record, and nothing else is judged anew.

    causes: codes ("delivery") or sub-causes ("delivery.slow"), strongest first. evidence: where the text says a cause,
    by code, in code points. A cause that is not in it keeps the engine's; one that only the person sees has none.
    Refused for unknown words, a positive text with causes, or evidence that lies outside the text.
    """
    require(actor, Verb.CORRECT, verdict.review.store_id)
    codes = [cause.split(".")[0] for cause in causes]
    if sentiment not in {"negative", "mixed", "positive"} or set(codes) - set(CAUSES) or set(flags) - set(FLAGS):
        raise Refused(_("This verdict has a word the desk does not know. Choose from the list."))
    if sentiment == "positive" and causes:
        raise Refused(_("A satisfied customer has no cause of complaint. Remove the causes or choose another mood."))
    primary = primary if primary in codes else (codes[0] if codes else "")
    length = len((verdict.follow_up or verdict.review).text)
    if not all(0 <= start < end <= length for spans in (evidence or {}).values() for start, end in spans):
        raise Refused(_("These words are not in the text. Copy them from it."))
    new = _corrected(verdict, sentiment, causes, primary, flags, evidence or {})
    new.by = actor
    new.about_id = verdict.about_id if verdict.engine == PERSON else verdict.pk
    with transaction.atomic():
        queries.hold([verdict.review_id])
        _store([new])
        work.note("verdicts.given", f"verdict/{new.pk}", ids=[verdict.review_id])
        record(
            "triage.correct",
            actor=actor,
            kind="review",
            ref=verdict.review_id,
            store=verdict.review.store_id,
            fields=["causes", "flags", "primary", "sentiment", *(["evidence"] if evidence else [])],
        )
    return new


def _corrected(
    old: Verdict, sentiment: str, causes: Sequence[str], primary: str, flags: Sequence[str],
    said: Mapping[str, Sequence[Span]],
) -> Verdict:
    evidence = {cause["code"]: cause["evidence"] for cause in (*old.near, *old.causes)}
    evidence |= {code: [[start, end] for start, end in sorted(spans)] for code, spans in said.items()}
    found = [
        {"code": code, "sub": cause if "." in cause else None, "score": 1.0, "evidence": evidence.get(code, [])}
        for cause in dict.fromkeys(causes)
        for code in [cause.split(".")[0]]
    ]
    verdict = Verdict(
        review=old.review,
        follow_up=old.follow_up,
        engine=PERSON,
        text_digest=old.text_digest,
        language=old.language,
        no_text=old.no_text,
        sentiment=sentiment,
        causes=found,
        praises=old.praises,
        primary=primary,
        flags=list(flags),
    )
    return weigh([(verdict, verdict.as_judgement())])[0]
