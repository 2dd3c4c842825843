"""The door to receivers outside: one POST, to the address that was checked, with no redirect followed."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from wanhui.webhooks.rules import is_public

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, or None with the trouble in a few words."""

    status: int | None
    trouble: str = ""


def post(url: str, body: bytes, headers: dict[str, str], *, private_allowed: bool = False) -> Answer:
    """Send `body`; never raises for what the other side or the network does.

    The host's name is looked up once and that address is used, so that a name which changes its mind between the
    check and the call (DNS rebinding) leads nowhere.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = _address_of(host, port, private_allowed=private_allowed)
    except OSError as error:
        return Answer(None, f"the name {host} was not found ({error.strerror or error})")
    except UnicodeError:
        return Answer(None, f"{host} is no name of a machine")
    if address is None:
        return Answer(None, "this address lies inside the private network")
    path = parts.path or "/"
    try:
        with socket.create_connection((address, port), timeout=TIMEOUT_SECONDS) as plain:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
            wrapped = ssl.create_default_context().wrap_socket(plain, server_hostname=host)  \
                if parts.scheme == "https" else plain
            with wrapped:
                connection.sock = wrapped
                connection.request("POST", path + (f"?{parts.query}" if parts.query else ""), body, headers)
                return Answer(connection.getresponse().status)
    except TimeoutError:
        return Answer(None, f"no answer within {TIMEOUT_SECONDS:.0f} seconds")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:180])


def _address_of(host: str, port: int, *, private_allowed: bool) -> str | None:
    """The first address of a host that may be called; None when all of them lie inside. OSError when there is none."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return next((address for address in found if private_allowed or is_public(address)), None)
