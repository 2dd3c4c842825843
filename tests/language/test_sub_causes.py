"""Sub-causes by pattern."""

import pytest

from wanhui.language import CAUSES
from wanhui.language.normalise import fold
from wanhui.language.patterns import sub_cause, sub_causes


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
