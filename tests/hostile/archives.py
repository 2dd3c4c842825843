"""Hostile archives: bombs, lies, entities, names that lead elsewhere, and other formats in an Excel file's coat."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator

import openpyxl

from tests.hostile.case import Case, read, refused, table

MEGA = 1024 * 1024
_SHEET = "xl/worksheets/sheet1.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
_HEAD = '<?xml version="1.0"?>{dtd}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{size}<sheetData>'
_FOOT = "</sheetData></worksheet>"


def cell(at: str, words: str) -> str:
    """One cell with its text in it."""
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


def sheet(*rows: str, dtd: str = "", size: str = "") -> bytes:
    """The XML of a sheet with one good review and these rows."""
    good = f'<row r="1">{cell("A1", "评价内容")}{cell("B1", "星级")}</row>'
    good += f'<row r="2">{cell("A2", "袖口开线，洗了一次就散了")}<c r="B2"><v>1</v></c></row>'
    return (_HEAD.format(dtd=dtd, size=size) + good + "".join(rows) + _FOOT).encode()


def book(changed: dict[str, bytes] | None = None, added: dict[str, bytes] | None = None) -> bytes:
    """A true xlsx with one good review, some parts of it changed, others added."""
    honest, out = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(honest)
    changed = {_SHEET: sheet()} | (changed or {})
    with zipfile.ZipFile(honest) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in before.namelist():
            archive.writestr(name, changed.get(name, before.read(name)))
        for name, data in (added or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def zip_of(**parts: bytes) -> bytes:
    """An archive with these parts; "__" in a name stands for "/"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def _understated(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        largest = max(part.file_size for part in archive.infolist())
    return data.replace(struct.pack("<I", largest), struct.pack("<I", 4096))


def _nested() -> bytes:
    inner = zip_of(bomb=bytes(64 * MEGA))
    return book(added={"xl/media/inner.zip": zip_of(a=inner, b=inner)})


def _crowded() -> bytes:
    return book(added={f"xl/media/{n}.bin": b"" for n in range(20_000)})


def _named_again() -> bytes:
    """The directory lists one part of one megabyte nine hundred times, all at the same place."""
    data = book(added={"xl/media/bomb.bin": bytes(MEGA)})
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", data[end + 10 : end + 20])
    directory = data[start:end]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    more = last * 900
    tail = struct.pack("<HHII", count + 900, count + 900, size + len(more), start)
    return data[:end] + more + data[end : end + 8] + tail + b"\x00\x00"


def _odd_names() -> bytes:
    names = ["../../evil.txt", "/etc/passwd", "C:\\windows\\evil.dll", "..\\..\\evil.txt", "CON", "nul.txt", "a" * 3000]
    return book(added=dict.fromkeys(names, b"x"))


def _locked_zip() -> bytes:
    data = bytearray(book())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def _laughs(root: str) -> str:
    more = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "哈哈哈哈哈哈哈哈哈哈">{more}]>'


_OUTSIDE = '<!DOCTYPE worksheet [<!ENTITY out SYSTEM "file:///etc/hostname">]>'
_SHARED = '<?xml version="1.0"?>{dtd}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{t}</t></si></sst>'
_POINTER = '<row r="3"><c r="A3" t="s"><v>0</v></c></row>'


def _far(at: str) -> Callable[[], bytes]:
    return lambda: book({_SHEET: sheet(f'<row r="3">{cell(at, "x")}</row>')})


def _absurd() -> bytes:
    odd = ["1e308", "-1e308", "1e400", "-1", "NaN", "99999999999999999999", "INF", ""]
    rows = "".join(
        f'<row r="{n}">{cell(f"A{n}", "褪色了")}<c r="B{n}"><v>{v}</v></c></row>' for n, v in enumerate(odd, 3)
    )
    return book({_SHEET: sheet(rows)})


