"""Engines of the family linear-1."""

from wanhui.language.engines.linear_1.engine import Linear1, load
from wanhui.language.engines.linear_1.weights import DamagedModel, load_weights, read_manifest

__all__ = ["DamagedModel", "Linear1", "load", "load_weights", "read_manifest"]
