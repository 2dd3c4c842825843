"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.webhooks import views

app_name = "webhooks"
urlpatterns: list[URLPattern] = [
    path("stores/<int:pk>/webhooks/", views.receivers, name="receivers"),
    path("webhooks/<int:pk>/", views.receiver, name="receiver"),
    path("webhooks/<int:pk>/act/", views.act, name="act"),
    path("webhooks/messages/<int:pk>/", views.message, name="message"),
    path("webhooks/messages/<int:pk>/replay/", views.replay, name="replay"),
]
