"""A shop's own causes: words, likeness to examples, denials, and never more than linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language.own_causes import MOST_SPANS, Finder, Found, Recipe

PARKING = Recipe(
    words=("停车", "车位", "park*"),
    examples=("到了酒店车没地方停，绕了三圈", "酒店门口根本不让停车"),
    counters=("停车很方便，门口就有位置",),
)


def said(recipe: Recipe, text: str) -> list[str]:
    found = Finder(recipe).find(text)
    return [] if found is None else [text[start:end] for start, end in found.spans]


def test_a_word_is_found_where_it_stands() -> None:
    assert said(PARKING, "房间很好，就是停车太难了") == ["停车"]


def test_a_word_is_found_in_traditional_characters_and_full_width() -> None:
    assert said(PARKING, "停車難😡") == ["停車"]
    assert said(PARKING, "ＰＡＲＫＩＮＧ was full") == ["ＰＡＲＫＩＮＧ"]


def test_a_latin_word_is_found_whole_and_with_a_star_with_any_ending() -> None:
    assert said(Recipe(words=("park",)), "the parkour was great") == []
    assert said(Recipe(words=("park*",)), "the parkour was great") == ["parkour"]
    assert said(Recipe(words=("Parkplatz",)), "Kein Ort: der Parkplatz war voll") == ["Parkplatz"]


def test_a_star_inside_a_word_stands_for_a_few_characters_of_the_clause() -> None:
    recipe = Recipe(words=("等*久",))
    assert said(recipe, "前台等了好久才来人") == ["等了好久"]
    assert said(recipe, "等了一会。人很久没来") == []


@pytest.mark.parametrize("text", ["没有停车问题", "不停车直接走", "no parking problem"])
def test_what_is_denied_is_not_found(text: str) -> None:
    assert said(Recipe(words=("停车", "parking")), text) == []


def test_a_word_that_denies_itself_is_found() -> None:
    assert said(Recipe(words=("没有车位",)), "晚上回来没有车位") == ["没有车位"]


def test_a_clause_like_an_example_is_found_without_any_of_the_words() -> None:
    recipe = Recipe(examples=("到了酒店车没地方停，绕了三圈",))
    assert said(recipe, "早餐一般。车没地方停") == ["车没地方停"]


def test_a_counter_example_stops_what_is_nearer_to_it() -> None:
    assert said(PARKING, "停车很方便") == []
    assert said(PARKING, "门口根本不让停车") == ["停车"]


def test_what_counts_as_praise_is_left_out() -> None:
    text = "停车方便，停车费太贵"
    found = Finder(PARKING).find(text, without=[(0, 4)])
    assert found is not None
    assert found.spans == ((5, 7),)


def test_a_recipe_without_words_and_examples_finds_nothing() -> None:
    assert Finder(Recipe(words=("*", " "), examples=("好",))).find("停车难") is None


def test_signs_of_patterns_in_a_word_are_only_signs() -> None:
    assert said(Recipe(words=("c++", "a.b")), "这本C++不如axb") == ["C++"]


@given(st.text(max_size=200), st.lists(st.text(max_size=12), max_size=5), st.lists(st.text(max_size=40), max_size=3))
def test_spans_lie_in_the_text_in_order_and_the_same_recipe_says_the_same(
    text: str, words: list[str], examples: list[str]
) -> None:
    recipe = Recipe(tuple(words), tuple(examples))
    found = Finder(recipe).find(text)
    assert found == Finder(recipe).find(text)
    if found is not None:
        assert 0 < len(found.spans) <= MOST_SPANS
        assert list(found.spans) == sorted(found.spans)
        assert all(0 <= start < end <= len(text) for start, end in found.spans)
        assert isinstance(found, Found)
        assert 0.5 <= found.like <= 1


@pytest.mark.parametrize("text", ["停" * 500_000, "停车" * 250_000, "，" * 500_000, "a" * 500_000, "a " * 250_000])
def test_half_a_million_characters_are_read_at_once(text: str) -> None:
    begun = time.perf_counter()
    Finder(PARKING).find(text)
    assert time.perf_counter() - begun < 1
