"""Single cells understood: ratings, good/neutral/bad words, ids, names, lists. Pure; nothing is ever invented."""

import html
import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wanhui.connectors.file.table import Cell, as_text, is_empty

_MISSING = frozenset(
    {"", "-", "--", "—", "/", "\\n", "无", "暂无", "未评分", "未评价", "没有", "nan", "none", "null", "n/a", "na"}
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "半": 0}
_WIDTH = re.compile(r"^(?:style=.?)?width:\s*(\d{1,3}(?:\.\d+)?)\s*%\s*;?.?$", re.IGNORECASE)
_OUT_OF = re.compile(r"^(\d(?:[.,]\d+)?)\s*(?:/|out of|von|sur)\s*5(?:\.0)?(?:\s*(?:stars?|sternen?))?$", re.IGNORECASE)
_STARS_WORD = re.compile(r"^([0-5](?:[.,]\d)?)\s*(?:颗)?(?:星级?|分|stars?|sterne?|★|☆)$", re.IGNORECASE)
_HANZI_STARS = re.compile(r"^([一二两三四五])\s*颗?(半)?\s*(?:星级?|分)(半)?$")
_CLASS_NAME = re.compile(r"(?:star|str|rating|score|rate)s?[-_]?(\d{1,2})(?![\d.])", re.IGNORECASE)
_LONGEST_RATING = 300  # characters; a piece of a page's style may be long, a text is longer
_GLYPHS = re.compile(r"^[★☆⭐✩✭\ufe0f\s]+$")

_VERDICTS = {
    "good": ("好评", "正面", "正面评价", "积极", "good", "positive", "满意", "非常满意", "positiv", "pos"),
    "neutral": ("中评", "中性", "中性评价", "neutral", "一般", "normal", "neu"),
    "bad": ("差评", "负面", "负面评价", "消极", "bad", "negative", "不满意", "非常不满意", "negativ", "neg"),
}
_VERDICT_OF = {word: verdict for verdict, words in _VERDICTS.items() for word in words}


def is_missing(cell: Cell) -> bool:
    """Empty, or a word that people write into an empty cell (-, 无, n/a …)."""
    return is_empty(cell) or (isinstance(cell, str) and cell.strip().lower() in _MISSING)


@dataclass(frozen=True, slots=True)
class Stars:
    """`exact` is what the cell says on a scale of five; `stars` its whole part, None when there is none.

    `missing`: the cell is empty or says 0, which means "not rated". `verdict`: "", "good", "neutral" or "bad".
    """

    stars: int | None = None
    exact: Decimal | None = None
    verdict: str = ""
    missing: bool = False
    problem: str = ""


def read_stars(value: Cell, scale: int = 5) -> Stars:
    """Understand a rating; `scale` is what plain numbers count up to (5, 10 or 100), known from the whole column.

    "5", 4.0, "五星", "★★★☆☆", "width:80%;" (4), "sml-str45" (4.5), "star4", "4/5". A word like 差评 is a
    verdict and never becomes a star; 0 and an empty cell are missing; anything else is a problem.
    """
    if isinstance(value, bool):
        return Stars(problem=_odd(value))
    text = as_text(value)
    if len(text) > _LONGEST_RATING:
        return Stars(problem=_odd(text))
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in _MISSING:
        return Stars(missing=True)
    if verdict := read_verdict(text):
        return Stars(verdict=verdict)
    exact = _plain(text, scale)
    if exact is None:
        exact = _written(text)
    if exact is None or exact < 0 or exact > 5:
        return Stars(problem=_odd(text))
    if exact == 0:
        return Stars(missing=True)
    if exact < 1:
        return Stars(exact=exact, problem=_odd(text))
    return Stars(stars=int(exact), exact=exact)


def _odd(value: Cell) -> str:
    return f"rating not understood: {STEERING.sub('', as_text(value)[:80])[:40]}"


def _plain(text: str, scale: int) -> Decimal | None:
    """A bare number on the given scale; a German comma counts as a point."""
    if not re.fullmatch(r"\d{1,3}(?:[.,]\d{1,4})?", text):
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        return None
    return number * 5 / scale


def _written(text: str) -> Decimal | None:
    """A rating in words, signs or as part of a web page's style."""
    if found := _WIDTH.match(text):
        return Decimal(found[1]) / 20
    if found := _OUT_OF.match(text) or _STARS_WORD.match(text):
        return Decimal(found[1].replace(",", "."))
    if found := _HANZI_STARS.match(text):
        return Decimal(_DIGITS[found[1]]) + (Decimal("0.5") if found[2] or found[3] else 0)
    if _GLYPHS.match(text):
        full = text.count("★") + text.count("⭐") + text.count("✭")
        return Decimal(full) if full else None
    numbers = {found[1] for found in _CLASS_NAME.finditer(text)}
    if len(numbers) != 1:
        return None
    digits = numbers.pop()
    if len(digits) == 1:
        return Decimal(digits)
    return Decimal(digits) / 10 if int(digits) % 5 == 0 else None


def read_verdict(value: Cell) -> str:
    """ "good", "neutral" or "bad" for the platform's own word (好评, 中评, 差评 …); "" for anything else."""
    return _VERDICT_OF.get(as_text(value).strip().casefold(), "") if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Id:
    """An id as text, or "" with the reason why the cell cannot be one."""

    id: str = ""
    problem: str = ""


_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_ROUNDED = re.compile(r"\d{15}0{3,}")


