"""Fixtures for the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadGroupScheduling

from tests import cast
from tests.browser.fixtures import chromium

__all__ = ["chromium"]  # one browser a process, whichever folder its tests lie in: there is only one driver

# Playwright's synchronous driver runs a loop in the test's thread; the tests' own reads beside it are meant.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# What is made once and used by many tests is made by one worker: by where a test lies, since some versions of pytest
# and xdist together do not pass on the groups that tests name.
TOGETHER = {
    "browser": ("tests/browser/", "tests/journeys/", "tests/hostile/test_pages"),
    "processes": ("tests/processes/", "tests/config/"),
    "hostile": ("tests/hostile/test_files",),
    "demo": ("tests/demo/test_load",),
    "scripts": ("tests/safety/test_scripts",),
    "schemathesis": ("tests/api/test_schemathesis",),
}


class Grouped(LoadGroupScheduling):
    """Tests that share something stay on one worker; the others go wherever there is time."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for name, places in TOGETHER.items() if nodeid.startswith(places)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Grouped | None:
    """With `--dist loadgroup`."""
    return Grouped(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real reviews beside the project; a test that needs it skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder shared/data with real reviews is not beside the project")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database that a session still holds; whoever is late in leaving is sent away first."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture
def people(db: None) -> cast.Cast:
    """The standing people in their standing stores."""
    return cast.gather()


@pytest.fixture
def as_mei(people: cast.Cast, client: Client) -> Client:
    """A browserless client signed in as the owner."""
    client.force_login(people.mei)
    return client


@pytest.fixture(autouse=True)
def _no_nudges(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are noted but no job is queued, unless a test is about real processes: it then runs them itself."""
    if request.node.get_closest_marker("processes") is None:
        monkeypatch.setattr("wanhui.work.queue.nudge", lambda step_id: None)
