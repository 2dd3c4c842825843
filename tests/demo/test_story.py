"""The demo world: complete, coherent, invented, and always in the past."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.demo import checks
from wanhui.demo.load import MOVED_IN
from wanhui.demo.story import EXPORT_HEADERS, Review, StoryError, When, World, export_rows, load, moments
from wanhui.demo.table import Table

TODAY = date(2026, 11, 21)
PLACEHOLDER = re.compile(r"填写(评价)?内容|填写评价|默认好评|觉得商品不错")


def customers_texts(world: World) -> Iterator[tuple[str, str]]:
    for review in world.reviews:
        yield review.key, review.text
        for follow_up in review.follow_ups:
            yield f"{review.key} follow-up", follow_up.text
    for row in export_rows("clothing", 365, TODAY):
        yield row["评价编号"], row["评价内容"]
        if row["追评内容"]:
            yield f"{row['评价编号']} follow-up", row["追评内容"].partition("：")[2]


def shops_texts(world: World) -> Iterator[tuple[str, str]]:
    for review in world.reviews:
        if review.reply:
            yield review.key, review.reply.text
        if review.history and review.history.reply:
            yield review.key, review.history.reply.text


def one(world: World, key: str) -> Review:
    return next(review for review in world.reviews if review.key == key)


def changed(world: World, key: str, **changes: object) -> World:
    reviews = tuple(replace(r, **changes) if r.key == key else r for r in world.reviews)  # type: ignore[arg-type]
    return replace(world, reviews=reviews)


# ── how much there is ────────────────────────────────────────────────────────


def test_four_shops_have_more_than_four_hundred_reviews(world: World) -> None:
    counts = Counter(review.store for review in world.reviews)
    assert set(counts) == {"clothing", "snacks", "hotel", "nordheim"}
    assert 400 <= sum(counts.values()) <= 460
    assert min(counts.values()) >= 40


def test_the_last_thirty_days_bring_enough_unhappy_reviews_to_every_shop(world: World) -> None:
    recent = [review for review in world.reviews if review.when.day <= 30 and (review.bad or review.middling)]
    assert len(recent) >= 60
    assert min(Counter(review.store for review in recent).values()) >= 10


def test_cases_stand_at_every_stage_and_end_in_every_way(world: World) -> None:
    histories = [review.history for review in world.reviews if review.history]
    assert len(histories) >= 25
    assert {history.stage for history in histories} == set(checks.STAGES)
    assert {history.outcome for history in histories if history.outcome} == checks.OUTCOMES
    assert sum(history.stage == "closed" for history in histories) >= 12


def test_only_bad_reviews_since_the_shops_moved_in_have_a_case(world: World) -> None:
    assert not [r.key for r in world.reviews if r.history and not (r.bad and r.when.day < MOVED_IN)]


def test_a_bad_review_older_than_two_days_is_in_somebodys_hands(world: World) -> None:
    assert not [r.key for r in world.reviews if r.bad and 2 <= r.when.day < MOVED_IN and not r.history]


def test_nearly_every_review_brings_stars(world: World) -> None:
    bare = [review for review in world.reviews if review.stars is None]
    assert 1 <= len(bare) <= 5
    assert not [review.key for review in bare if review.verdict is None]


def test_fresh_bad_reviews_wait_in_every_shop(world: World) -> None:
    waiting = {r.store for r in world.reviews if r.bad and r.when.day <= 1 and not r.history and not r.reply}
    assert waiting == {"clothing", "snacks", "hotel", "nordheim"}


def test_the_hard_texts_are_there(world: World) -> None:
    texts = [review.text for review in world.reviews]
    assert any("<script>" in text for text in texts)
    assert any("\n" in text for text in texts)
    assert any(len(text) >= 300 for text in texts)
    assert any(text == "" for text in texts)
    assert any(review.buyer.startswith("=HYPERLINK(") for review in world.reviews)


# ── coherent ─────────────────────────────────────────────────────────────────


def test_an_unknown_product_is_refused_by_name(world: World) -> None:
    with pytest.raises(StoryError, match="c-101: the product 'umbrella' is not known"):
        checks.check(changed(world, "c-101", product="umbrella"))


def test_an_unknown_cause_is_refused_by_name(world: World) -> None:
    with pytest.raises(StoryError, match="c-107: the cause 'weather' is not known"):
        checks.check(changed(world, "c-107", about=("weather",)))


def test_a_product_of_another_shop_is_refused(world: World) -> None:
    with pytest.raises(StoryError, match="c-101: the product 'juice'"):
        checks.check(changed(world, "c-101", product="juice"))


def test_a_reply_on_otto_is_refused(world: World) -> None:
    reply = one(world, "c-132").reply
    with pytest.raises(StoryError, match="otto has no way to reply"):
        checks.check(changed(world, "n-131", when=When(4, time(1)), reply=reply))


def test_a_reply_before_its_review_is_refused(world: World) -> None:
    with pytest.raises(StoryError, match="c-132: a reply comes before"):
        checks.check(changed(world, "c-132", when=When(3, time(9))))


def test_a_closed_case_without_outcome_is_refused(world: World) -> None:
    history = one(world, "c-108").history
    assert history
    with pytest.raises(StoryError, match="c-108: a closed case"):
        checks.check(changed(world, "c-108", history=replace(history, outcome=None)))


def test_work_after_the_closing_is_refused(world: World) -> None:
    history = one(world, "c-108").history
    assert history
    with pytest.raises(StoryError, match="c-108: work was done after the case was closed"):
        checks.check(changed(world, "c-108", history=replace(history, closed=When(6, time(9)))))


def test_work_before_the_claim_is_refused(world: World) -> None:
    history = one(world, "c-108").history
    assert history
    with pytest.raises(StoryError, match="c-108: work was done before the case was claimed"):
        checks.check(changed(world, "c-108", history=replace(history, claimed=When(7, time(9)))))


def test_a_good_follow_up_that_is_not_told_is_refused(world: World) -> None:
    with pytest.raises(StoryError, match="c-110: the case ended by a good follow-up"):
        checks.check(changed(world, "c-110", follow_ups=()))


def test_an_own_approval_is_refused(world: World) -> None:
    history = one(world, "c-108").history
    assert history
    assert history.reply
    own = replace(history, reply=replace(history.reply, author="wang"))
    with pytest.raises(StoryError, match="wang approved an own reply"):
        checks.check(changed(world, "c-108", history=own))


def test_somebody_who_does_not_work_in_the_shop_is_refused(world: World) -> None:
    history = one(world, "h-104").history
    assert history
    with pytest.raises(StoryError, match="h-104: the person 'anna'"):
        checks.check(changed(world, "h-104", history=replace(history, assignee="anna")))


def test_the_same_review_twice_is_refused(world: World) -> None:
    with pytest.raises(StoryError, match="review 'c-101' is there twice"):
        checks.check(replace(world, reviews=(*world.reviews, one(world, "c-101"))))


def test_reviews_of_one_incident_share_buyer_and_order_and_have_one_case(world: World) -> None:
    incident = [review for review in world.reviews if review.incident == "clothing-return-address"]
    assert len(incident) == 3
    assert len({(review.buyer, review.order) for review in incident}) == 1
    assert [r.history.outcome for r in incident if r.history and r.history.outcome != "void"] == ["satisfied"]


def test_a_misspelt_key_in_a_file_is_refused_with_its_place() -> None:
    table = Table("hotel.toml review h-1", {"id": "h-1", "txet": "…"})
    table.text("id")
    with pytest.raises(StoryError, match=r"hotel\.toml review h-1: unknown txet"):
        table.done(None)


def test_a_missing_key_is_refused_with_its_place() -> None:
    with pytest.raises(StoryError, match=r"hotel\.toml: 'name' is missing"):
        Table("hotel.toml", {}).text("name")


def test_somebody_who_only_inspects_may_have_no_case(world: World) -> None:
    history = one(world, "c-270").history
    assert history
    with pytest.raises(StoryError, match="c-270: the person 'qian'"):
        checks.check(changed(world, "c-270", history=replace(history, assignee="qian")))


def test_every_measure_belongs_to_a_coarser_kind(world: World) -> None:
    measures = [measure for review in world.reviews if review.history for measure in review.history.measures]
    assert {measure.group for measure in measures} == {"solution", "page", "supplier", "process", "training", "other"}


# ── times ────────────────────────────────────────────────────────────────────


def test_days_become_dates_in_the_zone_of_the_store(world: World) -> None:
    told = world.at(TODAY)
    assert one(told, "c-105").when.at == datetime(2026, 11, 20, 23, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert one(told, "n-101").when.at == datetime(2026, 11, 20, 19, 12, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_follow_up_comes_days_after_its_review(world: World) -> None:
    review = one(world.at(TODAY), "c-110")
    assert review.follow_ups[0].when.on - review.when.on == timedelta(days=8)


def test_a_review_with_a_date_only_gets_no_invented_time(world: World) -> None:
    when = one(world.at(TODAY), "c-233").when
    assert when.at is None
    assert when.on == TODAY - timedelta(days=90)


def test_an_undated_world_refuses_to_name_a_date(world: World) -> None:
    with pytest.raises(StoryError, match=r"call World\.at"):
        _ = world.reviews[0].when.on


def test_every_moment_is_relative_and_never_in_the_future(world: World) -> None:
    days = [when.day for when in moments(world.reviews)]
    assert min(days) == 0
    assert max(days) <= 120


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_whenever_the_demo_starts_nothing_told_lies_ahead(now: datetime) -> None:
    world = load()
    today = world.latest_today(now)
    assert now.date() - today <= timedelta(days=1)
    told = world.at(today)
    assert all(when.at is None or when.at <= now for when in moments(told.reviews))
    newest = max(review.when.at for review in told.reviews if review.when.at)
    assert now - newest < timedelta(days=1)


def test_a_moment_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(StoryError, match="'3 25:99' is no moment"):
        When.parse("3 25:99")


# ── invented and harmless ────────────────────────────────────────────────────


def test_no_phone_number_mail_address_or_identity_number_is_told(world: World) -> None:
    private = re.compile(
        r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)|[\w.+-]+@[\w-]+\.\w+|(?<!\d)\d{17}[\dXx](?!\d)|\+49"
    )
    told = [*customers_texts(world), *shops_texts(world)]
    told += [(r.key, f"{r.buyer}") for r in world.reviews]
    assert not [(key, text) for key, text in told if private.search(text)]


def test_every_buyer_is_masked(world: World) -> None:
    assert not [r.key for r in world.reviews if "**" not in r.buyer and not r.buyer.startswith("=")]


def test_no_reply_asks_for_a_changed_review_or_ties_money_to_it(world: World) -> None:
    asks = r"(改|删|撤|追加|补).{0,6}(评价|评论|差评|好评|星)"
    pays = r"(好评|五星|评价|差评).{0,12}(返|红包|券|赔|退款)|返现"
    tells = r"订单号|房间?号|微信|骗子|恶意|起诉"
    forbidden = re.compile(f"{asks}|{pays}|{tells}")
    assert not [(key, text) for key, text in shops_texts(world) if forbidden.search(text)]


def test_no_two_texts_are_nearly_equal(world: World) -> None:
    told = [
        (key, shingles(text))
        for key, text in [*customers_texts(world), *shops_texts(world)]
        if not PLACEHOLDER.search(text)
    ]
    told = [(key, parts) for key, parts in told if parts]
    close = [(a, b) for (a, x), (b, y) in combinations(told, 2) if len(x & y) > 0.4 * min(len(x), len(y))]
    assert not close


def shingles(text: str) -> set[str]:
    """Runs of three characters, without punctuation."""
    bare = re.sub(r"[\W_]", "", text)
    return {bare[i : i + 3] for i in range(len(bare) - 2)}


# ── the export of a seller ───────────────────────────────────────────────────


def test_the_export_brings_bad_reviews_that_the_story_does_not_hold(world: World) -> None:
    rows = export_rows("clothing", 30, TODAY)
    assert {tuple(row) for row in rows} == {EXPORT_HEADERS}
    assert sum(row["评价星级"] in ("1", "2") for row in rows) >= 8
    assert len({row["评价编号"] for row in rows}) == len(rows) == 25
    assert not {row["评价内容"] for row in rows if row["评价星级"] != "5"} & {r.text for r in world.reviews}


def test_the_export_begins_at_the_given_day_and_is_newest_first() -> None:
    times = [row["评价时间"] for row in export_rows("clothing", 3, TODAY)]
    assert times == sorted(times, reverse=True)
    assert times[-1] >= "2026-11-18"
    assert 0 < len(times) < 25


def test_an_export_of_a_shop_without_fresh_material_is_refused() -> None:
    with pytest.raises(StoryError, match="no fresh export for 'hotel'"):
        export_rows("hotel", 30, TODAY)
