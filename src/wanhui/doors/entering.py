"""Coming in: the browser becomes a person's, and remembers which device it is and since when."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from wanhui.accounts.models import User
from wanhui.doors import actions
from wanhui.doors.models import DEVICE, SINCE
from wanhui.doors.rules import device
from wanhui.kit import clock
from wanhui.web.language import KEY

_BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF = "half"
_HALF_SECONDS = 300


def enter(request: HttpRequest, user: User) -> None:
    """Sign this person in here. The pages speak their language from here on, unless they chose another at the door."""
    chosen = request.session.get(KEY)
    request.session.pop(HALF, None)
    login(request, user, backend=_BACKEND)
    request.session[KEY] = chosen or user.language
    request.session[DEVICE] = device(request.headers.get("user-agent", ""))
    request.session[SINCE] = clock.now().isoformat()
    actions.clear_up(actor=None)


def half_in(request: HttpRequest, user: User, way_on: str) -> None:
    """The password was right; the code is still to come. Nobody is signed in yet."""
    request.session[HALF] = {"person": user.pk, "at": clock.now().timestamp(), "on": way_on, "mark": _mark(user)}


def who_is_half_in(request: HttpRequest) -> tuple[User, str] | None:
    """Whose code we wait for and where they wanted to go; None after five minutes or when the password changed."""
    half: dict[str, Any] | None = request.session.get(HALF)
    if half is None or not 0 <= clock.now().timestamp() - half["at"] <= _HALF_SECONDS:
        return None
    user = User.objects.filter(pk=half["person"], is_active=True).first()
    return (user, half["on"]) if user is not None and _mark(user) == half["mark"] else None


def _mark(user: User) -> str:
    return user.get_session_auth_hash()
