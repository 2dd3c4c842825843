"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.reviews import views

app_name = "reviews"
urlpatterns: list[URLPattern] = [
    path("reviews/new/", views.type_in, name="type_in"),
]
