"""Addresses of this room."""

from django.urls import URLPattern, path

from wanhui.triage import views
from wanhui.triage.corrections import views as corrections
from wanhui.triage.own import views as own
from wanhui.triage.rejudging import views as rejudging
from wanhui.triage.severity import views as severity

app_name = "triage"
urlpatterns: list[URLPattern] = [
    path("verdicts/<int:pk>/correct/", views.correct, name="correct"),
    path("verdicts/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("reviews/<int:pk>/verdicts/", views.verdicts, name="verdicts"),
    path("stores/<int:pk>/severity/", severity.severity, name="severity"),
    path("stores/<int:pk>/severity/past/", severity.past, name="severity_past"),
    path("stores/<int:pk>/severity/bring/", severity.bring, name="severity_bring"),
    path("stores/<int:pk>/severity/again/", severity.again, name="severity_again"),
    path("stores/<int:pk>/severity/weigh/", severity.weigh, name="severity_weigh"),
    path("stores/<int:pk>/severity.toml", severity.toml, name="severity_toml"),
    path("stores/<int:pk>/corrections/", corrections.corrections, name="corrections"),
    path("stores/<int:pk>/corrections.csv", corrections.corrections_csv, name="corrections_csv"),
    path("stores/<int:pk>/corrections/rows/", corrections.rows, name="corrections_rows"),
    path("stores/<int:pk>/bars/", corrections.bars, name="bars"),
    path("stores/<int:pk>/rejudging/", rejudging.rejudging, name="rejudging"),
    path("rejudgings/<int:pk>/progress/", rejudging.progress, name="rejudging_progress"),
    path("rejudgings/<int:pk>/decide/", rejudging.decide, name="rejudging_decide"),
    path("stores/<int:pk>/causes/", own.own_causes, name="own_causes"),
    path("stores/<int:pk>/causes/add/", own.add, name="own_cause_add"),
    path("own-causes/found/<int:pk>/say/", own.say, name="say_own_cause"),
    path("own-causes/<int:pk>/", own.change, name="own_cause"),
    path("own-causes/<int:pk>/retire/", own.retire, name="own_cause_retire"),
    path("own-causes/<int:pk>/look-through/", own.look_through, name="own_cause_look_through"),
    path("own-causes/<int:pk>/progress/", own.progress, name="own_cause_progress"),
    path("reviews/<int:pk>/own-causes/", own.add_to, name="add_own_cause_to"),
]
