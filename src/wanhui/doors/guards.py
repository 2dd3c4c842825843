"""Notices that somebody who is signed in is still there."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from wanhui.accounts.models import User
from wanhui.doors import actions
from wanhui.doors.models import SessionStore
from wanhui.doors.rules import seen_is_old
from wanhui.kit import clock


class Seen:
    """Writes when a browser was last seen, every few minutes, with no read of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        store = request.session
        if isinstance(store, SessionStore) and SESSION_KEY in store and store.session_key and store.last_seen:
            user = request.user
            if isinstance(user, User) and seen_is_old(store.last_seen, clock.now()):
                actions.note_seen(store.session_key, actor=user)
        return self.get_response(request)
