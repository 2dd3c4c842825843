"""Fixtures of the journeys: a desk in its own processes, and people in front of it."""

from tests.browser.fixtures import chromium, demo_desk, desk, visitors

__all__ = ["chromium", "demo_desk", "desk", "visitors"]
