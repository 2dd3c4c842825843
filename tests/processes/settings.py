"""The product's settings, with a few step kinds of the tests' own in the table of what happens next."""

from wanhui.config.settings import *  # noqa: F403

WANHUI_ADVANCE = "tests.processes.kinds.advance"
WANHUI_SWEEP = WANHUI_EVERY_MINUTE = "tests.processes.kinds.sweep"
