"""A person's yes to a verdict the desk was not sure of, and what waits for it."""

from datetime import timedelta

import pytest

from tests import makers
from tests.cast import Cast
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.replies import queries as replies
from wanhui.triage import actions, checking
from wanhui.triage.models import Verdict
from wanhui.triage.weighing import weigh

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(people: Cast) -> Verdict:
    return makers.verdict(makers.review(people.clothes), "quality", unsure=True, to_check=True)


def test_a_yes_is_kept_with_who_and_when_and_leaves_one_entry(people: Cast, doubted: Verdict) -> None:
    actions.confirm(doubted, actor=people.li)
    assert (doubted.checked_by, doubted.to_check, doubted.human) == (people.li, False, True)
    assert doubted.checked_at is not None
    assert doubted.engine == "test"
    [entry] = Entry.objects.filter(verb="triage.confirm")
    assert (entry.actor, entry.kind, entry.ref) == (people.li, "review", str(doubted.review_id))


def test_a_second_yes_changes_nothing(people: Cast, doubted: Verdict) -> None:
    actions.confirm(doubted, actor=people.li)
    actions.confirm(doubted, actor=people.wang)
    assert doubted.checked_by == people.li
    assert Entry.objects.filter(verb="triage.confirm").count() == 1


def test_a_verdict_that_counts_no_more_cannot_be_confirmed(people: Cast, doubted: Verdict) -> None:
    actions.correct(doubted, actor=people.wang, sentiment="negative", causes=["delivery"])
    with pytest.raises(Refused):
        actions.confirm(doubted, actor=people.li)


def test_whoever_may_not_correct_may_not_confirm(people: Cast, doubted: Verdict) -> None:
    with pytest.raises(NotAllowed):
        actions.confirm(doubted, actor=people.viewer)
    doubted.refresh_from_db()
    assert doubted.to_check


def test_a_correction_takes_the_place_of_a_yes(people: Cast, doubted: Verdict) -> None:
    new = actions.correct(doubted, actor=people.li, sentiment="negative", causes=["delivery"])
    assert (new.to_check, new.human) == (False, True)
    assert list(checking.waiting([people.clothes])) == []


def test_nothing_is_drafted_before_a_person_has_looked(people: Cast, doubted: Verdict) -> None:
    assert replies.machine_drafts(doubted.review) == []
    assert replies.editor(people.li, doubted.review).held_back == "to_check"
    actions.confirm(doubted, actor=people.li)
    assert replies.machine_drafts(doubted.review) != []
    assert replies.editor(people.li, doubted.review).held_back == ""


def test_the_most_urgent_waits_first_and_pages_go_on_behind_a_key(people: Cast) -> None:
    made = [makers.verdict(makers.review(people.clothes), "quality", severity=level, to_check=True)
            for level in (3, 1, 3, 2)]  # fmt: skip
    found = list(checking.waiting([people.clothes]))
    assert found == [made[1], made[3], made[2], made[0]]
    assert list(checking.after(checking.waiting([people.clothes]), checking.key_of(found[1]))) == found[2:]


def test_what_is_too_old_for_a_case_waits_apart(people: Cast) -> None:
    today = clock.now().date()
    old = makers.review(people.clothes, said_on=today - timedelta(days=people.clothes.max_case_age_days + 2))
    undated = makers.review(people.clothes, said_on=None, said_at=None)
    verdicts = [makers.verdict(each, "quality", to_check=True) for each in (old, undated)]
    assert list(checking.waiting([people.clothes])) == [verdicts[1]]
    assert list(checking.waiting([people.clothes], older=True)) == [verdicts[0]]


def test_another_stores_verdicts_do_not_wait_here(people: Cast, doubted: Verdict) -> None:
    assert list(checking.waiting([people.otto])) == []
    assert list(checking.waiting([])) == []


def test_the_engines_own_doubt_waits_unless_the_stars_say_the_same_as_happy_words(people: Cast) -> None:
    told = makers.review(people.clothes, "emmm 怎么说呢 就那样", stars=2)
    happy = makers.review(people.clothes, "嗯", stars=5)
    actions.judge_reviews([told.pk, happy.pk], actor=None)
    for verdict in Verdict.objects.filter(current=True):
        agreed = verdict.review == happy and verdict.sentiment == "positive"
        assert verdict.to_check == (verdict.unsure and not agreed)


def test_a_danger_in_a_text_that_reads_as_happy_is_seen_by_a_person(people: Cast) -> None:
    found = makers.verdict(makers.review(people.clothes, stars=5), sentiment="positive", flags=["safety"])
    [weighed] = weigh([(found, found.as_judgement())])
    assert (weighed.bad, weighed.to_check, weighed.severity) == (False, True, 1)
