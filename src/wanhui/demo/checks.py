"""What must hold in the told world: words from closed lists, keys that exist, and an order of events that can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import time

from wanhui.demo.table import StoryError
from wanhui.demo.told import MEASURE_GROUPS, History, Review, When, World
from wanhui.language.judgement import CAUSES

ROLES = frozenset(("owner", "manager", "lead", "agent", "scout", "after_sales", "quality", "marketing", "viewer"))
APPROVERS = frozenset(("owner", "manager", "lead"))
WORKERS = APPROVERS | {"agent", "after_sales"}
VERDICTS = frozenset(("good", "neutral", "bad"))
STAGES = ("discovered", "verified", "planned", "doing", "following", "summed_up", "closed")
OUTCOMES = frozenset(("changed_by_customer", "good_follow_up", "satisfied", "not_won", "removed_by_platform", "void"))
STYLES = frozenset(("official", "friend", "plaintive", "humorous", "apology"))
CHANNELS = frozenset(("chat", "phone", "sms", "mail", "letter"))
RESULTS = frozenset(("reached", "no_answer", "refused"))
WITHOUT_REPLY = frozenset(("otto",))


def check(world: World) -> None:
    """Raises `StoryError` at the first thing that cannot be."""
    _unique("store", (store.key for store in world.stores))
    _unique("product", (product.key for product in world.products))
    _unique("person", (person.key for person in world.people))
    _unique("review", (review.key for review in world.reviews))
    stores = {store.key for store in world.stores}
    for person in world.people:
        _known(person.key, "store", person.roles, stores)
        _known(person.key, "role", person.roles.values(), ROLES)
    for review in world.reviews:
        _check_review(world, review)


def _check_review(world: World, review: Review) -> None:
    products = {product.key: product for product in world.products if product.store == review.store}
    _known(review.key, "product", [review.product], products)
    if review.sku:
        _known(review.key, "sku", [review.sku], products[review.product].skus)
    if review.verdict:
        _known(review.key, "verdict", [review.verdict], VERDICTS)
    _known(review.key, "cause", review.about, CAUSES)
    if review.stars is not None:
        _known(review.key, "stars", [review.stars], range(1, 6))
    if review.stars is None and review.verdict is None and not review.text:
        raise StoryError(f"{review.key}: neither stars nor verdict nor text.")
    for follow_up in review.follow_ups:
        _after(review, follow_up.when.order, "follow-up")
        if follow_up.when.day < 0:
            raise StoryError(f"{review.key}: a follow-up lies in the future.")
    platform = next(store.platform for store in world.stores if store.key == review.store)
    if review.reply:
        _after(review, review.reply.when.order, "reply")
    history_reply = review.history.reply if review.history else None
    contacts = review.history.contacts if review.history else ()
    if platform in WITHOUT_REPLY and (review.reply or history_reply or contacts):
        raise StoryError(f"{review.key}: {platform} has no way to reply or to write about a review.")
    if review.history:
        _check_history(world, review, review.history)


def _check_history(world: World, review: Review, history: History) -> None:
    _known(review.key, "stage", [history.stage], STAGES)
    _known(review.key, "measure", (measure.kind for measure in history.measures), MEASURE_GROUPS)
    _known(review.key, "channel", (contact.channel for contact in history.contacts), CHANNELS)
    _known(review.key, "result", (contact.result for contact in history.contacts), RESULTS)
    staff = {person.key: person.roles[review.store] for person in world.people if review.store in person.roles}
    workers = {key for key, role in staff.items() if role in WORKERS}
    named = [history.assignee] if history.assignee else []
    named += [contact.who for contact in history.contacts] + [note.who for note in history.notes]
    _known(review.key, "person", named, workers)
    _known(review.key, "person", (measure.owner for measure in history.measures), staff)
    _check_order(review, history)
    _check_draft(review, history, staff)
    _check_end(review, history)


def _check_order(review: Review, history: History) -> None:
    told: list[When | None] = [*(contact.when for contact in history.contacts), *(note.when for note in history.notes)]
    told += [*(measure.done for measure in history.measures), history.reply.sent if history.reply else None]
    moments = [when for when in told if when]
    for when in [*moments, *(end for end in (history.claimed, history.closed) if end)]:
        _after(review, when.order, "history")
    if moments and not history.claimed:
        raise StoryError(f"{review.key}: work was done on a case that nobody has claimed.")
    if history.claimed and any(when.order < history.claimed.order for when in moments):
        raise StoryError(f"{review.key}: work was done before the case was claimed.")
    if history.closed and any(when.order > history.closed.order for when in moments):
        raise StoryError(f"{review.key}: work was done after the case was closed.")


def _check_draft(review: Review, history: History, staff: dict[str, str]) -> None:
    draft = history.reply
    if not draft:
        return
    _known(review.key, "style", [draft.style], STYLES)
    _known(review.key, "person", [draft.author], staff)
    if draft.approved_by:
        _known(review.key, "person", [draft.approved_by], staff)
        _known(review.key, "approver's role", [staff[draft.approved_by]], APPROVERS)
        if draft.approved_by == draft.author:
            raise StoryError(f"{review.key}: {draft.author} approved an own reply.")
    if draft.sent and not draft.approved_by:
        raise StoryError(f"{review.key}: a reply was sent that nobody approved.")


def _check_end(review: Review, history: History) -> None:
    ended = history.stage == "closed"
    if ended != bool(history.outcome) or ended != bool(history.closed):
        raise StoryError(f"{review.key}: a closed case, and only a closed one, has an outcome and a closing day.")
    if history.stage in ("summed_up", "closed") and not history.conclusion:
        raise StoryError(f"{review.key}: a case that is summed up needs its conclusion.")
    if history.outcome:
        _known(review.key, "outcome", [history.outcome], OUTCOMES)
    if history.stage not in ("discovered", "closed") and not history.assignee:
        raise StoryError(f"{review.key}: somebody must have the case at stage {history.stage}.")
    if history.outcome == "good_follow_up" and not review.follow_ups:
        raise StoryError(f"{review.key}: the case ended by a good follow-up that is not told.")
    open_measures = [measure.text for measure in history.measures if not measure.done]
    if ended and open_measures:
        raise StoryError(f"{review.key}: closed although a measure is open: {open_measures[0]}")


def _after(review: Review, order: tuple[int, time], what: str) -> None:
    if order[0] > 0 or order < review.when.order:
        raise StoryError(f"{review.key}: a {what} comes before the review or after today.")


def _unique(what: str, keys: Iterable[str]) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise StoryError(f"The {what} '{twice[0]}' is there twice.")


def _known(where: str, what: str, found: Iterable[object], allowed: Iterable[object]) -> None:
    known = set(allowed)
    for item in found:
        if item not in known:
            raise StoryError(f"{where}: the {what} '{item}' is not known.")
