"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.triage import views

app_name = "triage"
urlpatterns: list[URLPattern] = [
    path("verdicts/<int:pk>/correct/", views.correct, name="correct"),
    path("verdicts/<int:pk>/confirm/", views.confirm, name="confirm"),
]
