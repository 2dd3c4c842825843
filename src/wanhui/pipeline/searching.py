"""Bringing things into the search: what an import stored, batch by batch, and everything that was there before."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Model

from wanhui.cases import sought as cases
from wanhui.cases.models import Case
from wanhui.customers import sought as customers
from wanhui.customers.models import Customer
from wanhui.kit.batches import chunks
from wanhui.replies import sought as replies
from wanhui.replies.models import Reply
from wanhui.reviews import sought as reviews
from wanhui.reviews.models import Review
from wanhui.search import actions as search
from wanhui.search.rules import Item, Kind
from wanhui.stores import sought as stores
from wanhui.stores.models import Product
from wanhui.work import actions as work
from wanhui.work.models import Step

SOUGHT: dict[Kind, tuple[type[Model], Callable[[Sequence[int]], list[Item]]]] = {
    Kind.PRODUCT: (Product, stores.items),
    Kind.CASE: (Case, cases.items),
    Kind.REPLY: (Reply, replies.items),
    Kind.CUSTOMER: (Customer, customers.items),
    Kind.REVIEW: (Review, reviews.items),
}
FILL = "search.fill"
_BATCH = 500
_A_STEP = 5_000


def received(step: Step) -> None:
    """Reviews that were taken in are found by their words within seconds; an import does not wait for it."""
    for ids in chunks(step.ids, _BATCH):
        _bring_in(Review, reviews.items, ids)


def _bring_in(model: type[Model], items: Callable[[Sequence[int]], list[Item]], ids: Sequence[int]) -> None:
    """Locked before they are read: of two workers the later one writes what is true then."""
    with transaction.atomic():
        locked = model._default_manager.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        search.put(items(list(locked.values_list("pk", flat=True))))


def fill(step: Step) -> None:
    """A stretch of one kind, newest first, noting the next stretch: `step.ids` is [kind, the id to go on below].

    The newest come first, because they are searched for most; pages stay quick, because no transaction is long.
    """
    kind, below = Kind(step.ids[0]), step.ids[1]
    model, items = SOUGHT[kind]
    ids = list(model._default_manager.filter(pk__lt=below).order_by("-pk").values_list("pk", flat=True)[:_A_STEP])
    for part in chunks(ids, _BATCH):
        _bring_in(model, items, part)
        work.renew(step)
    if len(ids) == _A_STEP:
        run = step.ref.partition("/")[0]
        with transaction.atomic():
            work.note(FILL, f"{run}/{kind}/{ids[-1]}", ids=[kind, ids[-1]])
