"""An engine that was shipped is never changed: its manifest and what it says of these texts stay as they are.

A better engine gets a new name, a new folder and a new test like this one; verdicts given under the old name can then
still be repeated.
"""

import hashlib
import json

import pytest

from tests.language.frozen_words import FOLDER, manifest_digest, said
from wanhui.language import engine_names, judge
from wanhui.language.engines import MODELS
from wanhui.language.engines.linear_1.hints import hints

LINEAR_2026_11 = "07b12bb82364fa06ba32987842b400fc08390e6a29a5b16ad39ed23fb4fffa0d"

SAID: list[tuple[str, int | None, str | None, dict[str, tuple[str | None, float]], str | None, tuple[str, ...]]] = [
    (
        "快递等了十天才到，箱子还压扁了",
        1,
        "negative",
        {"delivery": ("delivery.slow", 1.0), "damage": ("damage.crushed", 0.9945)},
        "delivery",
        (),
    ),
    ("质量不错，物流也快", 5, "positive", {}, None, ()),
    ("客服态度很差，问什么都不耐烦", None, "negative", {"service": ("service.rude", 0.9973)}, "service", ()),
    ("衣服好看，就是有色差，尺码也偏小", 3, "mixed", {"mismatch": ("mismatch.size", 0.9804)}, "mismatch", ()),
    (
        "床单上有头发，隔壁吵了一夜",
        2,
        "negative",
        {"hygiene": ("hygiene.hair", 0.9999), "noise": ("noise.insulation", 0.9999)},
        "hygiene",
        (),
    ),
    (
        "吃完拉肚子，要求退款，再也不来了",
        1,
        "negative",
        {"quality": (None, 0.9206)},
        "quality",
        ("safety", "demand", "churn"),
    ),
    ("不退款我就打12315投诉", 1, "negative", {"aftersales": ("aftersales.refund", 0.6732)}, "aftersales", ("threat",)),
    (
        "房間又小又舊，空調還壞了",
        2,
        "negative",
        {"facility": ("facility.air_con", 0.9998), "mismatch": ("mismatch.size", 0.7731)},
        "facility",
        (),
    ),
    ("味道很好，下次还来", 1, "positive", {}, None, ("contradiction",)),
    (
        "买了三天就降价一百块，退差价客服不理",
        2,
        "negative",
        {"price": ("price.dropped", 1.0), "aftersales": ("aftersales.unreachable", 0.9862), "service": (None, 0.8479)},
        "price",
        (),
    ),
    (
        "The seller never answers and the zip broke after a week.",
        1,
        "negative",
        {"service": ("service.no_answer", 0.6521)},
        "service",
        (),
    ),
    (
        "Falscher Artikel geliefert, die Rückgabe wird verweigert.",
        None,
        "negative",
        {"fulfilment": ("fulfilment.wrong_item", 0.9612), "aftersales": ("aftersales.return", 0.9065)},
        "fulfilment",
        (),
    ),
    ("此用户没有填写评价。", 1, None, {}, None, ()),
    ("垃圾", 1, "negative", {"unspecific": (None, 0.7792)}, "unspecific", ()),
]


TEXTS = [(text, star) for text, star, *_ in SAID]
LATER = [name for name in engine_names() if name != "linear-2026-11"]


@pytest.mark.parametrize("name", LATER)
def test_an_engine_that_was_shipped_still_says_the_same(name: str) -> None:
    frozen = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert manifest_digest(name) == frozen["manifest"]
    for now, then in zip(said(name, TEXTS), frozen["said"], strict=True):
        # Other processors round sums in another order: the last digits of a score may differ, what is said may not.
        scores, stored = (
            [each.pop("score") for side in ("causes", "praises") for each in told[side]] for told in (now, then)
        )
        assert scores == pytest.approx(stored, abs=0.005)
        assert now == then


def test_the_manifest_of_linear_2026_11_never_changes() -> None:
    stored = (MODELS / "linear-2026-11" / "manifest.json").read_bytes()
    assert hashlib.sha256(stored).hexdigest() == LINEAR_2026_11


@pytest.mark.parametrize(("text", "star", "sentiment", "causes", "primary", "flags"), SAID)
def test_linear_2026_11_still_says_the_same(
    text: str,
    star: int | None,
    sentiment: str | None,
    causes: dict[str, tuple[str | None, float]],
    primary: str | None,
    flags: tuple[str, ...],
) -> None:
    (judged,) = judge([text], ratings=[star], engine="linear-2026-11")
    assert judged.sentiment == sentiment
    assert judged.primary == primary
    assert judged.flags == flags
    assert {cause.code: cause.sub for cause in judged.causes} == {code: sub for code, (sub, _) in causes.items()}
    for cause in judged.causes:
        assert cause.score == pytest.approx(causes[cause.code][1], abs=0.005)


def test_words_that_hint_at_a_flag_are_found_in_three_languages() -> None:
    assert hints("我要打12315投诉", "zh-Hans") >= {"threat"}
    assert hints("i will call my lawyer", "en") == {"threat"}
    assert hints("nie wieder", "de") == {"churn"}


def test_words_that_only_look_alike_hint_at_nothing() -> None:
    assert hints("no issue, it came immediately, still courteous", "en") == frozenset()
    assert hints("ich brauche ungefähr eine stunde per express", "de") == frozenset()
