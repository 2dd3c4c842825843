"""Addresses of this room."""

from django.urls import path

from wanhui.replies import views

app_name = "replies"
urlpatterns = [
    path("reviews/<int:review_id>/reply/", views.act, name="act"),
    path("reviews/<int:review_id>/follow-ups/<int:follow_up_id>/reply/", views.act, name="act_follow_up"),
]
