"""Engines of the family joined-1."""

from wanhui.language.engines.joined_1.engine import Joined1, load

__all__ = ["Joined1", "load"]
