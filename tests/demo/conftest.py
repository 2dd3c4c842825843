"""Fixtures of the demo story's tests."""

from pathlib import Path

import pytest

from wanhui.demo.story import World, load


@pytest.fixture
def world() -> World:
    return load()


@pytest.fixture(scope="module")
def shared_data() -> Path:
    """The folder of real reviews beside the repository, which a stranger's clone does not have."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real reviews beside the project (../shared/data) are not here")
    return folder
