"""The OpenAPI document: what ninja knows of the API, and what it does not: scopes, and every way to say no.

`make api-document` writes it to docs/reference/openapi.json; a test compares the two.
"""

import json
from typing import Any

from ninja.operation import Operation
from ninja.responses import NinjaJSONEncoder

from wanhui.web.problems import KINDS, MEDIA_TYPE
from wanhui.web.shapes import ProblemTold

METHODS = ("get", "post", "put", "patch", "delete")
SCHEMAS = "#/components/schemas/"
# Statuses in the words of HTTP; the document is for programs and speaks English.
REASONS = {
    400: "The body cannot be read",
    401: "No valid access token",
    403: "The token's scope or the role does not allow it",
    404: "Not there, or not in a store one works in",
    409: "The desk said no, or somebody was faster",
    413: "Too large",
    415: "The body is of another kind",
    422: "Not valid; `fields` says what",
    429: "Too many requests; `Retry-After` says how long to wait",
}


def document() -> dict[str, Any]:
    """The whole document as plain data; the same from call to call."""
    from wanhui.config.api import ROOT, api

    raw = api.get_openapi_schema(path_prefix=ROOT)
    found: dict[str, Any] = json.loads(json.dumps(raw, cls=NinjaJSONEncoder))
    scopes = {
        api.get_openapi_operation_id(operation): _scope(operation)
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }
    found["servers"] = [{"url": "/"}]
    found["info"]["license"] = {"name": "MIT"}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation, scopes[operation["operationId"]])
    found["components"]["schemas"]["Problem"] = _problem(found["components"]["schemas"])
    found["components"]["securitySchemes"]["Bearer"] = {
        "type": "http", "scheme": "bearer", "description": "An access token, made on the account page of the desk.",
    }
    _tidy(found)
    return found


def text() -> str:
    """The document as it is kept in the documentation."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _scope(operation: Operation) -> str:
    return str(operation.auth_callbacks[0].scope.value)  # type: ignore[attr-defined]


def _complete(path: str, method: str, operation: dict[str, Any], scope: str) -> None:
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    operation["security"] = [{"Bearer": [scope]}]
    for parameter in operation["parameters"]:
        _never_null(parameter["schema"])
    statuses = [401, 403, 422, 429]  # 422: a name in the query that is not known, at the least
    statuses += [404] if "{" in path or method != "get" or operation["parameters"] else []
    statuses += [409] if method != "get" or path.endswith("/columns") else []
    statuses += [400, 413, 415] if "requestBody" in operation else []
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS + "Problem"}}}
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"description": REASONS[status], "content": content}
    if operation["operationId"] == "desk_screenshot":
        picture = {"schema": {"type": "string", "format": "binary"}}
        operation["responses"]["200"]["content"] = {f"image/{kind}": picture for kind in ("png", "jpeg", "webp")}


def _never_null(schema: dict[str, Any]) -> None:
    """An address cannot say null: a parameter without a value is left out."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
    elif kinds:
        schema["anyOf"] = kinds


def _problem(schemas: dict[str, Any]) -> dict[str, Any]:
    made = ProblemTold.model_json_schema(ref_template=SCHEMAS + "{model}")
    schemas.update(made.pop("$defs"))
    made["properties"]["code"]["enum"] = sorted(KINDS)
    return made


def _tidy(node: Any) -> None:
    """Titles that only repeat a name are left out."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str) and ("type" in node or "anyOf" in node or "$ref" in node):
            del node["title"]
        for child in node.values():
            _tidy(child)
    elif isinstance(node, list):
        for child in node:
            _tidy(child)

