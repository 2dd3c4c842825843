"""What the API says of itself: the OpenAPI document and the page made from it."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from pydantic import BaseModel

from tests.api.conftest import Calls
from tests.cast import Cast
from tests.contracts.source import ROOT
from tests.safety.pages import Page, text
from wanhui.accounts.rules import Scope
from wanhui.config import openapi
from wanhui.web.problems import KINDS
from wanhui.web.shapes import Asked, Told


def test_the_document_in_the_documentation_is_the_one_the_desk_gives() -> None:
    kept = (ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8")
    assert kept == openapi.text(), "run `make api-document`"


def test_programs_with_a_token_and_people_signed_in_get_the_document_nobody_else_does(
    client: Client, people: Cast, call_as: Calls
) -> None:
    assert client.get("/api/v1/openapi.json").status_code == 401
    secret = call_as("eve", Scope.IMPORT).secret
    response = client.get("/api/v1/openapi.json", headers={"authorization": f"Bearer {secret}"})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert json.loads(response.content)["openapi"].startswith("3.1")
    client.force_login(people.eve)
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.post("/api/v1/openapi.json").status_code == 405


def test_the_page_names_every_operation_problem_and_scope_and_loads_nothing_from_outside(
    as_mei: Client, people: Cast
) -> None:
    page = text(as_mei.get("/api/v1/docs"))
    document = openapi.document()
    for path, methods in document["paths"].items():
        assert path in page
        assert all(f'id="{operation["operationId"]}"' in page for operation in methods.values())
    assert all(f'id="problem-{kind}"' in page for kind in KINDS)
    assert all(f"<code>{scope}</code>" in page for scope in Scope)
    assert "https://" not in page
    assert Page(page).wrong == []


def test_the_page_needs_a_login(client: Client, db: None) -> None:
    assert client.get("/api/v1/docs").headers["Location"].startswith("/login/")


def test_every_operation_says_its_scope_and_how_it_says_no() -> None:
    for methods in openapi.document()["paths"].values():
        for operation in methods.values():
            assert operation["security"][0]["Bearer"][0] in set(Scope)
            assert {"401", "403", "429"} <= set(operation["responses"])


def _under(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _under(child)


@pytest.mark.parametrize("root", [Told, Asked])
def test_no_two_shapes_share_a_name(root: type[BaseModel]) -> None:
    """The document names shapes without their room: a second one of the same name would hide the first."""
    names = [shape.__name__ for shape in _under(root) if "[" not in shape.__name__]
    assert len(names) == len(set(names))
