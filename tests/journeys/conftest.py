"""Fixtures of the journeys: desks in their own processes, and people in front of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.fixtures import visitors
from tests.browser.running import Desk, running_desk
from tests.journeys import shops

__all__ = ["visitors"]


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    """A desk nobody has used yet: one login, no store."""
    with running_desk(tmp_path / "home") as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    """The same with the first person's own shop and this week's reviews in it, judged."""
    with running_desk(tmp_path / "home", before=lambda found: shops.open_shop(found, tmp_path)) as found:
        yield found
