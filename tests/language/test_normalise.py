"""Texts as they are stored and compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language.normalise import clean, fold, fold_all, is_placeholder

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT.filter(lambda text: "&" not in text))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_a_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert "\r" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@given(ANY_TEXT)
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("等了好久&hellip;", "等了好久…"),
        ("&amp;lt;", "&lt;"),
        ("AT&T 和 R&amp", "AT&T 和 R&amp"),
        ("一行\r\n二行\r三行\u2028四行", "一行\n二行\n三行\n四行"),
        ("坏\x00了\x08", "坏了"),
        ("\ufeff好用\u200b", "好用"),
        ("好\u202e反过来", "好反过来"),
        ("\ud83d\ude21 生气", "😡 生气"),
        ("半个\ud83d", "半个"),
        ("Cafe\u0301", "Café"),
        ("  留下 中间  空格  ", "留下 中间  空格"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_cleaning_removes_only_what_says_nothing(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_folding_joins_the_writings_of_one_word() -> None:
    assert fold("退貨ＡＢＣ！") == fold("退货abc!")


@pytest.mark.parametrize(
    "text",
    [
        "此用户没有填写评价。",
        "此用户未填写评价内容",
        "评价方未及时做出评价,系统默认好评!",
        "该用户觉得商品不错",
        "您没有填写内容，默认好评",
        "此用戶沒有填寫評價",
        "此用户未及时填写评价内容，系统默认评价！",
        "系统默认好评！",
        "买家没有写评论",
        "No review text provided.",
        "There are no comments available for this review",
        "Es gibt keine Kommentare zu dieser Bewertung",
        "",
        " \n\t",
        "……！！",
        "???",
        None,
    ],
)
def test_a_filler_says_nothing(text: str | None) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "好评",
        "没有填写评价的人都是懒人",
        "无",
        "商品不错",
        "默认好评，其实很差",
        "6",
        "👍",
        "没有发票",
        "No comment on the food but the bed was bad",
    ],
)
def test_a_short_opinion_is_no_filler(text: str) -> None:
    assert not is_placeholder(text)


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=5))
def test_texts_are_folded_together_as_alone(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
