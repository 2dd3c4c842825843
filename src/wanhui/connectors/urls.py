"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.connectors import drops, maps, views

app_name = "connectors"
urlpatterns: list[URLPattern] = [
    path("imports/", views.start, name="start"),
    path("imports/<int:pk>/", views.show, name="show"),
    path("imports/<int:pk>/check/", views.check, name="check"),
    path("imports/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("imports/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("imports/<int:pk>/progress/", views.progress, name="progress"),
    path("imports/<int:pk>/lines.csv", views.lines, name="lines"),
    path("imports/<int:pk>/together/", drops.together, name="together"),
    path("imports/<int:pk>/together/confirm/", drops.confirm_clear, name="confirm_clear"),
    path("imports/<int:pk>/together/year/", drops.say_year, name="say_year"),
    path("imports/<int:pk>/first/", drops.first_rows, name="first_rows"),
    path("imports/columns/", maps.every, name="maps"),
    path("imports/columns/<int:pk>/", maps.one, name="map"),
    path("imports/columns/<int:pk>/correct/", maps.correct, name="correct_map"),
    path("imports/columns/<int:pk>/rename/", maps.rename, name="rename_map"),
    path("imports/columns/<int:pk>/withdraw/", maps.withdraw, name="withdraw_map"),
]
