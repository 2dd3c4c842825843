"""Fixtures of tests with a browser; a conftest imports those it needs."""

import warnings
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import FLAGS, Desk, Visitors, browser_path, running_desk


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """A headless browser; the test skips where the machine has none.

    While the driver's loop runs in this thread, Django keeps database connections of their own for it. They are closed
    here, and the test database is made before and taken down after: PostgreSQL drops none that somebody is using.
    """
    path = browser_path()
    if path is None:
        pytest.skip("there is no chromium, chromium-browser or google-chrome on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    """A desk nobody has used yet: one login, no store."""
    with running_desk(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture(scope="session")
def demo_desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Desk]:
    """A desk with the demo world, as the first start leaves it. Read it, or change what no other test looks at."""
    with running_desk(tmp_path_factory.mktemp("demo-desk"), demo=True) as found:
        yield found


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """People at their browsers. The test fails on any console error, refused source or failed request of theirs."""
    found = Visitors(chromium)
    try:
        yield found
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            found.leave()
    assert not found.trouble, "\n".join(found.trouble)
