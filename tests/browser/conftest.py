"""Fixtures of the tests that look at pages in a real browser."""

from tests.browser.fixtures import demo_desk, desk, visitors

__all__ = ["demo_desk", "desk", "visitors"]
