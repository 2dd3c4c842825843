"""Urgency and its reasons; bad and middling."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triage.verdicts import judgement
from wanhui.language.judgement import CAUSES, FLAGS, SENTIMENTS, CauseScore, Judgement, nothing_said
from wanhui.triage.rules import (
    ALWAYS_NOW,
    DEFAULT,
    LOW,
    NORMAL,
    NOW,
    TODAY,
    Reach,
    is_bad,
    is_middling,
    reasons,
    severity,
    wants_a_look,
)


@pytest.mark.parametrize("flag", ["safety", "threat"])
def test_danger_and_law_are_now_whatever_the_star(flag: str) -> None:
    for star in (None, 1, 3, 5):
        assert severity(judgement("quality", flags=(flag,)), star) == NOW


@pytest.mark.parametrize("flag", ["demand", "churn"])
def test_a_demand_and_a_goodbye_are_today(flag: str) -> None:
    assert severity(judgement("delivery", flags=(flag,)), 2) == TODAY


def test_one_star_with_words_is_today_and_without_words_normal() -> None:
    assert severity(judgement("delivery"), 1) == TODAY
    assert severity(nothing_said("zh-Hans", "by-hand"), 1) == NORMAL
    assert reasons(nothing_said("zh-Hans", "by-hand"), 1) == ("bare_one_star",)


@pytest.mark.parametrize("cause", ["authenticity", "hygiene"])
def test_doubts_of_authenticity_and_dirt_are_today(cause: str) -> None:
    assert severity(judgement(cause), None) == TODAY


def test_an_ordinary_complaint_is_normal_and_a_happy_text_low() -> None:
    assert severity(judgement("delivery"), None) == NORMAL
    assert severity(judgement("delivery", sentiment="mixed"), 3) == NORMAL
    assert severity(judgement(), 5) == LOW
    assert reasons(judgement(), 5) == ()


@pytest.mark.parametrize("flag", ALWAYS_NOW)
def test_danger_and_law_are_now_even_in_a_text_that_reads_as_happy(flag: str) -> None:
    assert severity(judgement(flags=(flag,)), 5) == NOW
    assert reasons(judgement(flags=(flag,)), 5) == (flag,)


@pytest.mark.parametrize("flag", ALWAYS_NOW)
def test_no_table_lowers_danger_and_law(flag: str) -> None:
    for levels in ({}, {flag: LOW}, dict.fromkeys(DEFAULT.levels, LOW)):
        table = replace(DEFAULT, levels=MappingProxyType(levels))
        assert severity(judgement("quality", flags=(flag,)), 3, None, table) == NOW


def test_a_happy_text_has_no_other_reason_than_danger_law_and_contradiction() -> None:
    assert reasons(judgement(flags=("demand", "churn")), 5, Reach(readers=900, alike=9)) == ()


def test_a_reason_that_is_not_in_the_table_does_not_count() -> None:
    table = replace(DEFAULT, levels=MappingProxyType({"quality.broke": TODAY}))
    assert severity(judgement("delivery"), 1, None, table) == LOW
    broke = replace(judgement("quality"), causes=(CauseScore("quality", "quality.broke", 0.9, ()),))
    assert reasons(broke, 1, None, table) == ("quality.broke",)


def test_what_nobody_knows_of_reach_raises_nothing() -> None:
    assert reasons(judgement("quality"), 2, Reach()) == reasons(judgement("quality"), 2)


@pytest.mark.parametrize(
    ("found", "bad", "middling", "rated_well", "asks"),
    [
        (judgement("quality", unsure=True), True, False, False, True),
        (judgement("quality", unsure=True), False, False, True, True),
        (judgement(unsure=True), True, False, False, True),
        (judgement(unsure=True), False, True, False, True),
        (judgement(unsure=True), False, False, False, True),
        (judgement(unsure=True), False, False, True, False),
        (judgement("quality"), True, False, False, False),
        (judgement(flags=("safety",)), False, False, True, True),
        (judgement("quality", flags=("safety",)), True, False, False, False),
        (nothing_said("zh-Hans", "by-hand"), True, False, False, False),
    ],
)
def test_a_person_looks_first_where_the_desk_is_unsure_or_a_danger_would_go_unseen(
    found: Judgement, bad: bool, middling: bool, rated_well: bool, asks: bool
) -> None:
    assert wants_a_look(found, bad=bad, middling=middling, rated_well=rated_well) is asks


def test_many_alike_are_now_and_many_readers_today() -> None:
    text = judgement("quality")
    assert severity(text, 2, Reach(alike=DEFAULT.mass_from)) == NOW
    assert severity(text, 2, Reach(alike=DEFAULT.mass_from - 1)) == NORMAL
    assert reasons(text, 2, Reach(readers=DEFAULT.readers_from)) == ("widely_read", "two_stars", "negative")


def test_the_most_urgent_reason_comes_first() -> None:
    found = reasons(judgement("hygiene", flags=("churn", "safety")), 1)
    assert found == ("safety", "churn", "hygiene", "one_star", "negative")


def test_the_table_can_be_another() -> None:
    calm = replace(DEFAULT, levels=MappingProxyType({**DEFAULT.levels, "one_star": NORMAL}))
    assert severity(judgement("delivery"), 1, None, calm) == NORMAL


@given(
    st.lists(st.sampled_from(CAUSES), max_size=3, unique=True),
    st.sampled_from(SENTIMENTS),
    st.lists(st.sampled_from(FLAGS), max_size=6, unique=True),
    st.one_of(st.none(), st.integers(1, 5)),
    st.integers(0, 50),
)
def test_severity_is_that_of_the_first_reason(
    causes: list[str], sentiment: str, flags: list[str], star: int | None, alike: int
) -> None:
    text = judgement(*causes, sentiment=sentiment, flags=tuple(flags))
    found = reasons(text, star, Reach(alike=alike))
    assert severity(text, star, Reach(alike=alike)) == (DEFAULT.levels[found[0]] if found else LOW)
    assert set(found) <= set(DEFAULT.levels)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("stars", "platform", "sentiment", "bad", "middling"),
    [
        (1, "", None, True, False),
        (2, "neutral", "positive", True, False),
        (5, "bad", "positive", True, False),
        (None, "bad", None, True, False),
        (None, "", "negative", True, False),
        (None, "good", "negative", False, False),
        (3, "", "negative", False, True),
        (3, "", None, False, True),
        (5, "", "mixed", False, True),
        (None, "", "mixed", False, True),
        (None, "neutral", None, False, True),
        (4, "", "negative", False, False),
        (None, "", None, False, False),
        (5, "good", "positive", False, False),
    ],
)
def test_bad_and_middling_follow_the_definition(
    stars: int | None, platform: str, sentiment: str | None, bad: bool, middling: bool
) -> None:
    assert is_bad(stars, platform, sentiment) is bad
    assert is_middling(stars, platform, sentiment) is middling
