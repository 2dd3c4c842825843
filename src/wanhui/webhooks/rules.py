"""What is told to programs outside, how it is signed, when it is tried again, and where it may go. Pure.

Signature and headers follow the Standard Webhooks specification 1.0 (https://www.standardwebhooks.com), so that a
receiver can check them with a library that exists in its language.
"""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

# What a receiver may ask for, and the verbs of the record that it stands for. "case.…" is about one case and names it;
# "cases.…" is about several at once and says how many.
EVENTS: dict[str, tuple[str, ...]] = {
    "reviews.received": ("reviews.take_in", "reviews.type_in"),
    "verdicts.given": ("triage.judge", "triage.rejudge"),
    "verdict.confirmed": ("triage.confirm",),
    "verdict.corrected": ("triage.correct",),
    "case.opened": ("cases.open",),
    "case.assigned": ("cases.assign",),
    "cases.assigned": ("cases.assign_many", "cases.hand_over_all"),
    "case.accepted": ("cases.accept",),
    "case.moved": ("cases.move",),
    "cases.moved": ("cases.move_many",),
    "cases.undone": ("cases.undo",),
    "case.told": ("cases.tell",),
    "case.closed": ("cases.close",),
    "case.reopened": ("cases.reopen",),
    "reply.approved": ("replies.approve",),
    "reply.recorded": ("replies.record_sent",),
    "import.finished": ("connectors.finish",),
}
PING = "ping"
_EVENT_OF = {verb: event for event, verbs in EVENTS.items() for verb in verbs}
# A receiver that is down over a weekend misses nothing: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
_WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)

Trouble = Literal["scheme", "host", "user", "port", "long"]


def verbs_of(events: Sequence[str]) -> list[str]:
    """The verbs of the record that these events stand for."""
    return [verb for event in events for verb in EVENTS.get(event, ())]


def event_of(verb: str) -> str | None:
    """The event a verb of the record is told as; None for one that is not told."""
    return _EVENT_OF.get(verb)


def payload(
    event: str, *, at: datetime, store: int | None, kind: str, ref: str, actor: int | None, fields: Sequence[str],
    counts: Mapping[str, int],
) -> dict[str, Any]:
    """What is sent: ids, names of fields and counts, as in the record. No text, no name, no personal data: a receiver
    that may see more asks the API for it."""
    return {
        "type": event,
        "timestamp": at.isoformat(),
        "data": {
            "store": store, "kind": kind, "ref": ref, "actor": actor, "fields": list(fields), "counts": dict(counts),
        },
    }  # fmt: skip


def shown_secret(secret: bytes) -> str:
    """The secret as a receiver's library takes it."""
    return "whsec_" + base64.b64encode(secret).decode()


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`: HMAC-SHA256 of id, time (seconds since 1970) and the exact bytes."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after this many failed attempts; None when a person must look at it."""
    return timedelta(seconds=_WAITS[attempts - 1]) if 1 <= attempts <= len(_WAITS) else None


def was_taken(status: int) -> bool:
    """Whether an answer means that the receiver has the message: any 2xx. A redirect is not followed."""
    return 200 <= status < 300


def trouble_with(url: str) -> Trouble | None:
    """What is wrong with an address, None when it can be asked: http or https, a host, no name and password in it."""
    if len(url) > 500:
        return "long"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "host"
    if parts.scheme not in {"http", "https"}:
        return "scheme"
    if not parts.hostname or any(letter.isspace() or ord(letter) < 33 for letter in url):
        return "host"
    if parts.username or parts.password:
        return "user"
    return "port" if port == 0 else None


def is_public(address: str) -> bool:
    """Whether an IP address lies on the open internet: not this machine, not the network behind it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or is_public(str(inner)))
