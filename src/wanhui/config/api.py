"""API v1: the rooms' doors under one address, with one lock, one pace and one way to say no."""

import logging
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver
from django.urls import path as address
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.operation import Operation, PathView
from ninja.parser import Parser
from ninja.utils import normalize_path, replace_path_param_notation

from wanhui.accounts.api import REALM, Pace
from wanhui.accounts.api import router as accounts
from wanhui.analytics.api import router as analytics
from wanhui.cases.api import router as cases
from wanhui.connectors.api import router as connectors
from wanhui.desk.api import router as desk
from wanhui.desk.lookup_api import router as lookup
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.replies.api import router as replies
from wanhui.reviews.api import router as reviews
from wanhui.stores.api import router as stores
from wanhui.triage.api import router as triage
from wanhui.triage.corrections.api import router as corrections
from wanhui.triage.own.api import router as own
from wanhui.triage.rejudging.api import router as rejudging
from wanhui.triage.severity.api import router as severity
from wanhui.web import problems
from wanhui.web.problems import Problem
from wanhui.webhooks.api import router as webhooks

VERSION = "1.0"
ROOT = "/api/v1/"
FORM, JSON = "multipart/form-data", "application/json"
logger = logging.getLogger("django.request")
E = TypeVar("E", bound=Exception)


class Reader(Parser):
    """Takes a body only where it says of itself that it is of the kind the address takes."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of the body."""
        if request.content_type != JSON:
            raise _other_kind(JSON)
        return super().parse_body(request)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The fields of a form, its files, or the query."""
        if data is not request.GET and request.content_type != FORM:
            raise _other_kind(FORM)
        return super().parse_querydict(data, list_fields, request)


def _other_kind(wanted: str) -> Problem:
    detail = _("Send the body as %(kind)s and say so in the header “Content-Type”.")
    return Problem("unsupported_media_type", detail % {"kind": wanted}, headers={"Accept-Post": wanted})


class DeskApi(NinjaAPI):
    """Ninja's API, whose rooms may share an address: each answers its own methods there."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        views: dict[str, PathView] = {}
        for bound in self._get_bound_routers():
            for path, view in bound.path_operations.items():
                route = normalize_path(replace_path_param_notation(f"{bound.prefix}/{path}")).lstrip("/")
                views.setdefault(route, PathView()).operations += view.operations
                for operation in view.operations:
                    _refuse_unknown(operation)
        return [
            address(route, login_not_required(view.get_view()), name=self.get_openapi_operation_id(view.operations[0]))
            for route, view in views.items()
        ]

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Room and verb: "cases_claim"."""
        room = operation.view_func.__module__.split(".")[-2]
        return f"{room}_{operation.view_func.__name__}"

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """The answer being made, in the language that was chosen for it."""
        response = super().create_temporal_response(request)
        response.headers["Content-Language"] = get_language() or "en"
        return response


def _refuse_unknown(operation: Operation) -> None:
    """A name in the query that this address does not know is told: a misspelt filter must not show everything."""
    known = {name for model in operation.models if model.__ninja_param_source__ == "query"
             for name in getattr(model, "__ninja_flatten_map__", {})}
    verb = operation.view_func

    @wraps(verb)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if unknown := [name for name in request.GET if name not in known]:
            error = {"type": "extra_forbidden"}
            raise Problem("invalid", problems.sentence(error), fields=[
                {"field": f"query.{name[:80]}", "message": problems.sentence(error), "code": error["type"]}
                for name in unknown[:50]
            ])
        return verb(request, *args, **kwargs)

    operation.view_func = strict


def _told(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.answer(request, problem)


def _not_found(request: HttpRequest, _error: Any) -> HttpResponse:
    detail = _("This does not exist, or it belongs to a store you do not work in.")
    return _told(request, Problem("not_found", detail))


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return _told(request, Problem("refused", refusal.message))


def _not_allowed(request: HttpRequest, refusal: Any) -> HttpResponse:
    return _told(request, Problem("not_allowed", refusal.message))


def _unknown(request: HttpRequest, _error: Any) -> HttpResponse:
    detail = _("Send the header “Authorization: Bearer …” with an access token that has not expired.")
    sent = ', error="invalid_token"' if request.headers.get("Authorization") else ""
    return _told(request, Problem("unauthorized", detail, headers={"WWW-Authenticate": REALM + sent}))


def _field(place: tuple[str | int, ...]) -> str:
    """Where a value stands: "query.limit", "body.stars"; the name of our own argument is left out."""
    shown = place[:1] + place[2:] if place[0] == "body" else place
    return ".".join(str(part) for part in shown)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [
        {"field": _field(one["loc"]), "message": problems.sentence(one), "code": one["type"]}
        for one in error.errors[:50]
    ]
    detail = _("Look at “fields”: each names what is not valid and why. Nothing was changed.")
    return _told(request, Problem("invalid", detail, fields=fields))


def _too_fast(request: HttpRequest, _error: Any) -> HttpResponse:
    return _told(request, Problem("too_many_requests", _("Wait as long as the header “Retry-After” says.")))


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses; a body that cannot be parsed carries the reason as its cause."""
    if isinstance(error.__cause__, Problem):
        return _told(request, error.__cause__)
    if error.status_code == 400:
        return _unreadable(request, error)
    return _told(request, problems.of_status(error.status_code))


def _unreadable(request: HttpRequest, _error: Any) -> HttpResponse:
    return _told(request, Problem("bad_request", _("The body is not complete, or not written in its format.")))


def _too_large(request: HttpRequest, _error: Any) -> HttpResponse:
    return _told(request, Problem("too_large", _("Send less at once, or upload a file.")))


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    """A mistake of ours: said without its insides, written to the log with them."""
    got_request_exception.send(sender=None, request=request)
    logger.error("API: %s %s", request.method, request.path, exc_info=error)
    return _told(request, Problem("failed", _("Nothing more is known here; it is in the desk's log. Try again later.")))


HANDLERS: dict[type[Exception], Any] = {
    Exception: _failed,
    Http404: _not_found,
    Refused: _refused,
    NotAllowed: _not_allowed,
    Problem: _told,
    AuthenticationError: _unknown,
    Throttled: _too_fast,
    ValidationError: _invalid,
    HttpError: _http,
    RequestDataTooBig: _too_large,
    SuspiciousOperation: _unreadable,
    MultiPartParserError: _unreadable,
    UnreadablePostError: _unreadable,
}


def make() -> DeskApi:
    """The API with every room's door."""
    made = DeskApi(
        title="Wanhui", version=VERSION, urls_namespace="api", docs_url=None, openapi_url=None, parser=Reader(),
        throttle=Pace(),
        description="Everything the pages of the desk do, for programs. Every call acts for the person whose access "
        "token comes with it, within the token's scopes and the person's role in each store.",
    )
    for error, handler in HANDLERS.items():
        made.add_exception_handler(error, handler)
    for router in ROUTERS:
        made.add_router("", router)
    return made


ROUTERS = (
    accounts, stores, connectors, reviews, desk, lookup, triage, own, severity, rejudging, corrections, cases, replies,
    analytics, webhooks,
)  # fmt: skip
api = make()
