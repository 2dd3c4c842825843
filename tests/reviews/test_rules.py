"""What makes two rows the same review."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.connectors.file.rows import FollowUpRow, ReviewRow
from wanhui.reviews import rules
from wanhui.reviews.rules import Decision, Kind, Ledger, Numbering, Survey

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 1, 12, 0, 7)


def row(text: str = "饼干碎了一半", **more: object) -> ReviewRow:
    plain = ReviewRow(
        row=0, text=text, raw=text, no_text=not text, stars=1, platform_verdict="", said_on=date(2026, 11, 1),
        said_at=None, precision="day", platform_id="", order_id="", buyer="小**梅", anonymous=None,
        product_name="云朵饼干", product_id="", sku="", shop="", reply="", reply_at=None, follow_ups=(), tags=(),
        media=(), problems=(), refused="", source={},
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def to_the_second(text: str, **more: object) -> ReviewRow:
    return row(text, said_at=NOON, precision="second", **more)


def later(text: str) -> FollowUpRow:
    return FollowUpRow(text, text, 3, None, None, "")


def bring(ledger: Ledger, rows: Sequence[ReviewRow]) -> list[Decision | None]:
    """One file after another into one ledger, as importing does; None for a row that is refused."""
    numbered = [replace(one, row=number) for number, one in enumerate(rows)]
    survey, numbering = Survey(SHANGHAI), Numbering()
    for one in numbered:
        survey.add(one)
    return [
        None
        if survey.first_with_other_words(one) is not None
        else ledger.what_is(rules.sight(one, survey, numbering))
        for one in numbered
    ]


def kinds(decisions: Sequence[Decision | None]) -> list[str]:
    return ["refused" if one is None else one.kind.value for one in decisions]


def new_in(decisions: Sequence[Decision | None]) -> int:
    return kinds(decisions).count("new")


# What the fingerprint holds, and what it does not.


@pytest.mark.parametrize(
    "change",
    [
        {"reply": "亲，很抱歉"},
        {"follow_ups": (later("商家补发了"),)},
        {"tags": ("破损",)},
        {"media": ("https://example.org/1.jpg",)},
        {"anonymous": True},
        {"text": "饼干 碎了一半！😡"},
        {"buyer": "小****梅"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_comes_later_or_drifts_leaves_the_fingerprint(change: dict[str, object]) -> None:
    assert rules.fingerprint(row(**change)) == rules.fingerprint(row())


@pytest.mark.parametrize(
    "change",
    [
        {"text": "饼干碎了一小半"},
        {"stars": 2},
        {"platform_verdict": "bad"},
        {"said_on": date(2026, 11, 2)},
        {"buyer": "大**力"},
        {"product_name": "云朵蛋糕"},
        {"product_id": "77"},
        {"sku": "大袋"},
        {"order_id": "20261101001"},
        {"said_at": NOON, "precision": "second"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_tells_two_reviews_apart_is_in_the_fingerprint(change: dict[str, object]) -> None:
    assert rules.fingerprint(row(**change)) != rules.fingerprint(row())


def test_one_moment_in_two_zones_is_one_fingerprint() -> None:
    here = row(said_at=NOON.replace(tzinfo=timezone(timedelta(hours=8))), precision="second")
    there = row(said_at=datetime(2026, 11, 1, 4, 0, 7, tzinfo=UTC), precision="second")
    assert rules.fingerprint(here) == rules.fingerprint(there)


def test_a_text_of_signs_alone_keeps_them() -> None:
    assert not rules.same_words("👍👍", "👎")


def test_changed_stars_make_a_judgement_stale() -> None:
    assert rules.text_digest("一般", 1) != rules.text_digest("一般", 5)


# New, known, edited, continued.


def test_equal_rows_of_one_file_are_all_kept() -> None:
    ledger = Ledger()
    assert kinds(bring(ledger, [row(), row(), row()])) == ["new"] * 3
    assert kinds(bring(ledger, [row(), row(), row(), row()])) == ["duplicate"] * 3 + ["new"]


def test_a_known_id_with_other_words_is_an_edit_and_the_older_file_changes_nothing_back() -> None:
    ledger = Ledger()
    bring(ledger, [row(platform_id="5")])
    [edited] = bring(ledger, [row("商家补发了，改好评", platform_id="5", stars=5)])
    [back] = bring(ledger, [row(platform_id="5")])
    assert edited is not None
    assert edited.kind is Kind.EDITED
    assert back is not None
    assert back.kind is Kind.DUPLICATE
    assert back.older


def test_missing_stars_are_no_change() -> None:
    ledger = Ledger()
    bring(ledger, [row(platform_id="5")])
    assert kinds(bring(ledger, [row(platform_id="5", stars=None)])) == ["duplicate"]
    assert kinds(bring(ledger, [row("", platform_id="5")])) == ["duplicate"]


def test_one_id_with_two_texts_in_one_file_is_refused_and_not_overwritten() -> None:
    assert kinds(bring(Ledger(), [row("好", platform_id="5"), row("坏", platform_id="5")])) == ["new", "refused"]


def test_an_edit_without_an_id_is_seen_by_product_buyer_and_second() -> None:
    ledger = Ledger()
    bring(ledger, [to_the_second("太慢了")])
    assert kinds(bring(ledger, [to_the_second("太慢了，不过客服解决了")])) == ["edited"]
    assert kinds(bring(ledger, [to_the_second("太慢了")])) == ["duplicate"]


@pytest.mark.parametrize(
    "rows",
    [
        [to_the_second("衣服小了"), to_the_second("衣服大了")],
        [to_the_second("衣服大了", buyer="匿名用户")],
        [to_the_second("衣服大了", buyer="***")],
        [to_the_second("衣服大了", buyer="")],
        [to_the_second("衣服大了", product_name="")],
        [to_the_second("衣服大了", order_id="2")],
        [row("衣服大了")],
        [row("衣服大了", said_at=NOON, precision="minute")],
    ],
    ids=["twice in the file", "nameless", "all masked", "no buyer", "no product", "other order", "day", "minute"],
)
def test_without_a_unique_product_buyer_and_second_it_is_a_new_review(rows: list[ReviewRow]) -> None:
    ledger = Ledger()
    first = to_the_second("太慢了", order_id="1")
    bring(ledger, [replace(first, buyer=rows[0].buyer, product_name=rows[0].product_name)])
    assert new_in(bring(ledger, rows)) == len(rows)


def test_a_follow_up_that_comes_later_is_added_once() -> None:
    ledger = Ledger()
    bring(ledger, [row()])
    [first] = bring(ledger, [row(follow_ups=(later("一周了还没退款"),))])
    assert first is not None
    assert (first.kind, first.add) == (Kind.FOLLOW_UP_ADDED, (0,))
    [second] = bring(ledger, [row(follow_ups=(later("一周了还没退款"), later("退了")))])
    assert second is not None
    assert (second.kind, second.add) == (Kind.FOLLOW_UP_ADDED, (1,))
    assert kinds(bring(ledger, [row()])) == ["duplicate"]


def test_an_export_with_ids_names_the_reviews_of_one_without() -> None:
    ledger = Ledger()
    bring(ledger, [row(), row()])
    decisions = bring(ledger, [row(platform_id="5"), row(platform_id="6"), row(platform_id="7")])
    assert kinds(decisions) == ["duplicate", "duplicate", "new"]
    assert [one.learns_id for one in decisions if one] == [True, True, False]


def test_ids_with_equal_content_are_different_reviews() -> None:
    ledger = Ledger()
    bring(ledger, [row(platform_id="5")])
    assert kinds(bring(ledger, [row(platform_id="6")])) == ["new"]


# Any file at all.

_texts = st.sampled_from(["", "好", "坏", "太慢", "太慢！"])
_follow_ups = st.lists(st.sampled_from(["退了", "没退"]).map(later), max_size=2).map(tuple)


def _rows(ids: st.SearchStrategy[str], *, seconds: bool) -> st.SearchStrategy[list[ReviewRow]]:
    moments = [(date(2026, 11, day), None, "day") for day in (1, 2)]
    if seconds:
        moments.append((date(2026, 11, 1), NOON, "second"))  # type: ignore[arg-type]
    made = st.builds(
        lambda text, stars, buyer, moment, sku, platform_id, more: row(
            text, stars=stars, buyer=buyer, said_on=moment[0], said_at=moment[1], precision=moment[2], sku=sku,
            platform_id=platform_id, follow_ups=more,
        ),
        _texts, st.sampled_from([None, 1, 5]), st.sampled_from(["", "小**梅", "大**力"]), st.sampled_from(moments),
        st.sampled_from(["", "大袋"]), ids, _follow_ups,
    )  # fmt: skip
    return st.lists(made, max_size=12)


anything = _rows(st.sampled_from(["", "", "1", "2", "3"]), seconds=True)
nameless = _rows(st.just(""), seconds=False)


@given(before=anything, file=anything)
def test_the_same_file_twice_changes_nothing(before: list[ReviewRow], file: list[ReviewRow]) -> None:
    ledger = Ledger()
    bring(ledger, before)
    bring(ledger, file)
    again = bring(ledger, file)
    assert set(kinds(again)) <= {"duplicate", "refused"}
    assert not any(one.add or one.learns_id for one in again if one)


@given(rows=nameless, cuts=st.tuples(st.integers(0, 12), st.integers(0, 12)))
def test_overlapping_halves_give_what_the_whole_gives(rows: list[ReviewRow], cuts: tuple[int, int]) -> None:
    """Every review is there; and every equal one, where one half holds them all."""
    start, end = min(cuts), max(cuts)
    ledger = Ledger()
    made = [one for half in (rows[:end], rows[start:]) for one in zip(half, bring(ledger, half), strict=True)]
    stored = [rules.fingerprint(one) for one, decision in made if decision and decision.kind is Kind.NEW]
    whole = [rules.fingerprint(one) for one in rows]
    halves = [[rules.fingerprint(one) for one in half] for half in (rows[:end], rows[start:])]
    assert set(stored) == set(whole)
    for print_ in set(whole):
        assert stored.count(print_) == max(half.count(print_) for half in halves) <= whole.count(print_)


@given(st.lists(st.tuples(_texts, st.sampled_from([1, 5])), max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_overlapping_halves_with_ids_give_exactly_the_whole(
    said: list[tuple[str, int]], one: int, other: int
) -> None:
    rows = [row(text, stars=stars, platform_id=str(number)) for number, (text, stars) in enumerate(said, 1)]
    ledger = Ledger()
    decisions = [*bring(ledger, rows[: max(one, other)]), *bring(ledger, rows[min(one, other) :])]
    assert new_in(decisions) == len(rows)
