"""Giving a case to a colleague: why stands on it until they say "I have it"."""

import pytest

from tests import makers
from tests.cast import Cast
from wanhui.cases import actions, queries
from wanhui.cases.models import Case
from wanhui.cases.queries import QueueFilter
from wanhui.kit import clock
from wanhui.kit.errors import Refused


@pytest.fixture
def case(people: Cast) -> Case:
    return makers.case(people.clothes)


def handed(people: Cast) -> list[int]:
    return [row.case.pk for row in queries.queue(people.li, clock.now(), QueueFilter(handed=True))]


def test_why_waits_on_the_case_until_the_person_has_it(case: Case, people: Cast) -> None:
    actions.assign(case, people.li, actor=people.wang, note="  她只接电话 ")
    waiting = queries.handover_of(case)
    assert waiting is not None
    assert (waiting.by, waiting.to, waiting.note) == (people.wang, people.li, "她只接电话")
    assert handed(people) == [case.pk]
    actions.accept(case, actor=people.li)
    assert queries.handover_of(case) is None
    assert handed(people) == []
    assert case.log.filter(text="她只接电话").exists(), "why stays in the log"


def test_taking_a_case_oneself_is_no_hand_over(case: Case, people: Cast) -> None:
    actions.claim(case, actor=people.li)
    assert queries.handover_of(case) is None


def test_giving_it_on_ends_the_hand_over_before(case: Case, people: Cast) -> None:
    actions.assign(case, people.li, actor=people.wang, note="第一次")
    actions.assign(case, people.mei, actor=people.li, note="第二次")
    waiting = queries.handover_of(case)
    assert waiting is not None
    assert waiting.note == "第二次"
    assert queries.handed_to(people.li, [case.pk]) == {}
    assert list(queries.handed_to(people.mei, [case.pk])) == [case.pk]


def test_only_the_person_it_waits_for_can_take_it_over(case: Case, people: Cast) -> None:
    actions.assign(case, people.li, actor=people.wang)
    with pytest.raises(Refused):
        actions.accept(case, actor=people.mei)
    actions.accept(case, actor=people.li)
    with pytest.raises(Refused):
        actions.accept(case, actor=people.li)
