"""Where an installation keeps its data: one folder, outside the program."""

import os
import secrets
from importlib import metadata
from pathlib import Path
from typing import Any

import platformdirs


def home() -> Path:
    """The data folder: `WANHUI_HOME`, else the user's own data folder. Made on first use, for its owner only."""
    named = os.environ.get("WANHUI_HOME")
    folder = Path(named).expanduser() if named else platformdirs.user_data_path("wanhui", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key(folder: Path) -> str:
    """The installation's own key: from `WANHUI_SECRET_KEY`, else from a file made once with a random key."""
    named = os.environ.get("WANHUI_SECRET_KEY")
    if named:
        return named
    file = folder / "secret.key"
    try:
        # Exclusive creation: two processes that start at once must agree on one key.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(50))
    return _written(file)


def _written(file: Path) -> str:
    for _ in range(100):
        key = file.read_text(encoding="ascii").strip()
        if key:
            return key
    raise RuntimeError(f"{file} is empty. Delete it and start again: a new key is made (people sign in once more).")


def sqlite(file: Path) -> dict[str, Any]:
    """Django's settings for a database in one file, as a server with one writer (docs/decisions/0003)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            # Deferred transactions fail under several writers; IMMEDIATE ones queue (design, section 4).
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
        },
    }


def version() -> str:
    """The program's own version, as installed."""
    return metadata.version("wanhui")
