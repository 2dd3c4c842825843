"""Refusals of the API as problem documents (RFC 9457), in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/v1/docs"

# What can go wrong: the status, and a title that stays the same for every problem of its kind.
KINDS: dict[str, tuple[int, Any]] = {
    "bad_request": (400, gettext_lazy("The request cannot be read")),
    "unauthorized": (401, gettext_lazy("A valid access token is needed")),
    "not_allowed": (403, gettext_lazy("Your role does not allow this")),
    "missing_scope": (403, gettext_lazy("The access token does not cover this")),
    "not_found": (404, gettext_lazy("There is nothing here")),
    "method_not_allowed": (405, gettext_lazy("This cannot be done at this address")),
    "refused": (409, gettext_lazy("The desk said no")),
    "changed_meanwhile": (409, gettext_lazy("Somebody changed this meanwhile")),
    "too_large": (413, gettext_lazy("The request is too large")),
    "unsupported_media_type": (415, gettext_lazy("The body is of another kind than this address takes")),
    "invalid": (422, gettext_lazy("Something in the request is not valid")),
    "too_many_requests": (429, gettext_lazy("Too many requests")),
    "failed": (500, gettext_lazy("Something went wrong on our side")),
}
_BY_STATUS = {status: kind for kind, (status, _title) in reversed(KINDS.items())}

# The sentences for what pydantic found, by its own names; values it compares with come as %(…)s.
_SENTENCES: dict[str, Any] = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("This name is not known here. Check its spelling or leave it out."),
    "string_type": gettext_lazy("Text is expected here."),
    "string_unicode": gettext_lazy("This text holds half a character. Send whole Unicode characters."),
    "string_pattern_mismatch": gettext_lazy("This text does not have the expected form."),
    "string_too_short": gettext_lazy("This is too short: at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("This is too long: at most %(max_length)s characters."),
    "too_short": gettext_lazy("Too few entries: at least %(min_length)s."),
    "too_long": gettext_lazy("Too many entries: at most %(max_length)s."),
    "int_type": gettext_lazy("A whole number is expected here."),
    "int_parsing": gettext_lazy("A whole number is expected here."),
    "int_from_float": gettext_lazy("A whole number is expected here."),
    "int_parsing_size": gettext_lazy("This number is too large."),
    "greater_than_equal": gettext_lazy("This must be at least %(ge)s."),
    "less_than_equal": gettext_lazy("This must be at most %(le)s."),
    "bool_type": gettext_lazy("true or false is expected here."),
    "bool_parsing": gettext_lazy("true or false is expected here."),
    "literal_error": gettext_lazy("Only these are known here: %(expected)s."),
    "enum": gettext_lazy("Only these are known here: %(expected)s."),
    "list_type": gettext_lazy("A list is expected here."),
    "dict_type": gettext_lazy("An object is expected here."),
    "model_type": gettext_lazy("An object is expected here."),
    "model_attributes_type": gettext_lazy("An object is expected here."),
}


class Problem(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An answer that says no. `kind` is a key of KINDS; `fields` are dicts of field, message and code; `more` goes
    into the document beside the usual members."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        fields: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind, detail)
        self.kind, self.detail, self.fields, self.headers, self.more = kind, detail, fields, dict(headers or {}), more


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response: type, title, status, detail, instance, code, and what belongs to its kind."""
    status, title = KINDS[problem.kind]
    document: dict[str, Any] = {
        "type": f"{PAGE}#problem-{problem.kind}",
        "title": str(title),
        "status": status,
        "detail": problem.detail or str(title),
        "instance": request.path,
        "code": problem.kind,
    }
    if problem.fields:
        document["fields"] = list(problem.fields)
    response = JsonResponse(document | problem.more, status=status, content_type=MEDIA_TYPE, headers=problem.headers)
    response.headers["Content-Language"] = get_language() or "en"
    return response


def of_status(status: int) -> Problem:
    """The problem of an answer that Django itself gave, such as 404 for an address that nobody has."""
    details = {
        404: _("No address of the API is called so. The list of addresses is at %(page)s.") % {"page": PAGE},
        405: _("Another method may work here: the header “Allow” names them."),
    }
    kind = _BY_STATUS.get(status) or ("failed" if status >= 500 else "bad_request")
    return Problem(kind, details.get(status, ""))


def sentence(error: Mapping[str, Any]) -> str:
    """One finding of pydantic as a sentence in the reader's language; what has no sentence of its own is not valid."""
    said = _SENTENCES.get(error["type"])
    return str(said) % error.get("ctx", {}) if said else _("This value is not valid.")

