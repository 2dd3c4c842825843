"""JSON in its three coats: an array or object, one object a line, and JSONP as shops' pages serve it."""

import io
import json
import math
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from wanhui.connectors.file.delimited import CHANGED, share_of
from wanhui.connectors.file.encoding import decide_encoding
from wanhui.connectors.file.problem import FileProblem
from wanhui.connectors.file.table import MAX_CELL, MAX_COLUMNS, Cell, Table, make_table

_JSONP = re.compile(r"\s*(?:/\*\*/)?\s*[\w$.]{1,120}\s*\((?=\s*[\[{])")
_HALF = re.compile("[\ud800-\udfff]")
_MAX_BYTES = 256 * 1024 * 1024
_DEEP = 4


def is_jsonp(start: str) -> bool:
    """Does the text begin like `callback({`?"""
    return _JSONP.match(start) is not None


def read_json(source: BinaryIO, name: str, kind: str) -> Table:
    """Read one JSON or JSONP document that is, or contains, an array of objects; each object is a row.

    Objects inside a row become columns with dotted names (`user.name`); arrays stay as JSON text.
    """
    encoding = decide_encoding(source, name)
    source.seek(0, io.SEEK_END)
    if source.tell() > _MAX_BYTES:
        raise FileProblem(
            f"{name} is one JSON document of more than {_MAX_BYTES // 1024 // 1024} MB. "
            "Please save it as JSON Lines (.jsonl, one object a line), which can be of any size."
        )
    source.seek(0)
    text = source.read().decode(encoding)
    if not text.strip():
        raise FileProblem(f"{name} is empty. Please export it again.")
    shift = 0
    if coat := _JSONP.match(text):
        shift = coat.end()
        text = text[shift:].rstrip().rstrip(";").rstrip().removesuffix(")")
    document = _parse(text, name)
    items = _longest(document, _DEEP)
    if not items:
        raise FileProblem(
            f"{name} holds no list of objects. A review file in JSON is an array of objects, "
            "or an object with such an array inside."
        )
    rows = [_row(item, name) for item in items]
    header = _header(rows, name)
    cells = ([row.get(key) for key in header] for row in rows)
    return make_table(name, kind, cells, encoding=encoding, header=header)


def read_jsonl(source: BinaryIO, name: str) -> Table:
    """Read one JSON object a line, lazily; a first walk through the file collects the column names.

    Raises FileProblem with the line number where a line is no JSON object.
    """
    encoding = decide_encoding(source, name)
    names: dict[str, None] = {}
    for row in _objects(source, encoding, name):
        names.update(dict.fromkeys(row))
        if len(names) > MAX_COLUMNS:
            break
    header = _check(list(names), name)
    rows = ([row.get(key) for key in header] for row in _objects(source, encoding, name))
    return make_table(name, "jsonl", rows, encoding=encoding, header=header, share_read=share_of(source))


def _objects(source: BinaryIO, encoding: str, name: str) -> Iterator[dict[str, Cell]]:
    source.seek(0)
    stream = io.TextIOWrapper(source, encoding=encoding)
    try:
        number = 0
        while line := stream.readline(MAX_CELL * 8):
            number += 1
            if len(line) >= MAX_CELL * 8:
                raise FileProblem(f"{name}, line {number:,}: the line is too long. Is every object on its own line?")
            if line.strip():
                yield _row(_object(line, number, name), name)
    except UnicodeDecodeError as error:  # all bytes were looked at before: somebody wrote to the file since
        raise FileProblem(CHANGED.format(name=name)) from error
    finally:
        stream.detach()


def _object(line: str, number: int, name: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of more than 4,300 digits
        where = f", character {error.pos + 1:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise FileProblem(
            f"{name}, line {number:,}{where}: this is not JSON. Please correct or delete the line."
        ) from error
    if not isinstance(item, dict):
        raise FileProblem(f"{name}, line {number:,}: an object {{…}} is expected on every line.")
    return item


def _parse(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileProblem(
            f"{name} is not complete JSON: something is wrong in line {error.lineno:,}, column {error.colno:,}. "
            "Please save or download it again."
        ) from error
    except RecursionError as error:
        raise FileProblem(_DEEPER.format(name=name)) from error
    except ValueError as error:
        raise FileProblem(
            f"{name} holds a number of thousands of digits. Please correct it and try again."
        ) from error


_DEEPER = "{name} is nested too deeply to be a list of reviews."


def _row(item: dict[str, Any], name: str) -> dict[str, Cell]:
    try:
        return _flat(item)
    except RecursionError as error:
        raise FileProblem(_DEEPER.format(name=name)) from error


def _longest(node: Any, depth: int) -> list[dict[str, Any]]:
    """The longest array of objects in the document, not looking deeper than `depth` objects."""
    if isinstance(node, list):
        return node if node and all(isinstance(item, dict) for item in node) else []
    if not isinstance(node, dict) or depth == 0:
        return []
    return max((_longest(value, depth - 1) for value in node.values()), key=len, default=[])


def _flat(item: dict[str, Any], prefix: str = "", depth: int = 3) -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for key, value in item.items():
        key = _whole(key).replace("\x00", "")
        if isinstance(value, dict) and depth and value:
            row.update(_flat(value, f"{prefix}{key}.", depth - 1))
        elif isinstance(value, dict | list):
            row[prefix + key] = _whole(json.dumps(value, ensure_ascii=False)) if value else None
        elif isinstance(value, float) and math.isnan(value):
            row[prefix + key] = None
        else:
            row[prefix + key] = _whole(value) if isinstance(value, str) else value
    return row


def _whole(text: str) -> str:
    """JSON can spell half a character (a lone surrogate), which no file can hold: it becomes a replacement mark."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _HALF.search(text) else text


def _header(rows: list[dict[str, Cell]], name: str) -> list[str]:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    return _check(list(names), name)


def _check(names: list[str], name: str) -> list[str]:
    if len(names) > MAX_COLUMNS:
        raise FileProblem(
            f"{name} has more than {MAX_COLUMNS} different keys. Please keep only what is about the reviews."
        )
    return names
