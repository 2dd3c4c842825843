"""The door: open any review file and hand out its table."""

import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from wanhui.connectors.file.delimited import read_delimited
from wanhui.connectors.file.encoding import decide_encoding
from wanhui.connectors.file.jsondata import is_jsonp, read_json, read_jsonl
from wanhui.connectors.file.parquet import read_parquet
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.spreadsheet import read_spreadsheet
from wanhui.connectors.file.table import Cell, Table

ENDINGS = ("csv", "tsv", "txt", "xls", "xlsx", "xlsm", "jsonl", "ndjson", "json", "jsonp", "parquet")
_TEXT_START = 65_536
_WEB_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<table|<\?xml[^>]*>\s*<(?:html|\?mso))", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml\s|!doctype|!entity|svg\b)", re.IGNORECASE)
_OBJECTS = re.compile(r'\s*(?:\[\s*\{\s*"|\{\s*")')
# First bytes of what is certainly no table, and what a person calls it.
_OTHERS = (
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"%PDF", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"), "an archive or a PDF"),
    ((b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"II*\x00", b"MM\x00*"), "a picture or a film"),
    ((b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!/"), "a program"),
    ((b"SQLite format 3\x00",), "a database"),
    ((b"{\\rtf",), "a rich text document (RTF)"),
)


def read_table(source: Path | BinaryIO, name: str) -> Table:
    """Open `source` and find its table; the content decides the format, the ending only helps.

    `name` is the file's name for messages and its ending; "-" means unknown, as from standard input.
    Text tables and JSON Lines are read lazily: a stream given as `source` must stay open until the rows are used up
    (it is never closed here).
    Raises FileProblem in plain words for anything that is not a readable table.
    """
    ending = _ending(name)
    stream = _seekable(source, name)
    try:
        table = _read(stream, ending, "The input" if name == "-" else name)
    except BaseException:
        if stream is not source:
            stream.close()
        raise
    if stream is source:
        return table
    return replace(table, rows=_closing(table.rows, stream), close=stream.close)


def open_file(path: Path) -> BinaryIO:
    """Open a true file. FileProblem for a pipe or a device, which may never answer or never end; OSError as `open`."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise FileProblem(f"{path} is a pipe or a device and not a file. Please copy it into a file first.")
    return path.open("rb")


def _closing(rows: Iterable[list[Cell]], stream: BinaryIO) -> Iterator[list[Cell]]:
    with stream:
        yield from rows


def _read(stream: BinaryIO, ending: str, shown: str) -> Table:
    kind = _kind(stream, ending, shown)
    stream.seek(0)
    if kind == "spreadsheet":
        return read_spreadsheet(stream, shown)
    if kind == "parquet":
        return read_parquet(stream, shown)
    if kind == "jsonl":
        return read_jsonl(stream, shown)
    if kind in ("json", "jsonp"):
        return read_json(stream, shown, kind)
    return read_delimited(stream, shown, kind)


def _ending(name: str) -> str:
    if name == "-":
        return ""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in ENDINGS:
        shown = f'has the ending ".{ending}"' if ending else "has no ending"
        raise FileProblem(f"{name} {shown}, which is not known. Please use one of: {', '.join(ENDINGS)}.")
    return ending


def _seekable(source: Path | BinaryIO, name: str) -> BinaryIO:
    if isinstance(source, Path):
        try:
            return open_file(source)
        except FileNotFoundError as error:
            raise FileProblem(f"There is no file {source}. Please check the name and the folder.") from error
        except OSError as error:
            raise FileProblem(f"{name} cannot be opened: {error.strerror}.") from error
    if source.seekable():
        return source
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the table's rows are read
    shutil.copyfileobj(source, copy)
    copy.seek(0)
    return copy


def _kind(stream: BinaryIO, ending: str, name: str) -> str:
    """spreadsheet, parquet, jsonl, json, jsonp, csv, tsv or txt: by the first bytes, then by the ending."""
    stream.seek(0)
    start = stream.read(16)
    if not start:
        raise FileProblem(f"{name} is empty (0 bytes). Please export it again.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "spreadsheet"
    if start.startswith((b"PAR1", b"PARE")):
        return "parquet"
    if ending == "parquet":
        raise FileProblem(f"{name} has the ending of a Parquet file but is none inside. Please export it again.")
    _refuse_others(start, name)
    if ending in ("xls", "xlsx", "xlsm") and start.startswith(b"\x09\x08"):
        return "spreadsheet"
    return _text_kind(stream, ending, name)


def _refuse_others(start: bytes, name: str) -> None:
    for marks, kind in _OTHERS:
        if start.startswith(marks) and (kind != "a program" or b"\x00" in start or start.startswith(b"#!")):
            if kind == "an archive or a PDF":
                raise FileProblem(f"{name} is an archive or a PDF, not a table. Please unpack it or export a table.")
            raise FileProblem(_NO_TABLE.format(name=name, kind=kind))


_NO_TABLE = "{name} is {kind} inside, not a table. Please export the reviews as xlsx or csv."


def _text_kind(stream: BinaryIO, ending: str, name: str) -> str:
    try:
        encoding = decide_encoding(stream, name)
    except FileProblem as problem:
        if ending in ("xls", "xlsx", "xlsm"):
            raise FileProblem(
                f"{name} has the ending of an Excel file but is none inside, or it is damaged. Please export it again."
            ) from problem
        raise
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding)
    start = text.read(_TEXT_START)
    text.detach()
    stream.seek(0)
    if not start.strip():
        raise FileProblem(f"{name} is empty: there is nothing but blanks in it. Please export it again.")
    if _WEB_PAGE.match(start):
        raise FileProblem(
            f"{name} is a web page inside, whatever its ending. Please open it in Excel or WPS and save it as xlsx."
        )
    if _XML.match(start):
        raise FileProblem(
            f"{name} is an XML document inside, whatever its ending. "
            "Please open it in Excel or WPS and save it as xlsx."
        )
    return _by_content(start, ending)


def _by_content(start: str, ending: str) -> str:
    if is_jsonp(start):
        return "jsonp"
    if ending in ("jsonl", "ndjson"):
        return "jsonl"
    if ending in ("json", "jsonp") or (ending in ("", "txt") and start.lstrip()[:1] in "[{") or _OBJECTS.match(start):
        return _json_coat(start, ending)
    if ending == "":
        return "csv" if any(mark in start.split("\n", 1)[0] for mark in ",\t;|") else "txt"
    return "csv" if ending in ("xls", "xlsx", "xlsm") else ending


def _json_coat(start: str, ending: str) -> str:
    """One object a line, or one document: the first line is a whole object and another one follows."""
    lines = [line.strip() for line in start.splitlines() if line.strip()]
    if lines[0].startswith("{") and lines[0].endswith("}") and (ending != "json" or len(lines) > 1):
        return "jsonl"
    if ending == "txt" and lines[0].startswith("[") and not lines[0].rstrip(",").endswith(("{", "[", "}", "]")):
        return "txt"
    return "json"
