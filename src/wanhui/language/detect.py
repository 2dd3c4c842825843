"""Which language a text is written in, by our own small rules: scripts, characters of one script only, stop words."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from wanhui.language.normalise import simplified, traditional
from wanhui.language.patterns import table

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]")
_WORDS = re.compile(r"[a-zäöüßáàâçéèêíîñóòôõúùû']+")
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
def _one_script_only() -> tuple[frozenset[str], frozenset[str]]:
    hant = frozenset(chr(code) for code in simplified()) - _AMBIGUOUS
    hans = frozenset(chr(code) for code in traditional()) - _AMBIGUOUS
    return hant - hans, hans - hant


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, frozenset[str]]:
    listed = table(Path(__file__).with_name("stopwords.toml"))
    return {name: frozenset(words.split()) for name, words in listed.items()}
