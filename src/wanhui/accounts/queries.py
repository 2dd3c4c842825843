"""Reading people."""

from typing import cast

from django.http import HttpRequest

from wanhui.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person signed in; every page but the sign-in page has one (LoginRequiredMiddleware)."""
    return cast("User", request.user)
