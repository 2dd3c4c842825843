"""Where the desk hands in its letters: one variable, `WANHUI_EMAIL_URL`."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_FILES = "django.core.mail.backends.filebased.EmailBackend"
_SECONDS = 20


def read(url: str) -> dict[str, Any]:
    """Django's settings of mail from one address; empty for an empty one. ValueError says what is wrong with it.

    smtps://name:password@host:465?from=desk@example.org   encrypted from the first byte
    smtp://name:password@host:587?from=desk@example.org    encrypted after STARTTLS
    smtp+plain://host:25?from=desk@example.org             not encrypted: a relay on this machine
    file:///folder?from=desk@example.org                   letters become files, to try things out

    `from` is the sender that people see; without it, the name of the account.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [unquote(parts.username or "")])[0]
    if "@" not in sender:
        raise ValueError("WANHUI_EMAIL_URL names no sender: add ?from=desk@example.org")
    found: dict[str, Any] = {"DEFAULT_FROM_EMAIL": sender, "EMAIL_TIMEOUT": _SECONDS}
    if parts.scheme == "file":
        return found | {"EMAIL_BACKEND": _FILES, "EMAIL_FILE_PATH": unquote(parts.path)}
    usual = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
    if parts.scheme not in usual or not parts.hostname:
        raise ValueError("WANHUI_EMAIL_URL must begin with smtps://, smtp://, smtp+plain:// or file:// and name a host")
    return found | {
        "EMAIL_BACKEND": _SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or usual[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
    }
