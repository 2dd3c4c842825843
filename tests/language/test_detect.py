"""Which language a text is written in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanhui.language import LANGUAGES
from wanhui.language.detect import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("快递太慢了", "zh-Hans"),
        ("味道還不錯，就是份量太少", "zh-Hant"),
        ("iPhone 13 的电池不行", "zh-Hans"),
        ("差", "zh-Hans"),
        ("The room was cold", "en"),
        ("Das Zimmer war kalt und laut", "de"),
        ("Größe passt leider nicht", "de"),
        ("La habitación estaba sucia y el personal no ayudó", "und"),
        ("とても遅いです", "und"),
        ("Очень плохо", "und"),
        ("12345", "und"),
        ("👍", "und"),
        ("", "und"),
    ],
)
def test_a_text_shows_its_language(text: str, language: str) -> None:
    assert detect(text) == language


@given(st.text(max_size=100))
def test_every_text_has_a_known_answer(text: str) -> None:
    assert detect(text) in LANGUAGES


def test_the_labelled_languages_are_found_in_95_of_100_texts(shared_data: Path) -> None:
    lines = (shared_data / "labels" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for language in ("zh-Hans", "zh-Hant", "en", "de"):
        mine = [row for row in rows if row["lang"] == language]
        assert sum(detect(row["text"]) == language for row in mine) >= 0.95 * len(mine)
