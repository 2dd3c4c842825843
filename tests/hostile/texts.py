"""Hostile text files: encodings that lie, lines without end, quotes that never close, JSON that goes down for ever."""

import json
from collections.abc import Iterator

from tests.hostile.case import HEADER, ROW, Case, read, refused, table

_GOOD = "袖口开线，洗了一次就散了"
_MEGA = 1024 * 1024


def _long_line() -> Iterator[bytes]:
    """Two hundred megabytes without a line end."""
    yield HEADER.encode()
    for _ in range(200):
        yield b"a" * _MEGA


def _wide_line() -> Iterator[bytes]:
    """Sixty megabytes of commas."""
    yield HEADER.encode()
    for _ in range(60):
        yield b"," * _MEGA


def _many_wide_rows() -> Iterator[bytes]:
    """Rows of seven hundred kilobytes each: together far more than anybody looks at to find the columns."""
    yield HEADER.encode()
    for _ in range(60):
        yield b"x" * 700_000 + b",1,2026-10-03\n"


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _encodings()
    yield from _shapes()
    yield from _cells()
    yield from _json()


def _encodings() -> Iterator[Case]:
    good = table(ROW)
    yield refused("nothing.csv", b"", r"empty")
    yield refused("only-bom.csv", b"\xef\xbb\xbf", "empty")
    yield refused("only-bom16.csv", b"\xff\xfe", "empty")
    yield refused("blanks.txt", b" \n\t\n" * 50, "empty")
    yield read("bom-twice.csv", b"\xef\xbb\xbf\xef\xbb\xbf" + good, 1)
    yield refused("bom8-then-16.csv", b"\xef\xbb\xbf" + good.decode().encode("utf-16-le"), "zero byte|does not fit")
    yield refused("bom16-then-8.csv", b"\xff\xfe" + good + b"x", "begins as UTF-16|does not fit|No column|neither")
    yield read("utf16.csv", good.decode().encode("utf-16"), 1)
    yield read("utf16be.csv", b"\xfe\xff" + good.decode().encode("utf-16-be"), 1)
    yield refused("utf16-no-bom.csv", "评价内容,星级\nabc,1\n".encode("utf-16-le"), "zero byte")
    yield refused("utf32.csv", good.decode().encode("utf-32"), "UTF-32")
    yield refused("utf32be.csv", b"\x00\x00\xfe\xff" + good.decode().encode("utf-32-be"), "UTF-32")
    yield refused("utf7.csv", b"text,stars\n" + "坏了".encode("utf-7") + b"\xff,1\n", "neither|not UTF-8")
    surrogate = "坏了\ud83d\ude00".encode("utf-8", "surrogatepass")
    yield refused("cesu.csv", HEADER.encode() + surrogate + b",1,2026-10-03\n", "neither UTF-8|not UTF-8")
    lone = "坏了\ud800".encode("utf-8", "surrogatepass")
    yield refused("wtf8.csv", HEADER.encode() + lone + b",1,2026-10-03\n", "neither UTF-8|not UTF-8")
    yield refused("overlong.csv", HEADER.encode() + b"\xc0\xaf\xc0\x80,1,2026-10-03\n", "neither UTF-8|not UTF-8")
    yield refused(
        "latin.csv", "text;stars\nDie Größe stimmt nicht, völlig zerdrückt;1\n".encode("latin-1"), "not UTF-8|neither"
    )
    yield refused("zero.csv", good.replace(b"1,2026", b"\x00,2026"), "zero byte at position")
    yield read("gb18030.csv", (good.decode() + "破了😀，𠮷字也在,1,2026-10-04\n").encode("gb18030"), 2)
    yield refused("gb-half.csv", good.decode().encode("gb18030") + b"\xc6", "neither UTF-8")
    yield refused("gb-ff.csv", good.decode().encode("gb18030") + b"\x80\xff\n", "neither UTF-8")
    yield refused("gb-holes.csv", HEADER.encode("gb18030") + b"\x81\x30\x84\x30\xff" * 9, "neither UTF-8")


