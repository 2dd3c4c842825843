"""Fixtures of the tests that look at pages in a real browser."""

from tests.browser.fixtures import chromium, demo_desk, desk, visitors

__all__ = ["chromium", "demo_desk", "desk", "visitors"]
