"""The answer to a verb: go and look at the page again."""

from django.http import HttpResponseRedirect
from django.urls import reverse


class SeeOther(HttpResponseRedirect):
    """303: after a POST the browser gets the page anew, so that reloading never repeats the verb."""

    status_code = 303


def see(name: str, *args: object, anchor: str = "") -> SeeOther:
    """To a named page of the desk, at an anchor."""
    return SeeOther(reverse(name, args=args) + (f"#{anchor}" if anchor else ""))
