"""Where the next page of a list begins: opaque to the reader, signed, good for its own list only."""

from datetime import date, datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from wanhui.web.problems import Problem

Key = tuple[int | str | date | datetime | None, ...]


def seal(place: str, key: Key | None) -> str | None:
    """The cursor of a page of the list `place` that begins after `key`; None on the last page."""
    if key is None:
        return None
    return signing.dumps([_plain(part) for part in key], salt=f"wanhui.cursor.{place}")


def unseal(place: str, cursor: str | None) -> list[Any] | None:
    """The key of a cursor that this list gave out, dates as ISO text; None for the first page. Problem otherwise."""
    if cursor is None:
        return None
    try:
        return list(signing.loads(cursor, salt=f"wanhui.cursor.{place}"))
    except signing.BadSignature as error:
        raise Problem("not_found", _("This cursor is not from this list. Begin without one.")) from error


def _plain(part: int | str | date | datetime | None) -> int | str | None:
    return part.isoformat() if isinstance(part, date) else part
