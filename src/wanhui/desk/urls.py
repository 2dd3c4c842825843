"""Addresses of this room: the pages that join rooms."""

from django.urls import URLPattern, path

from wanhui.desk import archive, checking, lists, live, saved, views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.queue, name="queue"),
    path("queue/", views.queue, {"whole": True}, name="everything"),
    path("cases/", lists.cases, name="cases"),
    path("cases/closed/", lists.cases, {"state": "closed"}, name="closed"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("pulse/", live.pulse, name="pulse"),
    path("views/save/", saved.save, name="view_save"),
    path("views/<int:pk>/rename/", saved.rename, name="view_rename"),
    path("views/<int:pk>/delete/", saved.delete, name="view_delete"),
    path("views/<int:pk>/begin/", saved.begin, name="view_begin"),
    path("search/", archive.search, name="search"),
    path("check/", checking.check, name="check"),
    path("record/", views.record, name="record"),
    path("reviews/", archive.reviews, name="reviews"),
    path("reviews/<int:pk>/", views.review, name="review"),
    path("reviews/<int:pk>/screenshot/", views.screenshot, name="screenshot"),
]
