"""An installation from before the search: its migration brings everything in, and places its verdicts."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests import makers
from tests.cast import Cast
from wanhui.pipeline.advance import drain
from wanhui.search import rules
from wanhui.search.queries import find
from wanhui.triage.models import Verdict
from wanhui.work.models import Step


def migration(room: str, name: str) -> object:
    return importlib.import_module(f"wanhui.{room}.migrations.{name}")


def test_what_was_stored_before_is_noted_once_and_found_after_the_worker_has_been(people: Cast) -> None:
    made = makers.review(people.clothes, "拉链第三天就坏了")
    for _twice in range(2):
        makers.bring_into_search()
    assert Step.objects.filter(kind="search.fill").count() == len(rules.Kind)
    drain()
    assert [hit.ref for hit in find([people.clothes.pk], rules.read("拉链"))] == [made.pk]


@pytest.mark.django_db
def test_an_empty_installation_has_nothing_to_bring_in() -> None:
    makers.bring_into_search()
    assert not Step.objects.exists()


def test_verdicts_from_before_are_placed_under_store_and_day(people: Cast) -> None:
    made = makers.review(people.clothes)
    verdict = makers.verdict(made, "quality")
    Verdict.objects.update(store_ref=None, said_on=None)
    migration("triage", "0002_listed").fill(apps, SimpleNamespace(connection=connection))  # type: ignore[attr-defined]
    verdict.refresh_from_db()
    assert (verdict.store_ref, verdict.said_on) == (people.clothes.pk, made.said_on)
