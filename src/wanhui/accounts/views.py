"""Signing in and out."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Too many wrong passwords."""
    return HttpResponse(status=429)
