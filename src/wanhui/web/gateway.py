"""The way into the API: no cookie counts behind it, and every refusal there is a problem document."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from wanhui.web.problems import MEDIA_TYPE, Problem, answer, of_status

ROOT = "/api/"
# The two documents about the API: a person who is signed in reads them in the browser.
FOR_READERS = ("/api/v1/docs", "/api/v1/openapi.json")
# As for pages (web.guards.TooLarge): a file a little too large is read and refused in words, far larger ones are not.
_FAR = 2


class Gateway:
    """Takes the cookies from requests to the API, so that a browser's session alone never authorises a call, and
    turns every refusal that did not come from the API itself (unknown address, wrong method) into a problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        if request.path_info not in FOR_READERS:
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
        with translation.override(translation.get_language_from_request(request)):
            if _far_too_large(request):
                return answer(request, Problem("too_large"))
            response = self.get_response(request)
            if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
                response = _as_problem(request, response)
        response.headers["Cache-Control"] = "no-store"
        return response


def _far_too_large(request: HttpRequest) -> bool:
    said = request.META.get("CONTENT_LENGTH") or ""
    return said.isdecimal() and int(said) > _FAR * settings.WANHUI_MAX_UPLOAD_BYTES


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    told = answer(request, of_status(response.status_code))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    told.status_code = response.status_code
    return told