def _shapes() -> Iterator[Case]:
    good = table(ROW)
    yield Case("long-line.csv", _long_line, "line 2 is longer than", page=False)
    yield Case("long-line.txt", lambda: (b"a" * _MEGA for _ in range(200)), "line 1 is longer than", page=False)
    yield Case("long-line.jsonl", lambda: (b'{"a":"' + b"a" * _MEGA for _ in range(60)), "line is too long", page=False)
    yield Case("commas.csv", _wide_line, "longer than|columns|cells", page=False)
    yield Case("heavy-rows.csv", _many_wide_rows, rows=60, page=False)
    wide = ",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join("1" * 1 for _ in range(10_000)) + "\n"
    yield refused("wide.csv", wide.encode(), "10,?000 columns")
    yield refused("wide.tsv", wide.replace(",", "\t").encode(), "10,?000 columns")
    yield refused("big-cell.csv", table("好" * 1_000_001 + ",1,2026-10-03\n"), "longer than 1,000,000")
    yield read("large-cell.csv", table("差" * 330_000 + ",1,2026-10-03\n"), 1)
    yield refused("open-quote.csv", table(ROW * 3, '"' + ROW * 30), "quotation mark")
    yield read("quotes.csv", table('"' * 200_000 + "\n"), 1)
    yield read("empty-lines.csv", good + b"\n" * 1_000_000, 101)
    yield read("empty-cells.csv", good + b",,\n" * 200_000, 101)
    yield read("returns.csv", good.replace(b"\n", b"\r"), 1)
    yield read("mixed-ends.csv", good + ROW.encode().replace(b"\n", b"\r\n") + ROW.encode().replace(b"\n", b"\r"), 3)
    yield read("csv-inside.xls", good, 1)
    yield refused("csv-inside.json", good, "not complete JSON")
    yield read("json-inside.csv", json.dumps([{"评价内容": _GOOD, "星级": 1}]).encode(), 1)
    yield read("jsonl-inside.txt", (json.dumps({"评价内容": _GOOD}) + "\n").encode() * 2, 2)
    yield read("cut-quote.csv", table(ROW * 2, '"袖口开线，'), 3)
    yield refused("no-ending", good, "has no ending")
    yield refused("reviews.exe", good, 'has the ending ".exe"')
    yield refused("reviews.csv.lnk", good, 'has the ending ".lnk"')


def _cells() -> Iterator[Case]:
    hostile = [
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "+1+cmd",
        "-2+3",
        "\t=1+1",
        "{{7*7}}{% load x %}",
        "<script>alert(1)</script>",
    ]
    yield read("formulas.csv", table(*(f'"{one}，坏了",1,2026-10-03\n' for one in hostile)), len(hostile))
    bidi = "\u202e坏了\u2066顺序\u202d反了\u2069\u200f\u061c"
    yield read("bidi.csv", table(f"{bidi},1,2026-10-03\n", header="评价内容,星级,\u202e评价时间\n"), 1)
    zalgo = "坏" + "\u0335\u0322\u0347" * 2_000
    yield read("zalgo.csv", table(f"{zalgo},1,2026-10-03\n"), 1)
    yield read("escape.csv", table('"\x1b[2J\x1b]0;owned\x07坏了",1,2026-10-03\n'), 1)
    odd = ["-5", "1e400", "9" * 5_000, "NaN", "Infinity", "−3", "٣", "０", "1/0", "5️⃣"]
    yield read("numbers.csv", table(*(f"坏了,{one},2026-10-03\n" for one in odd)), len(odd))
    dates = [
        "0000-00-00",
        "99999-01-01",
        "-1",
        "2026-02-30",
        "1e308",
        "9" * 400,
        "0001-01-01",
        "31/31/2026",
        "2026-10-03T99:99:99+99:99",
    ]
    yield read("dates.csv", table(*(f"坏了,1,{one}\n" for one in dates)), len(dates))


def _json() -> Iterator[Case]:
    yield read(
        "half.json", b'[{"\\u8bc4\\u4ef7\\u5185\\u5bb9": "\\u574f\\u4e86 \\ud800 \\udc00x", "k\\ud800": "\\udfff"}]', 1
    )
    yield read("half.jsonl", b'{"text": "broken \\ud800 zip", "\\udc00": 1}\n', 1)
    yield read("zero.json", b'[{"text": "broken\\u0000 zip", "st\\u0000ars": "1\\u0000"}]', 1)
    yield refused("deep.json", b"[" * 200_000, "nested too deeply|not complete JSON|holds no list")
    yield refused("deep-objects.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply")
    yield refused("deep.jsonl", b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "line 1.*not JSON")
    for depth in (300, 900, 960, 990):
        row = b'{"text": "broken zip", "x": ' + b"[" * depth + b"]" * depth + b"}\n"
        yield Case(f"deep-{depth}.jsonl", lambda row=row: row, "^$|not JSON|nested", rows=1)  # type: ignore[misc]
    yield read("twice.json", b'[{"text": "first", "text": "the zip broke"}]', 1)
    yield read(
        "odd-numbers.jsonl",
        b'{"text": "zip broke", "stars": NaN, "id": 1e400}\n{"text": "late", "stars": -Infinity}\n',
        2,
    )
    yield refused("long-number.json", b'[{"text": "x", "id": ' + b"9" * 5_000 + b"}]", "not complete JSON|number")
    yield refused("long-number.jsonl", b'{"text": "x", "id": ' + b"9" * 5_000 + b"}\n", "not JSON|number")
    yield refused("cut.json", b'[{"text": "zip broke"}, {"te', "not complete JSON")
    yield refused("cut.jsonl", b'{"text": "zip broke"}\n{"te', "line 2.*not JSON")
    keys = {f"k{n}": n for n in range(10_000)} | {"text": "zip broke"}
    yield refused("wide.jsonl", json.dumps(keys).encode(), "more than 500 different keys")
    yield refused("wide.json", json.dumps([keys]).encode(), "more than 500 different keys")
    yield refused("numbers.json", b"[1, 2, 3]", "holds no list of objects")
    yield refused("string.json", b'"text"', "holds no list of objects")
    yield refused("jsonp.txt", b"callback({", "not complete JSON")
