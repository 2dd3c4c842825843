"""Three ways of looking at one text, so that a rule cannot be dodged by how a word is typed.

plain: full width, capitals, Traditional characters and accents typed apart brought to one form.
squeezed: plain, without the spaces, dots and symbols that stand inside Chinese words ("好 评", "微❤信").
digits: squeezed, with written and circled figures as digits ("一三八" is "138").
Each keeps for every character its place in the original, so that findings point into what was typed (code points).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from wanhui.language.normalise import simplified
from wanhui.playbook.shapes import View

MARKS_KEPT = 2
# One character can fold to eighteen; no word is hidden that way, but a hostile text would grow.
EXPANDS_TO = 4
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# What ends a sentence is never squeezed out; a comma neither, since it parts clauses.
KEPT = frozenset("。！？!?;；\n，,、：:()（）[]【】“”「」\"'‘’…%￥¥$€@#")
FIGURES = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "001234567891234567891")


@dataclass(frozen=True, slots=True)
class Folded:
    """A view: its text, and for each of its characters the place in the original text."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int, length: int) -> tuple[int, int]:
        """A span of this view as a span of the original text of `length` code points."""
        if start >= len(self.places):
            return length, length
        last = self.places[end - 1] + 1 if end > start else self.places[start]
        return self.places[start], min(last, length)


class Views:
    """The views of one text, each made when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> Folded:
        chars: list[str] = []
        places: list[int] = []
        for place, cluster in _clusters(self.text):
            for char in _one_form(cluster):
                chars.append(char)
                places.append(place)
        return Folded("".join(chars), tuple(places))

    @cached_property
    def squeezed(self) -> Folded:
        return _squeeze(self.plain)

    @cached_property
    def digits(self) -> Folded:
        return Folded(self.squeezed.text.translate(FIGURES), self.squeezed.places)

    def view(self, name: View) -> Folded:
        """The view of this name."""
        return {"plain": lambda: self.plain, "squeezed": lambda: self.squeezed, "digits": lambda: self.digits}[name]()


def _clusters(text: str) -> list[tuple[int, str]]:
    """Characters with the combining marks that follow them; marks beyond the second are dropped."""
    found: list[tuple[int, str]] = []
    kept = 0
    for place, char in enumerate(text):
        if char.isascii() or not unicodedata.combining(char) or not found:
            found.append((place, char))
            kept = 0
        elif kept < MARKS_KEPT:
            found[-1] = (found[-1][0], found[-1][1] + char)
            kept += 1
    return found


def _one_form(cluster: str) -> str:
    if cluster.isascii():
        return cluster.lower()
    if unicodedata.category(cluster[0]) == "Cf":  # zero width and direction marks hide words
        return ""
    folded = unicodedata.normalize("NFKC", cluster).lower()[:EXPANDS_TO]
    return folded.translate(simplified()) if not folded.isascii() else folded


def _squeeze(plain: Folded) -> Folded:
    """Drop what stands between two letters or digits of which one is Chinese, unless it ends a clause."""
    text = plain.text
    chars: list[str] = []
    places: list[int] = []
    pending: list[int] = []
    last = ""
    for place, char in enumerate(text):
        if char.isalnum():
            if pending and not (HAN.match(char) or HAN.match(last)):
                chars.extend(text[p] for p in pending)
                places.extend(plain.places[p] for p in pending)
            pending.clear()
            last = char
        elif char not in KEPT:
            pending.append(place)
            continue
        else:
            chars.extend(text[p] for p in pending)
            places.extend(plain.places[p] for p in pending)
            pending.clear()
            last = ""
        chars.append(char)
        places.append(plain.places[place])
    return Folded("".join(chars), tuple(places))
