"""Locks on every page: nothing far too large is read, nothing is kept by a cache between, nobody is half signed in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

Next = Callable[[HttpRequest], HttpResponse]
# A file a little too large is read, so that the form can say so beside the field; far larger ones are not.
_FAR = 2


class TooLarge:
    """Answers 413 before a body is read that is far beyond the upload limit: it would fill the disk first.

    The length that was announced is the length that is read (WSGI), so it cannot be understated.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or ""
        if said.isdecimal() and int(said) > _FAR * settings.WANHUI_MAX_UPLOAD_BYTES:
            limit = max(1, settings.WANHUI_MAX_UPLOAD_BYTES // 1024 // 1024)
            return render(request, "web/too_large.html", {"limit": limit}, status=413)
        return self.get_response(request)


class KeptPrivate:
    """Pages hold customers' data: a proxy keeps none of them, and the browser asks again after signing out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class SignedOut:
    """Answers 401 where a part of a page was asked for by somebody who is no longer signed in.

    A redirect would put the sign-in page into the middle of the page, over the words somebody is writing.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        away = response.headers.get("Location", "").partition("?")[0] == resolve_url(settings.LOGIN_URL)
        return HttpResponse(status=401) if away and request.headers.get("HX-Request") else response
