"""What a rendered page may not hold, found by reading its HTML; and a walk over every page a person can reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

HOST = "http://testserver"
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "hx-get", "hx-post", "xlink:href"}
# Addresses that a browser loads or runs by itself; a link may lead anywhere, it is followed by a person.
_LOADED = {"script", "link", "img", "source", "iframe", "object", "embed", "audio", "video", "image", "use"}
_RUNNING = ("javascript:", "data:text", "vbscript:")


class Page(HTMLParser):
    """A page as a browser reads it: `wrong` says what the strict policy forbids, `links` where GET links lead."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self._form = ""
        self._guarded = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.wrong += [f"<{tag} {name}> runs by itself" for name in given if name.startswith(("on", "hx-on"))]
        self.wrong += [f"<{tag} style>" for name in given if name == "style"]
        self.wrong += [
            f"<{tag} {name}={value!r}> runs" for name, value in given.items()
            if name in _ADDRESSES and value.strip().lower().startswith(_RUNNING)
        ]  # fmt: skip
        self.wrong += [
            f"<{tag} {name}={value!r}> is evaluated" for name, value in given.items()
            if name in ("hx-vals", "hx-headers", "hx-trigger") and ("js:" in value or "javascript:" in value)
        ]  # fmt: skip
        self._look(tag, given)

    def _look(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style" or (tag == "script" and "src" not in given):
            self.wrong.append(f"inline <{tag}>")
        if tag in _LOADED and (address := given.get("src") or given.get("href")) and urlsplit(address).netloc:
            self.wrong.append(f"<{tag}> from another place: {address}")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
            if given.get("target") == "_blank" and "noopener" not in given.get("rel", ""):
                self.wrong.append(f"<a target=_blank> without noopener: {given['href']}")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form, self._guarded = given.get("action", "(here)"), False
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self._guarded = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            if not self._guarded:
                self.wrong.append(f"a form without protection against forgery: {self._form}")
            self._form = ""

    def handle_data(self, data: str) -> None:
        self.words += data


def plain_addresses() -> list[str]:
    """Every address of the desk that needs no argument."""
    return ["/" + route for route, _pattern in patterns() if "<" not in route]


def patterns() -> Iterable[tuple[str, URLPattern]]:
    """Every address of the desk's pages, as (route, pattern); the API's calls are walked in tests/api."""
    found = _patterns(get_resolver().url_patterns, "")
    return (one for one in found if not one[0].startswith("api/") or one[0] == "api/v1/docs")


def _patterns(found: Iterable[URLPattern | URLResolver], before: str) -> Iterable[tuple[str, URLPattern]]:
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, route)
        else:
            yield route, one


@dataclass(frozen=True)
class Answer:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


def read(response: HttpResponseBase) -> Answer:
    """A response of the test client; it closes streamed ones itself at their end."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type, attr-defined]
    return Answer(response.status_code, response.headers, body)


def text(response: HttpResponseBase) -> str:
    """The words of a response."""
    return read(response).text


def walk(client: Client, start: Iterable[str], most: int = 250) -> dict[str, Answer]:
    """Every page that can be reached by links from `start`, by its address; downloads too, static files not."""
    waiting = list(start)
    seen: dict[str, Answer] = {}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen or address.startswith("/static/"):
            continue
        seen[address] = answer = read(client.get(address))
        if answer.is_page:
            for link in Page(answer.text).links:
                full = urldefrag(urljoin(HOST + address, link)).url
                if full.startswith(HOST + "/"):
                    waiting.append(full.removeprefix(HOST))
    return seen
