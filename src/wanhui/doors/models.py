"""Who is signed in where: the table of sessions itself, with what a person needs to recognise them."""

import hashlib
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from wanhui.kit import clock

DEVICE, SINCE = "device", "since"


class Visit(AbstractBaseSession):
    """One browser that is signed in, or has at least chosen a language.

    `session_key` holds a digest: whoever reads this table, or a copy of it in a backup, has no key to any door.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="visits")
    device = models.CharField(max_length=60, default="", blank=True)
    since = models.DateTimeField(null=True)
    last_seen = models.DateTimeField()


def kept_key(key: str) -> str:
    """What is kept of the key in a browser's cookie: 160 bits of its SHA-256, in hex."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's sessions in our table; it stands here because it is what writes that table (SESSION_ENGINE)."""

    last_seen: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Visit]:
        return Visit

    def _get_session_from_db(self) -> Visit | None:
        found = Visit.objects.filter(session_key=kept_key(self.session_key or ""), expire_date__gt=clock.now()).first()
        if found is None:
            self._session_key = None
        else:
            self.last_seen = found.last_seen
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Visit:
        visit = cast("Visit", super().create_model_instance(data))
        visit.session_key = kept_key(visit.session_key)
        visit.person_id = data.get(SESSION_KEY)
        visit.device = str(data.get(DEVICE, ""))[:60]
        visit.last_seen = clock.now()
        if data.get(SINCE):
            visit.since = datetime.fromisoformat(data[SINCE])
        return visit

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(kept_key(key))
