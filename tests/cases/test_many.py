"""Many cases at once, and taking it back: each at the version one saw, nothing of anybody's overwritten."""

from datetime import timedelta

import pytest
from django.http import Http404

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.cases import actions, queries
from wanhui.cases.models import Case, Deed, Handover
from wanhui.kit import clock
from wanhui.kit.errors import Refused

Seen = list[tuple[Case, int]]


@pytest.fixture
def three(people: Cast) -> Seen:
    cases = [makers.case(people.clothes, f"第{n}条") for n in range(3)]
    return [(case, case.version) for case in cases]


def now(seen: Seen) -> list[Case]:
    return [Case.objects.get(pk=case.pk) for case, _version in seen]


def test_taking_many_is_one_entry_with_counts_and_one_log_line_each(three: Seen, people: Cast) -> None:
    done = actions.assign_many(three, people.li, actor=people.li)
    assert len(done.done) == 3
    assert {case.assignee for case in now(three)} == {people.li}
    entry = Entry.objects.get(verb="cases.assign_many")
    assert entry.counts == {"cases": 3, "left_alone": 0}
    assert entry.store_ref == people.clothes.pk
    assert not Entry.objects.filter(verb="cases.assign").exists()
    assert [case.log.filter(what="assigned").count() for case in now(three)] == [1, 1, 1]


def test_a_case_that_changed_meanwhile_is_left_alone_and_named(three: Seen, people: Cast) -> None:
    actions.claim(three[1][0], actor=people.wang)
    done = actions.assign_many(three, people.li, actor=people.li)
    assert [case.assignee for case in now(three)] == [people.li, people.wang, people.li]
    assert [pk for pk, _why in done.left] == [three[1][0].pk]
    assert "老王" in done.left[0][1]
    assert Entry.objects.get(verb="cases.assign_many").counts == {"cases": 2, "left_alone": 1}


def test_where_a_person_may_not_the_case_is_left_alone(three: Seen, people: Cast) -> None:
    other = makers.case(people.hotel, "太吵")
    done = actions.assign_many([*three, (other, other.version)], people.li, actor=people.mei)
    assert len(done.done) == 3
    assert [pk for pk, _why in done.left] == [other.pk]
    assert actions.assign_many(three, people.li, actor=people.viewer).done == []
    assert Entry.objects.filter(verb="cases.assign_many").count() == 1, "nothing was done the second time"


def test_moving_many_moves_those_whose_stage_leads_there(three: Seen, people: Cast) -> None:
    Case.objects.filter(pk=three[0][0].pk).update(stage="summed_up")
    three[0][0].refresh_from_db()
    done = actions.move_many(three, "planned", actor=people.li)
    assert [case.stage for case in now(three)] == ["summed_up", "planned", "planned"]
    assert [pk for pk, _why in done.left] == [three[0][0].pk]


def test_more_than_the_limit_is_refused_before_anything_is_done(three: Seen, people: Cast) -> None:
    with pytest.raises(Refused, match="200"):
        actions.assign_many(three * 67, people.li, actor=people.li)
    assert {case.assignee for case in now(three)} == {None}


def test_undoing_restores_exactly_what_was_before(three: Seen, people: Cast) -> None:
    actions.claim(three[0][0], actor=people.wang)
    seen = [(case, case.version) for case in now(three)]
    deed = actions.assign_many(seen, people.li, actor=people.mei, note="小李熟悉这款").deed
    assert deed is not None
    undone = actions.undo(deed, actor=people.mei)
    assert [case.assignee for case in now(three)] == [people.wang, None, None]
    assert len(undone.done) == 3
    assert not Handover.objects.filter(ended_at=None).exists()
    assert Entry.objects.get(verb="cases.undo").counts == {"cases": 3, "left_alone": 0}


def test_undoing_leaves_alone_what_somebody_touched_since(three: Seen, people: Cast) -> None:
    deed = actions.move_many(three, "doing", actor=people.li).deed
    assert deed is not None
    actions.claim(now(three)[2], actor=people.wang)
    undone = actions.undo(deed, actor=people.li)
    assert [case.stage for case in now(three)] == ["discovered", "discovered", "doing"]
    assert now(three)[2].assignee == people.wang
    assert [pk for pk, _why in undone.left] == [three[2][0].pk]


def test_a_closed_case_is_not_opened_by_undoing(three: Seen, people: Cast) -> None:
    case = three[0][0]
    deed = actions.claim(case, actor=people.li)
    actions.close(case, "not_won", "顾客不再回复", actor=people.li)
    assert actions.undo(deed, actor=people.li).done == []
    assert now(three)[0].closed_at is not None


def test_a_hand_over_that_a_claim_ended_waits_again_after_undoing(three: Seen, people: Cast) -> None:
    case = three[0][0]
    actions.assign(case, people.li, actor=people.wang, note="请打电话")
    deed = actions.claim(case, actor=people.mei)
    assert queries.handover_of(case) is None
    actions.undo(deed, actor=people.mei)
    waiting = queries.handover_of(case)
    assert waiting is not None
    assert waiting.note == "请打电话"


def test_only_who_did_it_can_undo_it_once_and_for_some_minutes(three: Seen, people: Cast) -> None:
    deed = actions.claim(three[0][0], actor=people.li)
    with pytest.raises(Refused):
        actions.undo(deed, actor=people.mei)
    with pytest.raises(Http404):
        queries.deed_for(people.mei, deed.pk)
    with clock.at(clock.now() + timedelta(minutes=16)), pytest.raises(Refused, match="15"):
        actions.undo(deed, actor=people.li)
    actions.undo(deed, actor=people.li)
    with pytest.raises(Refused):
        actions.undo(Deed.objects.get(pk=deed.pk), actor=people.li)


def test_whoever_left_the_store_can_undo_nothing_there(three: Seen, people: Cast) -> None:
    deed = actions.claim(three[0][0], actor=people.li)
    people.clothes.memberships.filter(user=people.li).delete()
    assert actions.undo(deed, actor=people.li).done == []
    assert now(three)[0].assignee == people.li


def test_yesterdays_deeds_are_thrown_away(three: Seen, people: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        actions.claim(three[0][0], actor=people.li)
    actions.claim(three[1][0], actor=people.li)
    assert Deed.objects.count() == 1
