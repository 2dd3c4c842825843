"""Fixtures of the demo story's tests."""

import pytest

from wanhui.demo.story import World, load


@pytest.fixture
def world() -> World:
    return load()
