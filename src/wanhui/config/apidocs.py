"""The two documents about the API: the OpenAPI document, and a page for people made from it. Neither holds any data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanhui.accounts import queries as accounts
from wanhui.accounts.forms import SCOPES
from wanhui.config import openapi
from wanhui.kit import clock
from wanhui.web.problems import KINDS, Problem, answer

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of a body."""

    name: str
    where: str
    kind: str
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address."""

    key: str
    method: str
    path: str
    summary: str
    scope: str
    values: tuple[Value, ...]
    statuses: tuple[str, ...]
    curl: str


@login_not_required
@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for a person who is signed in or a program with any living token."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    known = scheme.lower() == "bearer" and accounts.bearer(secret.strip(), clock.now()) is not None
    if not known and not request.user.is_authenticated:
        return answer(request, Problem("unauthorized", headers={"WWW-Authenticate": 'Bearer realm="Wanhui"'}))
    return HttpResponse(openapi.text(), content_type="application/json; charset=utf-8")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every address of the API with what it takes and answers, in groups."""
    home = request.build_absolute_uri("/").rstrip("/")
    return render(request, "web/api.html", {
        "groups": [(name, [_call(*one, home) for one in found]) for name, found in _groups().items()],
        "problems": [(kind, status, title) for kind, (status, title) in KINDS.items()],
        "scopes": [(code, name, opens) for code, (name, opens) in SCOPES.items()],
        "home": home,
    })


@cache
def _read() -> Node:
    return openapi.document()


def _groups() -> dict[str, list[tuple[str, str, Node]]]:
    """The calls of each group, in the order in which the rooms stand."""
    found: dict[str, list[tuple[str, str, Node]]] = {}
    for path, methods in _read()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append((path, method, operation))
    return found


def _call(path: str, method: str, operation: Node, home: str) -> Call:
    return Call(
        key=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        scope=operation["security"][0]["Bearer"][0], values=tuple(_values(operation)),
        statuses=tuple(sorted(operation["responses"])), curl=_curl(path, method, operation, home),
    )


def _values(operation: Node) -> Iterator[Value]:
    for each in operation["parameters"]:
        where = _("address") if each["in"] == "path" else _("query")
        yield Value(each["name"], where, _kind(each["schema"]), each["required"], "")
    _media, body = _body(operation)
    for name, schema in body.get("properties", {}).items():
        yield Value(name, _("body"), _kind(schema), name in body.get("required", ()), schema.get("description", ""))


def _body(operation: Node) -> tuple[str, Node]:
    """The media type of an operation's body and its fields; both empty where it takes none."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        return media, _whole(content["schema"])
    return "", {}


def _whole(schema: Node) -> Node:
    """What a reference refers to."""
    reference = schema.get("$ref") or (schema.get("allOf") or [{}])[0].get("$ref")
    found: Node = _read()["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    return found


def _kind(schema: Node) -> str:
    """A value's kind in few words: "integer 1–200", "real | demo", "text up to 300"."""
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    schema = _whole(schema)
    if "enum" in schema:
        return " | ".join(str(each) or '""' for each in schema["enum"])
    kind = str(schema.get("format") or schema.get("type", "object"))
    if kind == "array":
        return f"[{_kind(schema['items'])}]"
    if "minimum" in schema and schema.get("maximum", 2**53) < 2**53:
        return f"{kind} {schema['minimum']}–{schema['maximum']}"
    return f"{kind} ≤ {schema['maxLength']}" if "maxLength" in schema else kind


def _curl(path: str, method: str, operation: Node, home: str) -> str:
    """A call to start from: identifiers are 1, what may be left out is left out."""
    lines = ['curl -H "Authorization: Bearer $WANHUI_TOKEN"']
    media, body = _body(operation)
    if media == "application/json":
        given = {name: _example(body["properties"][name]) for name in body.get("required", ())}
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(given, ensure_ascii=False)}'"]
    elif media:
        files = {name for name, schema in body["properties"].items() if schema.get("format") == "binary"}
        lines += [f"-F {name}={'@reviews.xlsx' if name in files else '1'}" for name in body.get("required", ())]
    lines += [] if method == "get" or (method == "post" and media) else [f"-X {method.upper()}"]
    for each in operation["parameters"]:
        path = path.replace("{" + each["name"] + "}", "1")
    return " ".join([*lines, home + path])


def _example(schema: Node) -> Any:
    """The smallest value that this schema takes."""
    schema = _whole(schema["anyOf"][0] if "anyOf" in schema else schema)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [_example(schema["items"])]
    if schema.get("type") == "object":
        return {"text": 0} if "propertyNames" in schema and "additionalProperties" in schema else {}
    return {"integer": max(1, schema.get("minimum", 1)), "boolean": True}.get(schema.get("type", ""), "…")