def read_id(value: Cell, *, proven: bool = False) -> Id:
    """Understand an id. Numbers that lost digits in a spreadsheet are refused, not guessed; 0 is no id.

    `proven`: the column is known to hold ids (see `ColumnMap.ids_proven`), so eleven digits that look like a
    mobile number are one too; otherwise such a number is refused, because a person's number is never an id.
    """
    if is_empty(value) or isinstance(value, bool):
        return Id()
    if isinstance(value, float) and (abs(value) >= 1e15 or not value.is_integer()):
        return Id(problem=f"id damaged by a spreadsheet: it became the number {value:.6g}")
    text = STEERING.sub("", as_text(value)).strip().strip("\t'\"“”`").removeprefix('="').strip()
    if text.lower() in _MISSING or text == "0":
        return Id()
    if _EXPONENT.fullmatch(text):
        return Id(problem=f"id damaged by a spreadsheet: it became the number {text}")
    if isinstance(value, str) and _ROUNDED.fullmatch(text):
        return Id(problem="id damaged by a spreadsheet: its last digits became zeros")
    if not proven and _MOBILE.fullmatch(text):
        return Id(problem="id left out: it looks like a mobile number")
    if len(text) > 200:
        return Id(problem="id left out: it is longer than 200 characters")
    return Id(id=text)


_ANONYMOUS = re.compile(r"[（(\[【]\s*匿名(?:用户|评价)?\s*[）)\]】]\s*$")
_NAMELESS = re.compile(r"^匿名(?:用户|买家|评价|会员)?$|^anonymous(?: user)?$|^anonym$", re.IGNORECASE)
_YES = frozenset({"1", "1.0", "是", "true", "yes", "y", "匿名", "ja", "匿名评价"})
_NO = frozenset({"0", "0.0", "否", "false", "no", "n", "不匿名", "实名", "nein", "非匿名"})


def read_buyer(value: Cell, flag: Cell = None) -> tuple[str, bool | None]:
    """The name as shown and whether it is anonymous: from the flag column, or from "（匿名）" after the name."""
    name = plain_text(value)
    shorter = _ANONYMOUS.sub("", name).rstrip()
    told = read_yes(flag)
    if shorter != name or _NAMELESS.match(name):
        return shorter, True
    return name, told


def read_yes(value: Cell) -> bool | None:
    """是/否, 1/0, true/false, yes/no; None when the cell says neither."""
    text = as_text(value).strip().lower()
    return True if text in _YES else False if text in _NO else None


_COUNT = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d{1,9})(?:\.0+)?(?:\s*(万|w|k|千))?\+?", re.IGNORECASE)
_TIMES = {"万": 10_000, "w": 10_000, "k": 1_000, "千": 1_000}


def read_count(value: Cell) -> int | None:
    """A whole number of people, as in 12, "1,204" or "3万+"; None where the cell holds none. At most two thousand
    million, which is more than there are."""
    found = _COUNT.fullmatch(as_text(value).strip())
    if found is None:
        return None
    number = int(re.sub("[,，]", "", found[1])) * _TIMES.get((found[2] or "").lower(), 1)
    return min(number, 2_000_000_000)


_REPLY_MARK = re.compile(
    r"^\s*[\[【(（]?\s*(?:掌柜|商家|店家|卖家|店铺|酒店|客服)?\s*(?:解释|回复)\s*[\]】)）]?\s*[:：]\s*|^\s*[\[【](?:掌柜|商家|店家|卖家)?(?:解释|回复)[\]】]\s*"
)


def read_reply(value: Cell) -> str:
    """The shop's answer without the label that pages put before it (解释：, [商家回复] …); "" for none or 无."""
    if is_missing(value):
        return ""
    return _REPLY_MARK.sub("", plain_text(value), count=1).strip()


# Control characters (tab and line feed stay) and signs that turn the direction of what stands beside them.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain_text(value: Cell) -> str:
    """Text of a short cell: entities resolved, ends trimmed, composed form (NFC), line ends as LF."""
    text = html.unescape(as_text(value)) if isinstance(value, str) else as_text(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", STEERING.sub("", text)).strip()


_TAG_MARKS = re.compile(r"[,，;；|、\n\t]+")


def read_tags(value: Cell) -> tuple[str, ...]:
    """Tags from a list in one cell (comma, 、, ; or | between them, or a JSON array), without repeats."""
    found = _json_list(value)
    parts = _strings(found, ("name", "tag", "label", "title")) if found else _TAG_MARKS.split(plain_text(value))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


_LINK = re.compile(r"(?:https?:)?//[^\s,，;；|\"'<>\])]+", re.IGNORECASE)


def read_media(value: Cell) -> tuple[str, ...]:
    """Links to pictures or films in one cell, in any separation, or inside JSON; only http(s) links."""
    found = [link if not link.startswith("//") else f"https:{link}" for link in _LINK.findall(plain_text(value))]
    return tuple(dict.fromkeys(found))


def _json_list(value: Cell) -> list[Any]:
    text = value.strip() if isinstance(value, str) else ""
    if not (text.startswith("[") and text.endswith("]")):
        return []
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _strings(items: list[Any], keys: tuple[str, ...]) -> list[str]:
    found = [
        item if isinstance(item, str) else next((item[k] for k in keys if isinstance(item, dict) and k in item), "")
        for item in items
    ]
    return [text for text in found if isinstance(text, str)]
