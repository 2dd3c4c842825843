"""One address of every kind of page that the desk has, found by following links."""

from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext

from tests.safety.pages import Page

# Pages beside those that links lead to: empty places, lists that found nothing, an address that does not exist.
BESIDE = ("/?platform=otto&cause=noise", "/reviews/?cause=noise&mood=good", "/nowhere/")
MOST = 400


def one_of_each(visitor: APIRequestContext, start: Iterable[str] = ("/",)) -> dict[str, str]:
    """By route ("cases/<int:pk>/"), the first address of it that answers with a page; found by following links.

    visitor: requests of a browser that is signed in.
    """
    waiting, seen = list(start), set[str]()
    found: dict[str, str] = {}
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        route = route_of(address)
        if address in seen or route is None or route in found:
            continue
        seen.add(address)
        answer = visitor.get(address)
        if answer.ok and answer.headers.get("content-type", "").startswith("text/html"):
            path = urlsplit(answer.url).path
            found.setdefault(route_of(path) or "", path)
            waiting += links(answer.text(), path)
    return found


def route_of(address: str) -> str | None:
    """The route that answers an address; None where the desk has none."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


def links(html: str, at: str) -> list[str]:
    """Where the links of a page lead inside the desk, without what only ends a visit or loads a part."""
    here = "http://desk"
    full = [urldefrag(urljoin(here + at, link)).url for link in Page(html).links]
    inside = [link.removeprefix(here) for link in full if link.startswith(here + "/")]
    return [link for link in inside if not link.startswith(("/static/", "/logout/"))]
