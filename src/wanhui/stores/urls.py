"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.stores import views

app_name = "stores"
urlpatterns: list[URLPattern] = [
    path("stores/", views.stores, name="list"),
    path("stores/start/", views.start, name="start"),
    path("stores/<int:pk>/", views.store, name="store"),
    path("stores/<int:pk>/settings/", views.settings, name="settings"),
    path("stores/<int:pk>/people/add/", views.add_person, name="add_person"),
    path("stores/<int:pk>/people/<int:person>/role/", views.set_role, name="set_role"),
    path("stores/<int:pk>/people/<int:person>/remove/", views.remove_person, name="remove_person"),
    path("stores/<int:pk>/people/<int:person>/switch/", views.switch_person, name="switch_person"),
    path("stores/<int:pk>/people/<int:person>/", views.person, name="person"),
    path("stores/<int:pk>/invitations/", views.invite, name="invite"),
    path("stores/<int:pk>/invitations/<int:invitation>/withdraw/", views.withdraw, name="withdraw"),
    path("join/<int:pk>/<str:key>/", views.join, name="join"),
    path("people/roles/", views.roles, name="roles"),
]
