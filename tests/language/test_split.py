"""Clauses with their offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language.normalise import fold
from wanhui.language.split import clauses, clauses_of_all


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("快递慢，包装差。客服不理人！", ["快递慢", "包装差", "客服不理人"]),
        ("质量不错但是太贵", ["质量不错", "但是太贵"]),
        ("衣服好看就是有点薄", ["衣服好看", "就是有点薄"]),
        ("質量可以不過太貴了", ["質量可以", "不過太貴了"]),
        ("花了1,299.50元 不值", ["花了1,299.50元", "不值"]),
        ("Nice room, but the bed was hard.", ["Nice room", "but the bed was hard"]),
        ("Schön aber zu klein; sonst gut", ["Schön", "aber zu klein", "sonst gut"]),
        ("味道、分量都行", ["味道、分量都行"]),
        ("（包装破了）", ["包装破了"]),
        ("太差了😡", ["太差了"]),
        ("！😡👎！", ["😡👎"]),
        ("……", []),
        ("", []),
    ],
)
def test_a_text_falls_into_the_clauses_that_can_carry_one_complaint(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(st.text(st.characters(exclude_categories=())))
def test_clauses_follow_each_other_inside_the_text(text: str) -> None:
    at = 0
    for start, end in clauses(text):
        assert at <= start < end <= len(text)
        at = end


@given(st.text("好坏慢abc 1，。,.!但", max_size=60))
def test_no_letter_is_lost_between_clauses(text: str) -> None:
    def letters(part: str) -> str:
        return "".join(char for char in part if char.isalnum())

    assert letters("".join(pieces(text))) == letters(text)


PIECES = st.sampled_from(
    ["好", "慢", "不过", "但是", " ", "  ", "\n", "，", "。", "...", "1", ".5", ",000", " - ", "——", "but ", " aber",
     "😀", "x", "\ud800"]
)


@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=6))
def test_texts_have_the_same_clauses_in_company_as_alone(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    assert clauses_of_all(folded).by_text() == [clauses(text) for text in texts]
