"""The nudge after a deed: a worker looks for what receivers should hear. A lost nudge costs a minute at most."""

from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse

from wanhui.webhooks.queries import anybody_listens
from wanhui.work import queue

_REMEMBERED_SECONDS = 15.0
_known: dict[str, float | bool] = {"at": -1e9, "listens": False}


def soon() -> None:
    """Ask a worker to look, where there is a receiver at all (asked of the database every quarter of a minute)."""
    if monotonic() - _known["at"] > _REMEMBERED_SECONDS:
        _known.update(at=monotonic(), listens=anybody_listens())
    if _known["listens"]:
        queue.nudge_tell()


class TellAfterwards:
    """After a request that may have changed something, whoever listens hears of it within seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400:
            soon()
        return response
