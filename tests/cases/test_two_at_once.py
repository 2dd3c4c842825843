"""Two people at the very same moment, each in a connection of their own: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from tests import cast, makers
from wanhui.cases import actions
from wanhui.cases.models import Case
from wanhui.kit.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Run these at the same moment in threads of their own; what each gave back, or its refusal."""
    gate, answers = threading.Barrier(len(deeds)), [object()] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=20)
            answers[place] = deed()
        except Refused as refusal:
            answers[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_of_two_claims_one_wins_and_the_other_is_told_by_name() -> None:
    people = cast.gather()
    case = makers.case(people.clothes)
    seen = case.version
    for _round in range(5):
        Case.objects.filter(pk=case.pk).update(assignee=None, version=seen)
        case.log.filter(what="assigned").delete()
        ours, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
        answers = at_once(
            lambda ours=ours: actions.claim(ours, actor=people.li, version=seen),
            lambda theirs=theirs: actions.claim(theirs, actor=people.wang, version=seen),
        )
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert len(refused) == 1
        winner = Case.objects.get(pk=case.pk).assignee
        assert winner is not None
        assert str(winner) in refused[0].message
        assert case.log.filter(what="assigned").count() == 1


def test_two_batches_over_the_same_cases_share_them_and_never_lock_each_other_out() -> None:
    people = cast.gather()
    cases = [makers.case(people.clothes, f"第{n}条") for n in range(12)]
    first = [(Case.objects.get(pk=case.pk), case.version) for case in cases]
    second = [(Case.objects.get(pk=case.pk), case.version) for case in reversed(cases)]
    one, two = at_once(
        lambda: actions.assign_many(first, people.li, actor=people.li),
        lambda: actions.assign_many(second, people.wang, actor=people.wang),
    )
    assert sorted(one.done + two.done) == sorted(case.pk for case in cases)  # type: ignore[attr-defined]
    for done, person in ((one, people.li), (two, people.wang)):
        assert set(Case.objects.filter(assignee=person).values_list("pk", flat=True)) == set(done.done)  # type: ignore[attr-defined]


def test_undoing_and_a_colleagues_change_at_once_leave_one_of_both() -> None:
    people = cast.gather()
    case = makers.case(people.clothes)
    deed = actions.claim(case, actor=people.li)
    seen = case.version
    other = Case.objects.get(pk=case.pk)
    undone, moved = at_once(
        lambda: actions.undo(deed, actor=people.li),
        lambda: actions.move(other, "doing", actor=people.wang, version=seen),
    )
    fresh = Case.objects.get(pk=case.pk)
    if isinstance(moved, Refused):
        assert (fresh.assignee, fresh.stage) == (None, "discovered")
    else:
        assert (fresh.assignee, fresh.stage) == (people.li, "doing")
        assert undone.done == []  # type: ignore[attr-defined]


def test_undoing_twice_at_once_undoes_once() -> None:
    people = cast.gather()
    case = makers.case(people.clothes)
    deed = actions.claim(case, actor=people.li)
    answers = at_once(lambda: actions.undo(deed, actor=people.li), lambda: actions.undo(deed, actor=people.li))
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert case.log.filter(what="undone").count() == 1
