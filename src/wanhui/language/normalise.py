"""Text as it is stored (`clean`) and compared (`fold`), and whether it says anything at all (`is_placeholder`)."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import opencc
from numpy.typing import NDArray

# Only entities with their semicolon: "AT&T" and "R&amp" at the end of a cut text stay as they were written.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters (tab and line feed stay), byte order marks, zero-width space, direction overrides (they can make
# a text read differently from what it says), non-characters. The joiner of emoji (U+200D) stays.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ufff9-\ufffb]"
)
_WORD = re.compile(r"[^\W_]")
_BETWEEN = re.compile(r"[\W_]+")

_WHO = "(?:此|该|这位|这个|本|匿名)?(?:用户|买家|顾客|客户|评价方|评论方|会员|消费者|客人|您|你|我|对方)"
_NOT = "(?:尚未|还未|未|没有|没|暂未|无)"
_WRITE = "(?:及时|按时)?(?:填写|做出|作出|作|做|写下|写|发表|留下|给出|添加|提交|进行)?(?:任何|文字|商品|有效)?"
_WHAT = "(?:评价|评论|点评|内容|评语)(?:内容)?"
_DEFAULT = "(?:系统)?(?:自动)?(?:默认|默许)(?:给予|为|给)?(?:好评|评价|五星好评|满分)"
_PLACEHOLDER = re.compile(
    "|".join(
        (
            f"(?:{_WHO})?{_NOT}{_WRITE}{_WHAT}(?:{_DEFAULT})?",
            f"(?:{_WHO})?{_NOT}{_WRITE}{_WHAT}(?:的)?(?:{_WHO})",
            _DEFAULT,
            "(?:此|该)?用户觉得(?:商品|宝贝|产品)?(?:不错|很好|好)",
            "(?:暂无|默认|系统)(?:评价|评论|点评|好评)",
            "there are no comments available for this review",
            "(?:the )?(?:user|customer|guest|buyer|reviewer) (?:did not|didn t|has not|left no)(?: leave| write)?"
            "(?: a| any)?(?: review| comment| comments| text)?",
            "no (?:review|comment|text)(?: text)?(?: provided| left| given)?",
            "(?:es gibt |es liegen |es sind )?keine (?:kommentare|texte)(?: zu dieser bewertung)?(?: vor| verfügbar)?",
            "(?:der |die )?(?:kunde|kundin|käufer|nutzer|gast) hat keine[n]? "
            "(?:kommentar|text|bewertung|rezension)(?: hinterlassen| geschrieben| abgegeben)?",
        )
    )
)

# Every filler above holds one of these; looking for them first spares nearly all texts the patterns.
_TELLTALE = re.compile("评|評|内容|內容|默|觉得|覺得|comment|review|text|kommentar|bewertung|rezension")


def clean(raw: str) -> str:
    """The text as stored: LF, NFC, entities decoded once, invisible control characters and lone surrogates removed.

    Outer white space goes; nothing else that was said is touched. Applying it again changes nothing, unless entities
    were escaped twice at the source: each call undoes one layer, so call it once.
    """
    text = _ENTITY.sub(lambda found: html.unescape(found.group()), raw) if "&" in raw else raw
    if not text.isascii():
        # Joins surrogate pairs that came in two halves and drops the single ones.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """For comparing only: Simplified, lower case, half-width; always as long as `text`, so offsets stay valid."""
    return text.translate(_fold_table())


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` for many texts, all of them at once."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _fold_codes()
    folded = np.where(codes < len(table), table[np.minimum(codes, len(table) - 1)], codes)
    whole = folded.tobytes().decode("utf-32-le", "surrogatepass")
    edges = itertools.accumulate(map(len, texts), initial=0)
    return [whole[start:end] for start, end in itertools.pairwise(edges)]


def is_placeholder(text: str | None) -> bool:
    """Whether nobody said anything: missing, blank, punctuation only, or a platform's filler."""
    if text is None:
        return True
    if _WORD.search(text) is None:
        return not any(unicodedata.category(char) == "So" for char in text)
    if len(text) > 120:
        return False
    if _TELLTALE.search(text.lower()) is None:
        return False
    words = _BETWEEN.sub(" ", fold(text)).strip()
    return _PLACEHOLDER.fullmatch(words if words.isascii() else words.replace(" ", "")) is not None or (
        _PLACEHOLDER.fullmatch(words) is not None
    )


@lru_cache(maxsize=1)
def simplified() -> dict[int, int]:
    """Every single character that OpenCC writes differently in Simplified Chinese, one to one."""
    return _one_to_one("t2s")


@lru_cache(maxsize=1)
def traditional() -> dict[int, int]:
    """Every single character that OpenCC writes differently in Traditional Chinese, one to one."""
    return _one_to_one("s2t")


def _one_to_one(direction: str) -> dict[int, int]:
    convert = opencc.OpenCC(direction).convert
    chars = [chr(code) for block in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for code in range(*block)]
    converted = convert("\n".join(chars)).split("\n")
    return {ord(a): ord(b) for a, b in zip(chars, converted, strict=True) if a != b and len(b) == 1}


@lru_cache(maxsize=1)
def _fold_table() -> dict[int, int]:
    table = dict(simplified())
    for code in (*range(0x41, 0x600), *range(0x1E00, 0x2000)):
        lower = chr(code).lower()
        if len(lower) == 1 and ord(lower) != code:
            table[code] = ord(lower)
    for code in range(0xFF01, 0xFF5F):
        table[code] = ord(chr(code - 0xFEE0).lower())
    table[0] = table[0x3000] = table[0xA0] = 0x20
    return table


@lru_cache(maxsize=1)
def _fold_codes() -> NDArray[np.uint32]:
    """The same table for the code points of the first plane; above it nothing is folded."""
    codes = np.arange(0x10000, dtype=np.uint32)
    table = _fold_table()
    codes[list(table)] = list(table.values())
    return codes
