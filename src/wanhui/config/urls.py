"""Every address of the desk, room by room."""

from django.urls import URLPattern, URLResolver, include, path

from wanhui.config import apidocs
from wanhui.config.api import api
from wanhui.config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("", include("wanhui.desk.urls")),
    path("", include("wanhui.accounts.urls")),
    path("", include("wanhui.doors.urls")),
    path("", include("wanhui.web.urls")),
    path("", include("wanhui.stores.urls")),
    path("", include("wanhui.webhooks.urls")),
    path("", include("wanhui.audit.urls")),
    path("", include("wanhui.connectors.urls")),
    path("", include("wanhui.reviews.urls")),
    path("", include("wanhui.triage.urls")),
    path("", include("wanhui.cases.urls")),
    path("", include("wanhui.replies.urls")),
    path("", include("wanhui.analytics.urls")),
    path("api/v1/docs", apidocs.page, name="api_docs"),
    path("api/v1/openapi.json", apidocs.document, name="openapi"),
    path("api/v1/", api.urls),
]
