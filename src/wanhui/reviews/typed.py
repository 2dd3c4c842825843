"""One review typed or pasted by a person, for places without an export. Pure."""

import struct
from dataclasses import dataclass
from datetime import date, datetime, time

from wanhui.connectors.file.followups import split_follow_ups
from wanhui.connectors.file.rows import FollowUpRow, ReviewRow
from wanhui.language.normalise import clean, is_placeholder

MAX_TEXT = 10_000
MAX_SCREENSHOT = 8 * 1024 * 1024
_SIDES = range(1, 20_001)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person says about one review. Only the text or the stars must be there; what is unknown stays empty."""

    text: str = ""
    stars: int | None = None
    verdict: str = ""
    said_on: date | None = None
    said_time: time | None = None
    product: str = ""
    buyer: str = ""
    order: str = ""
    link: str = ""

    def as_row(self) -> ReviewRow:
        """The same as a row of a file with one row, so that identity and storing are the same."""
        main, parts = split_follow_ups(self.text)
        text = _spoken(main)
        timed = self.said_on is not None and self.said_time is not None
        said_at = datetime.combine(self.said_on, self.said_time) if self.said_on and self.said_time else None
        later = [FollowUpRow(_spoken(p.text), p.text, p.days_after, None, None, "") for p in parts]
        return ReviewRow(
            row=0, text=text, raw=self.text, no_text=not text, stars=self.stars, platform_verdict=self.verdict,
            said_on=self.said_on, said_at=said_at, precision="minute" if timed else "day" if self.said_on else "",
            platform_id="", order_id=self.order, buyer=self.buyer, anonymous=None, product_name=self.product,
            product_id="", sku="", shop="", reply="", reply_at=None, follow_ups=tuple(p for p in later if p.text),
            tags=(), media=(), problems=(), refused="", source={},
        )  # fmt: skip


def _spoken(raw: str) -> str:
    text = clean(raw)
    return "" if is_placeholder(text) else text


def image_ending(data: bytes) -> str:
    """"png", "jpg" or "webp" when these bytes are such a picture, whole and of a sane size; "" for anything else.

    Decided by what stands in the file, never by its name; other kinds (svg above all) can carry programs.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-16:]:
        width, height = struct.unpack(">II", data[16:24])
        return "png" if width in _SIDES and height in _SIDES else ""
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-64:]:
        return "jpg" if _jpeg_has_size(data) else ""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and data[12:15] == b"VP8":
        return "webp" if struct.unpack("<I", data[4:8])[0] + 8 <= len(data) + 1 else ""
    return ""


def _jpeg_has_size(data: bytes) -> bool:
    """Walk the segments to the frame header, which holds height and width."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if mark in range(0xC0, 0xD0) and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return height in _SIDES and width in _SIDES
        if mark == 0xFF:
            at += 1
            continue
        if length < 2:
            return False
        at += 2 + length
    return False
