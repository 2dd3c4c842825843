"""Engines of the family linear-1."""

from wanhui.language.engines.linear_1.engine import Linear1, load
from wanhui.language.engines.linear_1.weights import load_weights

__all__ = ["Linear1", "load", "load_weights"]
