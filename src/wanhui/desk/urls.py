"""Addresses of this room: the pages that join rooms."""

from django.urls import URLPattern, path

from wanhui.desk import views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.queue, name="queue"),
    path("cases/closed/", views.closed, name="closed"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("record/", views.record, name="record"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<int:pk>/", views.review, name="review"),
    path("reviews/<int:pk>/screenshot/", views.screenshot, name="screenshot"),
]
