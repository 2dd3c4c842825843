"""Schemathesis plays with every address: valid and invalid data, and nothing it answers may surprise.

No answer of 5xx, no status or shape that the document does not name, no valid request refused as invalid, no invalid
one accepted. It calls in this process, without a network, with the same data every time.
"""

import json
import os
from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck

from tests.api.conftest import Caller, Calls
from tests.safety.conftest import Shop
from wanhui.config import openapi

EXAMPLES = int(os.environ.get("WANHUI_API_EXAMPLES", 8))
schema = schemathesis.openapi.from_dict(json.loads(openapi.text()))
schema.app = WSGIHandler()
schema.config.generation.deterministic = True
schema.config.generation.database = "none"
# A list that is too long may be too large to be read at all.
schema.config.checks.negative_data_rejection.expected_statuses.append("413")
calmly = hypothesis.settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def open_connection() -> Iterator[None]:
    """The test's own transaction stays open from one request to the next, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def owner(shop: Shop, call_as: Calls, open_connection: None) -> Caller:
    """The owner's program, in a shop with one of everything."""
    return call_as("mei")


@pytest.mark.slow
@schema.parametrize()
@calmly
def test_nothing_it_answers_surprises(case: schemathesis.Case, owner: Caller) -> None:
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict) and "" in case.body.values():
        return  # werkzeug's client writes an empty field as no field at all: not what was meant to be sent
    case.call_and_validate(headers={"Authorization": f"Bearer {owner.secret}", "Accept-Language": "en"})
