"""Addresses of this room."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from wanhui.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", views.language, name="language"),
    path("password/", views.password, name="password"),
    path("account/", views.me, name="me"),
    path("account/address/<str:key>/", views.confirm_address, name="confirm_address"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