def _wide() -> bytes:
    names = "".join(f'<c r="{_letters(n)}1"><v>{n}</v></c>' for n in range(1, 10_001))
    return book({_SHEET: (_HEAD.format(dtd="", size="") + f'<row r="1">{names}</row>' + _FOOT).encode()})


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def cases() -> Iterator[Case]:
    """All of them."""
    bomb = "would unpack to"
    yield Case("ratio.xlsx", lambda: book(added={"xl/media/bomb.bin": bytes(64 * MEGA)}), bomb)
    yield Case("spaces.xlsx", lambda: book({_SHEET: sheet(" " * (64 * MEGA))}), bomb)
    yield Case("lying.xlsx", lambda: _understated(book(added={"xl/media/b.bin": bytes(64 * MEGA)})), "damaged|unpack")
    yield Case("named-again.xlsx", _named_again, bomb)
    yield Case("nested.xlsx", _nested, rows=1)
    yield Case("crowded.xlsx", _crowded, r"holds 20,0\d\d parts")
    yield Case("odd-names.xlsx", _odd_names, rows=1)
    yield refused("locked-zip.xlsx", _locked_zip(), "protected with a password")
    yield refused("locked.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600), "protected with a pass")
    yield from _with_entities()
    yield Case("far-column.xlsx", _far("XFD3"), "column 16,384")
    yield Case("far-row.xlsx", _far("CV1048576"), "1,048,576 rows")
    yield Case("beyond-excel.xlsx", _far("A2147483648"), "damaged|rows")
    yield Case("wide.xlsx", _wide, "column 10,000")
    size = '<dimension ref="A1:XFD2147483647"/>'
    yield Case("claims.xlsx", lambda: book({_SHEET: sheet(size=size)}), rows=1)
    yield Case("claims-rows.xlsx", lambda: book({_SHEET: sheet(size='<dimension ref="A1:B1048576"/>')}), rows=1)
    yield Case("absurd.xlsx", _absurd, rows=9)
    yield refused("cut.xlsx", book()[:-400], "damaged")
    yield refused("no-sheet.xlsx", book({_SHEET: b"<worksheet"}), "damaged|no visible sheet")
    yield refused("not-xml.xlsx", book({_SHEET: b"\x00\x01\x02" * 99}), "damaged|no visible sheet|empty")
    yield read("macros.xlsm", book(added={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(999)}), 1)
    yield read("xlsx-inside.csv", book(), 1)
    yield from _coats()


def _with_entities() -> Iterator[Case]:
    says = "document type"
    shared = {"xl/sharedStrings.xml": _SHARED.format(dtd=_laughs("sst"), t="&l9;").encode(), _SHEET: sheet(_POINTER)}
    yield refused(
        "laughs-words.xlsx", book(shared, added={"xl/sharedStrings.xml": shared["xl/sharedStrings.xml"]}), says
    )
    yield refused("laughs-sheet.xlsx", book({_SHEET: sheet(dtd=_laughs("worksheet"))}), says)
    yield refused("outside.xlsx", book({_SHEET: sheet(f'<row r="3">{cell("A3", "&out;")}</row>', dtd=_OUTSIDE)}), says)
    wide = sheet(dtd=_OUTSIDE).decode().replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>')
    yield refused("outside-utf16.xlsx", book({_SHEET: wide.encode("utf-16")}), "document type|damaged|no visible sheet")


def _coats() -> Iterator[Case]:
    """One format called another."""
    pdf = b"%PDF-1.7\n" + book()
    yield refused("pdf-and-zip.xlsx", pdf, "an archive or a PDF")
    yield refused("zip.xlsx", zip_of(**{"reviews.csv": table()}), "an archive but not an Excel file")
    yield refused("zip.csv", zip_of(**{"reviews.csv": table()}), "an archive but not an Excel file", "zip called csv")
    yield refused("empty.xlsx", zip_of(), "damaged|archive")
    yield refused("word.xlsx", zip_of(word__document=b"<w/>", **{"[Content_Types].xml": b"<x/>"}), "not an Excel file")
    yield refused("word.xls", _OLE + "WordDocument".encode("utf-16-le") + bytes(900), "a Word document")
    yield refused(
        "powerpoint.xls", _OLE + "PowerPoint Document".encode("utf-16-le") + bytes(900), "damaged|not an Excel"
    )
    yield refused("cut.xls", _OLE + bytes(3000), "damaged")
    yield refused("web.xlsx", b"<!DOCTYPE html><table><tr><td>x</td></tr></table>", "a web page inside")
    yield refused("web.xls", b"\xef\xbb\xbf\n<html><script>alert(1)</script></html>", "a web page inside")
    xml = '<?xml version="1.0"?>' + _laughs("lolz") + "<lolz>&l9;</lolz>"
    yield refused("laughs.xls", xml.encode(), "an XML document inside")
    yield refused("laughs.csv", xml.encode(), "an XML document inside")
    yield refused("picture.csv", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "a picture")
    yield refused("gif-and-script.csv", b"GIF89a=1;\nalert(1);\n", "a picture")
    yield refused("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture")
    yield refused("photo.txt", b"\xff\xd8\xff\xe0" + bytes(range(256)), "a picture")
    yield refused("program.csv", b"MZ\x90\x00" + bytes(400), "a program")
    yield refused("program.txt", b"\x7fELF\x02\x01\x01" + bytes(400), "a program")
    yield refused("database.csv", b"SQLite format 3\x00" + bytes(400), "a database")
    yield refused("packed.csv", b"\x1f\x8b\x08" + bytes(99), "an archive or a PDF")
    yield refused("packed.txt", b"BZh91AY&SY" + bytes(99), "an archive or a PDF")
    yield refused("packed.jsonl", b"\xfd7zXZ\x00" + bytes(99), "an archive or a PDF")
    yield refused("packed.tsv", b"\x28\xb5\x2f\xfd" + bytes(99), "an archive or a PDF")
    yield refused("rtf.txt", b"{\\rtf1\\ansi\\deff0 Das Paket kam nie an.}", "rich text|RTF")
