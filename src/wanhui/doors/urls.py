"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.doors import views

app_name = "doors"
urlpatterns: list[URLPattern] = [
    path("login/code/", views.code, name="code"),
    path("password/forgotten/", views.forgotten, name="forgotten"),
    path("password/new/<str:uid>/<str:key>/", views.new_password, name="new_password"),
    path("account/devices/", views.devices, name="devices"),
    path("account/devices/end/", views.end, name="end"),
    path("account/second-factor/", views.second_factor, name="second_factor"),
    path("account/second-factor/key.svg", views.picture, name="picture"),
]
