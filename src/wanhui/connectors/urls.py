"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.connectors import views

app_name = "connectors"
urlpatterns: list[URLPattern] = [
    path("imports/", views.start, name="start"),
    path("imports/<int:pk>/", views.show, name="show"),
    path("imports/<int:pk>/check/", views.check, name="check"),
    path("imports/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("imports/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("imports/<int:pk>/progress/", views.progress, name="progress"),
    path("imports/<int:pk>/lines.csv", views.lines, name="lines"),
]
