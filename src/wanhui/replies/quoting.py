"""The customer's own words in our mouth: short, clean, and safe to repeat in public."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wanhui.playbook.shapes import Tongue
from wanhui.replies.lint import lint

PARTS = re.compile(r"[\s，,。.!！？?；;、：:~～…“”\"'‘’「」『』【】()（）<>《》|/\\]{1,40}")
LATIN_PARTS = re.compile(r"[,.!?;:\n()\"“”„‚…]{1,20}")
HAN_ONLY = re.compile("[\u3400-\u4dbf\u4e00-\u9fff0-9a-zA-Z%]{2,12}")
LATIN_ONLY = re.compile(r"[0-9A-Za-zÄÖÜäöüß' \-%]{4,38}")
LONG_NUMBER = re.compile(r"\d{4,20}")
VERDICT_ONLY = re.compile(
    "(?:真|太|很|好|非常|特别|实在|一般|服务|质量|东西|体验|感觉){0,3}(?:差|烂|失望|无语|一般|坑|不好|不行|不满意|不值|不喜欢|不怎么样|不咋地|没用)"
    "(?:劲|了|啊|的|吧){0,2}"
)
# Verdicts and curses say nothing about the fault; names of crimes and of us must not come from our own mouth.
NOT_OURS_TO_SAY = re.compile(
    "垃圾|骗|坑|黑店|奸商|恶心|差评|好评|评价|妈|爹|死|滚|狗|屎|操|逼|缺德|无良|良心|黑心|假货|假的|山寨|投诉|举报|工商|12315|"
    "曝光|再也不|不会再|千万别|别买|不要买|不推荐|后悔|上当|傻|蠢|最差|老板|店家|商家|卖家|他们|你们|京东|淘宝|天猫|拼多多|携程"
    "|fuck|shit|scam|fraud|crap|never again|liar|worst|terrible|awful|horrible|disgust|amazon|booking|ebay|google|fake"
    "|betrug|abzocke|scheiß|scheiss|mist|nie wieder|frech|unverschämt|verarsch|katastroph|schrott|lüge",
    re.IGNORECASE,
)


def quote_from(words: Iterable[str], language: Tongue, platform: str) -> str:
    """The first piece of the evidence fit to be repeated in quotation marks; empty when there is none.

    Chinese: 2 to 12 characters; English and German: a run of words up to 38 characters. Whole clauses only.
    """
    for piece in _pieces(words, language):
        if VERDICT_ONLY.fullmatch(piece) or NOT_OURS_TO_SAY.search(piece) or LONG_NUMBER.search(piece):
            continue
        if not lint(f"“{piece}”", platform=platform, channel="private", language=language).blocked:
            return piece
    return ""


def _pieces(words: Iterable[str], language: Tongue) -> Iterable[str]:
    parts, whole = (PARTS, HAN_ONLY) if language == "zh" else (LATIN_PARTS, LATIN_ONLY)
    for text in words:
        for piece in parts.split(text[:400]):
            bare = piece.strip(" -")
            if whole.fullmatch(bare) and not bare.isdigit() and (language == "zh" or len(bare.split()) > 1):
                yield bare
