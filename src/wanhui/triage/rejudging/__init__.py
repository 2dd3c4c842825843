"""Judging again with another engine: first what would change, then, if somebody says so, the change."""
