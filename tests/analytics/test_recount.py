"""Kept counts are what the raw rows say, whatever happened in whatever order."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.cast import Cast
from tests.reviews.making import as_csv, line, taken_in
from wanhui.analytics import actions, counting
from wanhui.analytics.models import CaseDay, EndingDay, ProductDay, ReviewDay
from wanhui.analytics.queries import figures
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.cases.rules import Outcome
from wanhui.kit import clock
from wanhui.pipeline.advance import advance
from wanhui.reviews.models import Review
from wanhui.stores import actions as stores
from wanhui.stores.models import Store
from wanhui.triage import actions as triage
from wanhui.triage.models import Verdict
from wanhui.work import actions as work
from wanhui.work.models import Stale

START = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
TEXTS = (
    "面料起球，穿一次就开线", "快递太慢，等了十天", "很好，质量不错，物流也快", "客服态度差，质量还可以", "一般", "",
)  # fmt: skip
OUTCOMES = [outcome.value for outcome in Outcome]


def by_hand(store: Store) -> dict[str, Counter[Any]]:
    """The same counts told in plain Python from every row, for comparison."""
    zone = ZoneInfo(store.timezone)
    reviews, products, seen, ended = Counter[Any](), Counter[Any](), Counter[Any](), Counter[Any]()
    for verdict in Verdict.objects.filter(current=True, follow_up=None, review__store=store).select_related("review"):
        review = verdict.review
        day = review.said_on or review.seen_at.astimezone(zone).date()
        for name, counts in (("judged", True), ("bad", verdict.bad), ("middling", verdict.middling)):
            reviews[day, verdict.primary, name] += counts
        for praise in verdict.praises:
            reviews[day, praise["code"], "praised"] += 1
        products[day, review.product_id, verdict.primary, "judged"] += 1
        products[day, review.product_id, verdict.primary, "bad"] += verdict.bad
    for case in Case.objects.filter(store=store):
        day, answered = case.seen_at.astimezone(zone).date(), case.first_reply_at
        in_time = answered is not None and answered - case.seen_at <= timedelta(hours=24)
        clocked = case.reply_due_at is not None
        seen.update({(day, "seen"): 1, (day, "clocked"): clocked, (day, "in_time"): clocked and in_time,
                     (day, "late"): clocked and answered is not None and not in_time})
        if case.closed_at is not None:
            ended[case.closed_at.astimezone(zone).date(), case.outcome] += 1
    return {"reviews": +reviews, "products": +products, "cases": +seen, "endings": +ended}


def kept(store: Store) -> dict[str, Counter[Any]]:
    """The rollups of a store in the same shape."""
    reviews, products, seen = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in ReviewDay.objects.filter(store=store):
        for name in ("judged", "bad", "middling", "praised"):
            reviews[row.day, row.cause, name] += getattr(row, name)
    for product in ProductDay.objects.filter(store=store):
        for name in ("judged", "bad"):
            products[product.day, product.product_id, product.cause, name] += getattr(product, name)
    for day in CaseDay.objects.filter(store=store):
        for name in ("seen", "clocked", "in_time", "late"):
            seen[day.day, name] += getattr(day, name)
    ended = Counter({(row.day, row.outcome): row.closed for row in EndingDay.objects.filter(store=store)})
    return {"reviews": +reviews, "products": +products, "cases": +seen, "endings": +ended}


class Desk:
    """What people and the worker may do in any order; a number picks the row it is done to."""

    def __init__(self, people: Cast) -> None:
        self.people = people
        self.numbers = 0

    def bring(self, n: int) -> None:
        """A file: new reviews, some without a date, some edited, some with a follow-up."""
        rows = []
        for k in range(1 + n % 3):
            self.numbers += 1
            known = n % 5 == 0 and self.numbers > 2
            when = "" if (n + k) % 4 == 0 else f"2026-10-{1 + (7 * n + k) % 31:02d} 23:{n % 60:02d}:00"
            rows.append(line(
                TEXTS[(n + k) % len(TEXTS)], id=f"no-{self.numbers - 2 if known else self.numbers}", at=when,
                product=f"商品{(n + k) % 3}", stars=str(1 + (n + k) % 5), later="用了就坏，太差" if n % 7 == 0 else "",
            ))  # fmt: skip
        store = self.people.clothes if n % 3 else self.people.hotel
        taken_in(store, as_csv(rows), self.people.mei, name=f"{self.numbers}.csv")

    def work(self, n: int) -> None:
        """The worker does what is due."""
        for step in work.due_steps():
            advance(step)

    def correct(self, n: int) -> None:
        verdict = self._pick(Verdict.objects.filter(current=True, follow_up=None).select_related("review"), n)
        if verdict is not None:
            mood, causes = [("negative", ["price"]), ("positive", []), ("negative", ["service", "damage"])][n % 3]
            triage.correct(verdict, actor=self.people.mei, sentiment=mood, causes=causes)

    def open(self, n: int) -> None:
        review = self._pick(Review.objects.filter(verdicts__current=True, case_review=None).distinct(), n)
        if review is not None:
            cases.open_case(review, actor=self.people.mei)

    def answer(self, n: int) -> None:
        case = self._pick(Case.objects.filter(first_reply_at=None), n)
        if case is not None:
            cases.reply_recorded(case, max(clock.now(), case.seen_at), actor=self.people.mei)

    def close(self, n: int) -> None:
        case = self._pick(Case.objects.filter(closed_at=None), n)
        if case is not None:
            cases.close(case, OUTCOMES[n % len(OUTCOMES)], "面料批次的问题", actor=self.people.mei)

    def reopen(self, n: int) -> None:
        case = self._pick(Case.objects.exclude(closed_at=None), n)
        if case is not None:
            cases.reopen(case, actor=self.people.mei)

    def move_zone(self, n: int) -> None:
        zone = ["Europe/Berlin", "Asia/Shanghai", "America/Los_Angeles"][n % 3]
        stores.change_settings(self.people.clothes, {"timezone": zone}, actor=self.people.mei)
        self.people.clothes.refresh_from_db()

    def count(self, n: int) -> None:
        actions.recount()

    @staticmethod
    def _pick(rows: Any, n: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None


DEEDS = (
    "bring", "bring", "work", "work", "correct", "open", "answer", "close", "close", "reopen", "move_zone", "count",
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 400)), min_size=4, max_size=24))
def test_after_any_story_the_kept_counts_are_those_told_by_hand_and_a_rebuild_changes_nothing(
    people: Cast, story: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        desk, now = Desk(people), START
        for deed, n in [*story, ("work", 0), ("count", 0)]:
            now += timedelta(minutes=n * 7)
            with clock.at(now):
                getattr(desk, deed)(n)
        for store in Store.objects.all():
            assert kept(store) == by_hand(store)
        assert not Stale.objects.exists()
        assert actions.rebuild(actor=None) == {}
        transaction.set_rollback(True)


def test_only_what_was_marked_is_counted_anew_and_a_second_count_finds_nothing(people: Cast) -> None:
    review = makers.review(people.clothes)
    triage.judge_reviews([review.pk], actor=None)
    assert figures(people.mei, clock.now()).bad_rate.denominator == 0
    assert actions.recount() == 1
    assert figures(people.mei, clock.now()).bad_rate.denominator == 1
    assert actions.recount() == 0


def test_a_day_marked_many_times_is_looked_at_once(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(50):
        with transaction.atomic():
            work.mark_stale(people.clothes.pk, [makers.today(), makers.today() - timedelta(days=1)])
    looked: list[list[date]] = []
    count: Callable[..., counting.Tally] = counting.counted
    monkeypatch.setattr(counting, "counted", lambda store, days: looked.append(list(days)) or count(store, days))
    actions.recount()
    assert looked == [[makers.today() - timedelta(days=1), makers.today()]]


def test_a_mark_made_while_counting_stays_and_is_counted_next_time(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = makers.review(people.clothes, "差"), makers.review(people.clothes, "也差")
    triage.judge_reviews([first.pk], actor=None)
    stored, busy = counting.stored, [second.pk]

    def meanwhile(store: Store, days: list[date]) -> counting.Tally:
        if busy:
            triage.judge_reviews([busy.pop()], actor=None)
        return stored(store, days)

    monkeypatch.setattr(counting, "stored", meanwhile)
    actions.recount()
    assert figures(people.mei, clock.now()).bad_rate.denominator == 2
    assert not Stale.objects.exists()


def test_of_two_who_count_at_once_the_older_look_is_thrown_away(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = makers.review(people.clothes, "差"), makers.review(people.clothes, "也差")
    triage.judge_reviews([first.pk], actor=None)
    counted, looks = counting.counted, list[int]()

    def overtaken(store: Store, days: list[date]) -> counting.Tally:
        found = counted(store, days)
        looks.append(len(looks))
        if len(looks) == 1:  # after this look, somebody else counts a newer state and is done
            triage.judge_reviews([second.pk], actor=None)
            actions.recount()
        return found

    monkeypatch.setattr(counting, "counted", overtaken)
    actions.recount()
    assert figures(people.mei, clock.now()).bad_rate.denominator == 2
    assert len(looks) == 3


def test_a_worker_that_dies_while_counting_leaves_its_marks(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    triage.judge_reviews([makers.review(people.clothes).pk], actor=None)

    def dies(store: Store, days: list[date]) -> counting.Tally:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(counting, "counted", dies)
        with pytest.raises(SystemExit):
            actions.recount()
    assert Stale.objects.exists()
    assert actions.recount() == 1


def test_a_rebuild_finds_and_mends_what_was_changed_behind_the_desk(people: Cast) -> None:
    triage.judge_reviews([makers.review(people.clothes).pk], actor=None)
    actions.recount()
    ReviewDay.objects.update(bad=7)
    found = actions.rebuild(actor=None)
    assert {store: len(days) for store, days in found.items()} == {people.clothes.pk: 1}
    assert figures(people.mei, clock.now()).bad_rate.numerator == 1
    assert actions.rebuild(actor=None) == {}
