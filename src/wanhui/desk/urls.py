"""Addresses of this room: the pages that join rooms."""

from django.urls import URLPattern, path

from wanhui.desk import views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.queue, name="queue"),
]
