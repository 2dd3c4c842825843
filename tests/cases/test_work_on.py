"""What people do with a case: claim, move, note, contact, measures, close, reopen."""

import pytest
from django.http import Http404

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.cases import actions, queries
from wanhui.cases.models import Case
from wanhui.kit.errors import Refused


@pytest.fixture
def case(people: Cast) -> Case:
    return makers.case(people.clothes)


def last_entry() -> Entry:
    entry = Entry.objects.order_by("-pk").first()
    assert entry is not None
    return entry


def test_an_agent_claims_a_case_and_the_log_and_the_audit_say_so(case: Case, people: Cast) -> None:
    actions.claim(case, actor=people.li)
    assert case.assignee == people.li
    assert queries.log_of(case)[0].what == "assigned"
    assert (last_entry().verb, last_entry().actor) == ("cases.assign", people.li)


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(case: Case, people: Cast) -> None:
    seen = case.version
    actions.claim(case, actor=people.li, version=seen)
    with pytest.raises(Refused, match="小李"):
        actions.assign(case, people.wang, actor=people.wang, version=seen)
    case.refresh_from_db()
    assert case.assignee == people.li


def test_a_case_is_given_only_to_people_who_work_on_cases_there(case: Case, people: Cast) -> None:
    for person in (people.viewer, people.anna):
        with pytest.raises(Refused):
            actions.assign(case, person, actor=people.mei)


def test_a_viewer_changes_nothing_and_a_stranger_finds_nothing(case: Case, people: Cast) -> None:
    with pytest.raises(Refused):
        actions.move(case, "verified", actor=people.viewer)
    with pytest.raises(Http404):
        actions.add_note(case, "hello", actor=people.eve)
    with pytest.raises(Http404):
        queries.case_for(people.eve, case.pk)


def test_stages_move_as_the_table_says(case: Case, people: Cast) -> None:
    actions.move(case, "verified", actor=people.li)
    actions.move(case, "doing", actor=people.li)
    assert case.stage == "doing"
    with pytest.raises(Refused):
        actions.move(case, "closed", actor=people.li)
    with pytest.raises(Refused):
        actions.move(case, "discovered", actor=people.li)


def test_contacts_notes_and_measures_stand_in_the_log(case: Case, people: Cast) -> None:
    actions.log_contact(case, "phone", "no_answer", "晚上再打", actor=people.li)
    actions.add_note(case, "已看照片", actor=people.wang)
    measure = actions.plan_measure(case, "supplier", "把起球的批次退给供应商", actor=people.li, owner=people.wang)
    actions.finish_measure(measure, actor=people.li)
    actions.finish_measure(measure, actor=people.li)
    whats = [line.what for line in queries.log_of(case)]
    assert whats[:4] == ["measure_done", "measure_planned", "note", "contact"]
    assert whats.count("measure_done") == 1


def test_a_case_closes_only_with_outcome_and_conclusion_and_then_changes_no_more(case: Case, people: Cast) -> None:
    with pytest.raises(Refused):
        actions.close(case, "satisfied", "", actor=people.li)
    actions.close(case, "satisfied", "面料批次有问题，已补发，顾客满意", actor=people.li)
    assert (case.stage, case.outcome) == ("closed", "satisfied")
    assert case.closed_at is not None
    with pytest.raises(Refused):
        actions.move(case, "verified", actor=people.li)


def test_reopening_keeps_the_old_conclusion_in_the_log(case: Case, people: Cast) -> None:
    actions.close(case, "not_won", "联系不上顾客", actor=people.li)
    actions.reopen(case, actor=people.wang)
    assert (case.stage, case.outcome, case.closed_at) == ("following", "", None)
    line = queries.log_of(case)[0]
    assert (line.what, line.text, line.detail) == ("reopened", "联系不上顾客", {"outcome": "not_won"})
