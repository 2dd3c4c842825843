"""`wanhui check`: is this installation well? `points` decides (pure), `looks` finds out, `command` prints."""
