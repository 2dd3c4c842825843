"""Which encoding a text file is in, decided from all of its bytes and never by a guess."""

import codecs
import re
from typing import BinaryIO

from wanhui.connectors.file.problem import FileProblem

_PIECE = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
ENCODING_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "utf-16": "UTF-16", "gb18030": "GB18030"}
# Two-byte sequences of GB18030; the second pattern keeps punctuation and the common hanzi of GB 2312.
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON = re.compile(rb"[\xa1\xa3\xb0-\xd7][\xa1-\xfe]")
_ENOUGH = 0.45


def decide_encoding(source: BinaryIO, name: str) -> str:
    """Return the Python codec name; `source` must be seekable and is left at its start.

    Rule: a byte order mark is believed. Otherwise UTF-8 if every byte fits, otherwise GB18030 if every byte
    fits and most pairs are common Chinese characters. Otherwise FileProblem with the first position that
    fits neither. Zero bytes mean it is no text file.
    """
    source.seek(0)
    start = source.read(4)
    if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise FileProblem(_says(name, "is UTF-32, which spreadsheets do not write"))
    found = next((codec for mark, codec, _ in _BOMS if start.startswith(mark)), "")
    if found:
        bad = _first_bad(source, found)
        if bad is not None:
            raise FileProblem(_says(name, f"begins as {ENCODING_NAMES[found]} but byte {bad:,} does not fit it"))
    if found == "utf-16":
        return found
    zero = _first_zero(source)
    if zero is not None:
        raise FileProblem(
            f"{name} is not a text file: there is a zero byte at position {zero:,}. "
            "If it is a spreadsheet, please give it the ending .xls or .xlsx; otherwise save it as CSV UTF-8."
        )
    if found:
        return found
    bad_utf8 = _first_bad(source, "utf-8")
    if bad_utf8 is None:
        return "utf-8"
    bad_gb = _first_bad(source, "gb18030")
    if bad_gb is not None:
        raise FileProblem(_says(name, f"is neither UTF-8 (byte {bad_utf8:,}) nor GB18030 (byte {bad_gb:,})"))
    if not _looks_chinese(source):
        raise FileProblem(
            _says(
                name,
                f"is not UTF-8 (byte {bad_utf8:,} does not fit), and read as GB18030 it gives no sensible Chinese. "
                "It may be an older Western or Taiwanese encoding",
            )
        )
    source.seek(0)
    return "gb18030"


def _says(name: str, found: str) -> str:
    return f'{name} {found}. Please open it where it reads well and save it as "CSV UTF-8", or as xlsx.'


def _first_bad(source: BinaryIO, codec: str) -> int | None:
    """Position of the first byte that does not fit, or None; reads in pieces."""
    decoder = codecs.getincrementaldecoder(codec)()
    source.seek(0)
    done = 0
    while True:
        piece = source.read(_PIECE)
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            source.seek(0)
            return done - held + error.start
        if not piece:
            source.seek(0)
            return None
        done += len(piece)


def _first_zero(source: BinaryIO) -> int | None:
    source.seek(0)
    done = 0
    while piece := source.read(_PIECE):
        at = piece.find(0)
        if at >= 0:
            source.seek(0)
            return done + at
        done += len(piece)
    source.seek(0)
    return None


def _looks_chinese(source: BinaryIO) -> bool:
    source.seek(0)
    pairs = common = 0
    for _ in range(8):
        piece = source.read(_PIECE)
        found = _PAIR.findall(piece)
        pairs += len(found)
        common += sum(1 for pair in found if _COMMON.fullmatch(pair))
        if not piece:
            break
    source.seek(0)
    return pairs == 0 or common >= _ENOUGH * pairs
