"""Schemathesis plays with every address: valid and invalid data, and nothing it answers may surprise."""

import json
import os
from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.api.conftest import Caller, Calls
from tests.safety.conftest import Shop
from wanhui.config import openapi

schema = schemathesis.openapi.from_dict(json.loads(openapi.text()))
schema.app = WSGIHandler()
schema.config.generation.deterministic = True


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
@hypothesis.settings(max_examples=int(os.environ.get("EX", 10)), deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_nothing_surprises(case: schemathesis.Case, owner: Caller) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {owner.secret}", "Accept-Language": "en"})
