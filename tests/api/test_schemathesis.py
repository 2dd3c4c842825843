"""Schemathesis plays with every address: valid and invalid data, and nothing it answers may surprise.

No answer of 5xx, no status or shape that the document does not name, no valid request refused as invalid, no invalid
one accepted. It calls in this process, without a network, with the same data every time.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck
from pytest_django import DjangoDbBlocker

from tests import cast
from tests.api.conftest import Caller, token_for
from tests.safety.conftest import Shop, furnished
from wanhui.accounts.models import User
from wanhui.config import openapi

pytestmark = pytest.mark.xdist_group("schemathesis")  # one worker furnishes the shop
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


@pytest.fixture(scope="module")
def furniture(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shop, Path]]:
    """A shop with one of everything and the folder of its files: made once, taken back after the last test."""
    files = tmp_path_factory.mktemp("shop") / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=files), pytest.MonkeyPatch.context() as patch:
            patch.setattr("wanhui.work.queue.nudge", lambda step_id: None)
            shop = furnished(cast.gather())
        yield shop, files
        transaction.set_rollback(True)


@pytest.fixture
def owner(furniture: tuple[Shop, Path], open_connection: None, settings: LazySettings) -> Iterator[Caller]:
    """The owner's program, in that shop as it was made: what a test writes is taken back."""
    shop, files = furniture
    shutil.copytree(files, settings.MEDIA_ROOT)
    with transaction.atomic():
        mei = User.objects.get(pk=shop.people.mei.pk)
        yield Caller(mei, *token_for(mei))
        transaction.set_rollback(True)


def test_the_owners_program_is_let_in(mei: Caller) -> None:
    assert mei.get("/me")["username"] == "mei", "else every answer below would be the same refusal"


@pytest.mark.slow
@schema.parametrize()
@calmly
def test_nothing_it_answers_surprises(case: schemathesis.Case, owner: Caller) -> None:
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict) and "" in case.body.values():
        return  # werkzeug's client writes an empty field as no field at all: not what was meant to be sent
    case.call_and_validate(headers={"Authorization": f"Bearer {owner.secret}", "Accept-Language": "en"})
