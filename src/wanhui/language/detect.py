"""Which language a text is written in, by our own small rules: scripts, characters of one script only, stop words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wanhui.language.normalise import simplified, traditional
from wanhui.language.patterns import table

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]")
_WORDS = re.compile(r"[a-zäöüßáàâçéèêíîñóòôõúùû']+")
_HAN_BIT, _HANT_BIT, _HANS_BIT, _LETTER_BIT, _OTHER_BIT = 1, 2, 4, 8, 16
_UMLAUT = re.compile("[äöüß]")
# Both scripts write these; OpenCC changes them in some words only, so they prove nothing.
_AMBIGUOUS = frozenset("后干里面只台松系范谷斗余升卷郁云丑几了乾著藉覆甚沈祇妳您")


def detect(text: str) -> str:
    """The language of `text`: zh-Hans, zh-Hant, en, de, or und when nothing speaks for one of these.

    Chinese that could be either script counts as zh-Hans.
    """
    han = _HAN.findall(text)
    words = [] if len(han) > 60 else _WORDS.findall(text.lower())
    if han and 3 * len(han) >= len(words):
        if len(_KANA_HANGUL.findall(text)) * 4 > len(han):
            return "und"
        return _script(han)
    if not words or len(_OTHER_SCRIPT.findall(text)) > len("".join(words)):
        return "und"
    return _latin(words)


def detect_all(texts: Sequence[str]) -> list[str]:
    """`detect` for many texts: plain Chinese, by far the commonest, is counted for all of them at once."""
    if not texts:
        return []
    codes = np.frombuffer("".join(text + "\0" for text in texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kind = _kinds()[np.minimum(codes, len(_kinds()) - 1)]
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    if len(starts) != len(texts):  # some text holds the separator itself
        return [detect(text) for text in texts]
    han, only_traditional, only_simplified, letters, other = (
        np.add.reduceat((kind & bit) > 0, starts, dtype=np.int64)
        for bit in (_HAN_BIT, _HANT_BIT, _HANS_BIT, _LETTER_BIT, _OTHER_BIT)
    )
    # With so few letters it has no more words than `detect` allows a Chinese text.
    plain = ((han > 0) & (other == 0) & (letters <= 3 * han)).tolist()
    traditional_ = (only_traditional > only_simplified).tolist()
    return [
        ("zh-Hant" if traditional_[row] else "zh-Hans") if plain[row] else detect(text)
        for row, text in enumerate(texts)
    ]


def _script(han: list[str]) -> str:
    only_traditional, only_simplified = _one_script_only()
    hant = sum(char in only_traditional for char in han)
    hans = sum(char in only_simplified for char in han)
    return "zh-Hant" if hant > hans else "zh-Hans"


def _latin(words: list[str]) -> str:
    known = _stop_words()
    en = sum(0.5 if word in known["weak"] else 1.0 for word in words if word in known["en"])
    de = sum(0.5 if word in known["weak"] else 1.0 for word in words if word in known["de"])
    de += sum(0.5 for word in words if _UMLAUT.search(word))
    elsewhere = sum(word in known["elsewhere"] for word in words if word not in known["en"] and word not in known["de"])
    if max(en, de) <= elsewhere and elsewhere:
        return "und"
    if en == de:
        return "en" if en else "und"
    return "en" if en > de else "de"


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """For every code point of the first plane: Chinese, of one script only, or a letter that wants a closer look."""
    kinds = np.zeros(0x10001, np.uint8)
    kinds[0x10000] = _OTHER_BIT
    for code in range(0x10000):
        char = chr(code)
        if _HAN.match(char):
            kinds[code] = _HAN_BIT
        elif _KANA_HANGUL.match(char):
            kinds[code] = _OTHER_BIT
        elif char.isalpha() or char == "'":
            kinds[code] = _LETTER_BIT
    only_traditional, only_simplified = _one_script_only()
    kinds[[ord(char) for char in only_traditional]] |= _HANT_BIT
    kinds[[ord(char) for char in only_simplified]] |= _HANS_BIT
    return kinds


@lru_cache(maxsize=1)
def _one_script_only() -> tuple[frozenset[str], frozenset[str]]:
    hant = frozenset(chr(code) for code in simplified()) - _AMBIGUOUS
    hans = frozenset(chr(code) for code in traditional()) - _AMBIGUOUS
    return hant - hans, hans - hant


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, frozenset[str]]:
    listed = table(Path(__file__).with_name("stopwords.toml"))
    return {name: frozenset(words.split()) for name, words in listed.items()}
