"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.analytics import views

app_name = "analytics"
urlpatterns: list[URLPattern] = [
    path("figures/", views.figures, name="figures"),
    path("figures/bad-by-day.svg", views.bad_by_bar, name="bad_by_bar"),
]
