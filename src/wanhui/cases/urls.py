"""Addresses of this room: one verb each, all POST."""

from django.urls import URLPattern, path

from wanhui.cases import batches, views

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("cases/many/", batches.many, name="many"),
    path("cases/undo/<int:pk>/", batches.undo, name="undo"),
    path("cases/<int:pk>/claim/", views.claim, name="claim"),
    path("cases/<int:pk>/assign/", views.assign, name="assign"),
    path("cases/<int:pk>/accept/", views.accept, name="accept"),
    path("cases/<int:pk>/move/", views.move, name="move"),
    path("cases/<int:pk>/note/", views.note, name="note"),
    path("cases/<int:pk>/contact/", views.contact, name="contact"),
    path("cases/<int:pk>/plan/", views.plan, name="plan"),
    path("cases/<int:pk>/measures/<int:measure>/finish/", views.finish, name="finish"),
    path("cases/<int:pk>/close/", views.close, name="close"),
    path("cases/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("reviews/<int:pk>/open-case/", views.open_case, name="open"),
]
