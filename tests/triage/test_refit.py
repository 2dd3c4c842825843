"""Bars learnt from checked verdicts: nothing without need, never beyond their limits, right where it can be known."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.verdicts import judgement
from wanhui.language import DEFAULT_ENGINE
from wanhui.language.bars import floors, own_bars
from wanhui.language.judgement import CAUSES, CauseScore
from wanhui.triage.corrections.barring import under
from wanhui.triage.corrections.refit import ENOUGH, HIGHEST, LOWEST, Checked, bars_of, refit

OWN = {"price": 0.35, "quality": 0.4}


def shop(bar: float, n: int, *, seed: int = 0, flips: float = 0.0, floor: float = 0.35) -> list[Checked]:
    """Checked verdicts of an invented shop in which `price` is truly meant from the score `bar` on, but for some."""
    chance = random.Random(seed)
    made = []
    for _one in range(n):
        score = chance.uniform(floor, 1.0)
        true = (score >= bar) != (chance.random() < flips)
        said = frozenset({"price"} if score >= OWN["price"] else ())
        made.append(Checked(said, {"price": score}, frozenset({"price"} if true else ())))
    return made


@pytest.mark.parametrize("bar", [0.5, 0.6, 0.7, 0.8])
@pytest.mark.parametrize("seed", range(4))
def test_the_bar_of_a_simulated_shop_is_found_again(bar: float, seed: int) -> None:
    found = bars_of(refit(shop(bar, 600, seed=seed, flips=0.05), OWN))
    assert found["price"] == pytest.approx(bar, abs=0.06)
    assert "quality" not in found


def test_a_bar_is_lowered_as_soon_as_the_scores_of_what_was_left_out_are_known() -> None:
    checked = shop(0.2, 600, flips=0.05, floor=0.0)
    assert bars_of(refit(checked, OWN)) == {}
    assert bars_of(refit(checked, OWN, floors={"price": 0.05}))["price"] == pytest.approx(0.2, abs=0.06)


def test_a_cause_that_is_always_taken_away_gets_a_bar_above_its_scores() -> None:
    checked = [Checked(frozenset({"price"}), {"price": 0.4 + n / 1000}, frozenset({"quality"})) for n in range(60)]
    assert bars_of(refit(checked, OWN))["price"] > 0.46


def test_too_few_checked_verdicts_move_nothing_and_say_how_many_there_are() -> None:
    found = refit(shop(0.8, ENOUGH - 1), OWN)
    assert bars_of(found) == {}
    assert [(each.code, each.checked, each.enough) for each in found] == [
        ("price", ENOUGH - 1, False), ("quality", 0, False)
    ]


def test_mistakes_are_told_before_and_after_on_held_out_verdicts() -> None:
    price = next(each for each in refit(shop(0.7, 400, flips=0.05), OWN) if each.code == "price")
    assert price.checked == 400
    assert price.mistakes > 2 * price.then > 0


@pytest.mark.parametrize("seed", range(20))
def test_scores_that_say_nothing_move_no_bar(seed: int) -> None:
    chance = random.Random(seed)
    checked = [
        Checked(frozenset({"price"}), {"price": chance.uniform(0.35, 1)},
                frozenset({"price"}) if chance.random() < 0.7 else frozenset())
        for _one in range(200)
    ]  # fmt: skip
    assert bars_of(refit(checked, OWN)) == {}


causes = st.frozensets(st.sampled_from(CAUSES[:4]), max_size=3)
scores = st.dictionaries(st.sampled_from(CAUSES[:4]), st.floats(0, 1), max_size=4)


@st.composite
def verdicts(draw: st.DrawFn) -> Checked:
    known = draw(scores)
    return Checked(draw(causes) & known.keys(), known, draw(causes))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(verdicts(), max_size=12), st.integers(1, 12),
    st.dictionaries(st.sampled_from(CAUSES[:4]), st.floats(0.0, 1.0), min_size=1),
    st.dictionaries(st.sampled_from(CAUSES[:4]), st.floats(0.0, 1.0)),
)
def test_a_new_bar_lies_within_its_limits_and_never_below_what_is_known(
    some: list[Checked], times: int, own: dict[str, float], floors: dict[str, float]
) -> None:
    found = bars_of(refit(some * times, own, floors))
    assert set(found) <= set(own)
    for code, bar in found.items():
        assert LOWEST <= bar <= HIGHEST
        assert bar >= min(own[code], floors.get(code, own[code])) - 0.001


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(scores, causes), max_size=12), st.integers(1, 12))
def test_verdicts_that_were_all_confirmed_change_nothing(some: list[tuple[dict[str, float], set[str]]], n: int) -> None:
    own = dict.fromkeys(CAUSES[:4], 0.3)
    checked = [
        Checked(frozenset(said & known.keys()), {code: known[code] for code in said & known.keys()},
                frozenset(said & known.keys()))
        for known, said in some
    ]  # fmt: skip
    assert bars_of(refit(checked * n, own)) == {}


def test_the_shipped_engine_states_a_bar_for_every_cause() -> None:
    bars = own_bars(DEFAULT_ENGINE)
    assert set(bars) == set(CAUSES)
    assert all(0 < bar < 1 for bar in bars.values())
    assert own_bars("nobody-shipped-this") == {}


def test_a_cause_below_the_stores_bar_is_left_out_and_kept_beside() -> None:
    found = judgement("price", "quality")
    barred = under(found, {"price": 0.95}, version=3)
    assert [cause.code for cause in barred.judgement.causes] == ["quality"]
    assert barred.judgement.primary == "quality"
    assert [cause.code for cause in barred.near] == ["price"]
    assert barred.version == 3
    assert not barred.judgement.unsure


def test_an_unhappy_text_that_loses_its_only_cause_is_unsure() -> None:
    barred = under(judgement("price"), {"price": 0.95})
    assert (barred.judgement.causes, barred.judgement.primary, barred.judgement.unsure) == ((), None, True)


def test_a_cause_that_nearly_reached_comes_in_under_a_lowered_bar() -> None:
    near = [CauseScore("price", None, 0.25, ((0, 2),)), CauseScore("noise", None, 0.1, ())]
    barred = under(judgement("quality"), {"price": 0.2, "noise": 0.2}, near=near)
    assert [cause.code for cause in barred.judgement.causes] == ["quality", "price"]
    assert [cause.code for cause in barred.near] == ["noise"]
    assert under(judgement(), {"price": 0.2}, near=near).judgement.causes == ()


def test_without_bars_of_its_own_a_store_hears_what_the_engine_said() -> None:
    found = judgement("price")
    assert under(found, {}).judgement is found


def test_an_engine_that_tells_what_it_nearly_said_states_how_far_down() -> None:
    own, down = own_bars(DEFAULT_ENGINE), floors(DEFAULT_ENGINE)
    assert set(down) == set(own)
    assert all(0 < down[code] < bar for code, bar in own.items())
    assert floors("linear-2026-11") == own_bars("linear-2026-11")
