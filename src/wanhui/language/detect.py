"""Which language a text is written in, by our own small rules: scripts, characters of one script only, stop words."""

from __future__ import annotations

import re
from functools import lru_cache

from wanhui.language.normalise import simplified, traditional

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0e7f]")
_WORDS = re.compile(r"[a-zäöüßáàâçéèêíîñóòôõúùû']+")
# Both scripts write these; OpenCC changes them in some words only, so they prove nothing.
_AMBIGUOUS = frozenset("后干里面只台松系范谷斗余升卷郁云丑几了乾著藉覆甚沈祇妳您")

_EN = frozenset(
    "the a an and or but is are was were be been it its this that these those i we you they he she my our your their of "
    "to in on at for from with by not no never very so too had have has did do does don't didn't wasn't isn't can't "
    "would could will just only than then when what which who there here after before again all any more most out up "
    "good bad great nice poor terrible horrible awful worst best excellent room rooms food staff place "
    "order ordered time customer money price product quality company delivery nothing everything slow expensive noisy "
    "dirty clean small old location breakfast refund received arrived broken".split()
)
_DE = frozenset(
    "der die das den dem des ein eine einen einem einer eines und oder aber ist sind war waren sein es ich wir ihr sie "
    "er mein meine meinen unser unsere nicht kein keine keinen nie nur sehr zu zum zur im ins in am an auf aus bei mit "
    "nach von vom vor für über durch auch noch schon wieder wird werden wurde wurden hat habe haben hatte hatten kann "
    "können da dass daß wenn als wie was wo so bis mehr man sich mich mir uns gut gute guter tolle toll schnelle schnell "
    "schlecht schlechte schlechter leider immer hier dort diese dieser dieses alles nichts ware lieferung zimmer essen "
    "versicherung preis "
    "qualität kunde kunden geld wochen tage monate bestellt erhalten kaputt teuer langsam freundlich".split()
)
# Shared by both lists or by other languages as well: one alone proves little.
_WEAK = frozenset("in an am so was war die man hat bad super also no a i o by me up will".split())
_ELSEWHERE = frozenset(
    "de la le les el los las un una uno que est en et pas pour avec muy por para con não nada muito sem uma os as do "
    "da dos das il di che non per sono molto tudo tout tres très pero y e het een van niet ook met".split()
)


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
    en = sum(0.5 if word in _WEAK else 1.0 for word in words if word in _EN)
    de = sum(0.5 if word in _WEAK else 1.0 for word in words if word in _DE)
    de += sum(0.5 for word in words if any(letter in "äöüß" for letter in word))
    elsewhere = sum(word in _ELSEWHERE for word in words if word not in _EN and word not in _DE)
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
