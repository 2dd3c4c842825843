"""The trace: with the deed or not at all, never changed, and only for those who may see it."""

import pytest
from django.db import transaction

from tests.cast import Cast
from wanhui.audit import queries
from wanhui.audit.actions import record
from wanhui.audit.models import Entry


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_a_mistake_of_the_program() -> None:
    with pytest.raises(RuntimeError):
        record("stores.open", actor=None, kind="store", ref=1)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_fails_leaves_no_entry() -> None:
    def deed() -> None:
        with transaction.atomic():
            record("stores.open", actor=None, kind="store", ref=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert not Entry.objects.exists()


def test_an_entry_is_never_changed_or_deleted(db: None) -> None:
    with transaction.atomic():
        entry = record("stores.open", actor=None, kind="store", ref=1)
    entry.verb = "stores.close"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


def test_a_person_reads_the_entries_of_their_stores_newest_first_and_by_key(people: Cast) -> None:
    with transaction.atomic():
        for n in range(5):
            record("cases.claim", actor=people.li, kind="case", ref=n, store=people.clothes.pk)
        record("cases.claim", actor=people.anna, kind="case", ref=9, store=people.otto.pk)
    mine = queries.entries(people.li, [people.clothes.pk])
    assert [e.ref for e in mine] == ["4", "3", "2", "1", "0"]
    assert [e.ref for e in queries.entries(people.li, [people.clothes.pk], before=mine[2].pk)] == ["1", "0"]
    assert not queries.entries(people.eve, []).exists()
    assert queries.entries(people.li, [people.clothes.pk], verb="stores").count() == 0
