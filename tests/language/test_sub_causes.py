"""Sub-causes by pattern."""

import time

import pytest

from wanhui.language import CAUSES, patterns
from wanhui.language.finer import sub_cause, sub_causes
from wanhui.language.normalise import fold


@pytest.mark.parametrize(
    ("text", "language", "sub"),
    [
        ("快递员不让开箱验货", "zh-Hans", "delivery.refused_inspection"),
        ("物流太慢", "zh-Hans", "delivery.slow"),
        ("快遞員不送上樓", "zh-Hant", "delivery.not_to_door"),
        ("拖了五天才发货", "zh-Hans", "fulfilment.slow_dispatch"),
        ("少发了一件", "zh-Hans", "fulfilment.missing"),
        ("发错颜色了", "zh-Hans", "fulfilment.wrong_item"),
        ("有色差", "zh-Hans", "mismatch.colour"),
        ("尺码偏小", "zh-Hans", "mismatch.size"),
        ("分量太少了", "zh-Hans", "mismatch.portion"),
        ("味道很奇怪，不好吃", "zh-Hans", "quality.taste"),
        ("客服一直不回复", "zh-Hans", "service.no_answer"),
        ("刚买就降价", "zh-Hans", "price.dropped"),
        ("退货运费还要自己出", "zh-Hans", "aftersales.freight"),
        ("有蟑螂", "zh-Hans", "hygiene.insect"),
        ("the size is too small", "en", "mismatch.size"),
        ("Die Flasche war ausgelaufen", "de", "damage.leaking"),
        ("die Erstattung dauert", "de", "aftersales.refund"),
    ],
)
def test_the_words_name_the_sub_cause(text: str, language: str, sub: str) -> None:
    assert sub_cause(sub.partition(".")[0], [fold(text)], language) == sub


def test_words_that_name_nothing_particular_give_none() -> None:
    assert sub_cause("quality", ["不行"], "zh-Hans") is None


def test_a_cause_without_a_table_gives_none() -> None:
    assert sub_cause("unspecific", ["垃圾"], "zh-Hans") is None


def test_every_sub_cause_belongs_to_a_cause_and_is_named_once() -> None:
    codes = sub_causes()
    assert len(set(codes)) == len(codes)
    assert {code.partition(".")[0] for code in codes} == set(CAUSES) - {"unspecific"}


@pytest.mark.parametrize(
    ("cause", "text", "language"),
    [
        ("authenticity", "这不是假货", "zh-Hans"),
        ("hygiene", "没有异味", "zh-Hans"),
        ("noise", "房間不吵", "zh-Hant"),
        ("price", "一点也不贵", "zh-Hans"),
        ("noise", "it was not noisy", "en"),
        ("price", "gar nicht teuer", "de"),
    ],
)
def test_what_is_denied_names_none(cause: str, text: str, language: str) -> None:
    assert sub_cause(cause, [fold(text)], language) is None


def test_a_phrase_and_the_clause_around_it_name_the_same() -> None:
    assert sub_cause("delivery", ["不送上楼"], "zh-Hans") == "delivery.not_to_door"
    assert sub_cause("delivery", ["打了三次电话还是不送上楼"], "zh-Hans") == "delivery.not_to_door"


def test_german_is_understood_without_umlauts() -> None:
    assert sub_cause("fulfilment", [fold("Kuendigung ohne Vorwarnung")], "de") == "fulfilment.cancelled"
    assert sub_cause("service", [fold("sehr unhoeflich am Telefon")], "de") == "service.rude"


def test_a_language_nobody_recognised_is_read_in_all_of_them() -> None:
    assert sub_cause("damage", ["leaking"], "und") == sub_cause("damage", ["漏液"], "und") == "damage.leaking"


@pytest.mark.parametrize("char", ["慢", "等", "很", "没", " ", "1", "a", "一", "x"])
def test_twenty_thousand_times_the_same_character_is_read_at_once(char: str) -> None:
    for cause in set(CAUSES) - {"unspecific"}:
        begun = time.perf_counter()
        sub_cause(cause, [char * 20_000], "und")
        assert time.perf_counter() - begun < 2


def test_the_first_engine_keeps_the_table_it_was_shipped_with() -> None:
    assert patterns.sub_cause("hygiene", ["没有异味"], "zh-Hans") == "hygiene.smell"
    assert set(patterns.sub_causes()) < set(sub_causes())
