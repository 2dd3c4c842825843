"""Corrections made before the desk noted which verdict each was about."""

from importlib import import_module

from django.db import connection

from tests.cast import Cast
from tests.triage.test_corrections import judged, put_right
from wanhui.triage.models import Verdict


def test_an_upgrade_notes_which_verdict_each_correction_was_about(people: Cast) -> None:
    first = judged(people.clothes, "price")
    again = put_right(people, put_right(people, first, "quality"), "delivery")
    told = put_right(people, judged(people.clothes, "price"), "quality")
    Verdict.objects.update(about=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("wanhui.triage.migrations.0008_corrections").ABOUT)
    for verdict in (first, again, told):
        verdict.refresh_from_db()
    assert (first.about_id, again.about_id) == (None, first.pk)
    assert told.about_id is not None
    assert told.about_id != first.pk
