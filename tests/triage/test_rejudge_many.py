"""Twenty thousand reviews judged again: memory does not grow with them."""

import gc
import tracemalloc
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.triage.other_engine import NAME, Words, other
from wanhui.kit import clock
from wanhui.pipeline import helper
from wanhui.pipeline import rejudging as pipeline
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review
from wanhui.stores.models import Store
from wanhui.triage.models import Rejudging, Verdict
from wanhui.triage.rejudging import actions, queries
from wanhui.triage.rejudging.rules import Tally

__all__ = ["other"]

MANY = 20_000
FEW = 4_000
SAID = ("一切都好，就是起球", "快递盒压扁了", "面料很舒服，很满意", "太贵了，不值", "客服一直不回消息，等了三天")


def stored(store: Store, many: int) -> None:
    """So many judged reviews of the last two years."""
    now = clock.now()
    for first in range(0, many, 2_000):
        reviews = Review.objects.bulk_create([
            Review(
                store=store, fingerprint=f"f{n}", text_digest=f"d{n}", text=f"{SAID[n % 5]}，{n}号", stars=None,
                said_on=(now - timedelta(days=100 + n % 600)).date(), seen_at=now,
            )
            for n in range(first, first + 2_000)
        ])
        Verdict.objects.bulk_create([
            Verdict(
                review=review, engine="before", made_at=now, text_digest=review.text_digest, language="zh-Hans",
                sentiment="positive", severity=4, bad=False, middling=False, store_ref=store.pk,
                said_on=review.said_on,
            )
            for review in reviews
        ])


def looked_at(scope: queries.Scope) -> tuple[Tally, int]:
    """What the walk found, and how many bytes it held at the most."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # Python's own pace: a command tried before may have made it slower
    gc.collect()
    tracemalloc.start()
    try:
        for _reviews, tally in pipeline.preview(scope):
            assert len(tally.examples) <= 30
        return tally, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*before)


@pytest.mark.slow
@pytest.mark.timeout(900)  # every allocation is looked at
def test_twenty_thousand_reviews_are_looked_at_and_replaced_in_bounded_memory(
    people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "_pays", lambda: False)  # a second process would not see this test's database
    stored(people.clothes, MANY)
    ends = list(Review.objects.order_by("pk").values_list("pk", flat=True)[FEW - 1 :: MANY - FEW])
    _warm, first = looked_at(queries.Scope(people.clothes, NAME, upto=ends[0]))
    few, little = looked_at(queries.Scope(people.clothes, NAME, upto=ends[0]))
    tally, much = looked_at(queries.Scope(people.clothes, NAME, upto=ends[1]))
    assert (few.looked, tally.looked) == (FEW, MANY)
    assert much < 1.25 * max(little, first)
    made = actions.ask_rejudging(people.clothes, NAME, tally=tally, actor=people.mei)
    actions.confirm_rejudging(made, actor=people.mei)
    drain()
    assert Rejudging.objects.get().state == "applied"
    assert Verdict.objects.filter(current=True, engine=NAME).count() == MANY
    assert Verdict.objects.filter(current=False, engine="before").count() == MANY
