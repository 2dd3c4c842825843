"""Judging again with another engine: what would change is seen first; what a person said stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from tests import makers
from tests.cast import Cast
from tests.safety.conftest import Snapshot, snapshot
from tests.triage.other_engine import NAME, WORDS, Words, other
from wanhui.audit.models import Entry
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.kit.errors import NotAllowed, Refused
from wanhui.language import DEFAULT_ENGINE
from wanhui.pipeline import rejudging as pipeline
from wanhui.pipeline.advance import drain
from wanhui.reviews.models import Review
from wanhui.triage import actions as triage
from wanhui.triage.models import Verdict
from wanhui.triage.rejudging import actions, queries
from wanhui.triage.rejudging.models import Rejudging
from wanhui.triage.rejudging.rules import Tally
from wanhui.work.models import Stale, Step

__all__ = ["other", "snapshot"]

BAD = "裤子起球，快递也慢"
FINE = "面料很舒服，很满意"


def judged(people: Cast, text: str, **more: Any) -> Review:
    """A review that the default engine has judged, with everything that follows done."""
    review = makers.review(people.clothes, text, **more)
    triage.judge_reviews([review.pk], actor=None)
    drain()
    return review


def scope(people: Cast, **more: Any) -> queries.Scope:
    return queries.Scope(people.clothes, NAME, upto=queries.last_review(people.clothes), **more)


def previewed(wanted: queries.Scope) -> Tally:
    tally = Tally()
    for _reviews, told in pipeline.preview(wanted):
        tally = told
    return tally


def looked(people: Cast, **more: Any) -> Rejudging:
    made = actions.ask_rejudging(people.clothes, NAME, actor=people.mei, **more)
    drain()
    made.refresh_from_db()
    return made


def applied(people: Cast, **more: Any) -> Rejudging:
    made = looked(people, **more)
    actions.confirm_rejudging(made, actor=people.mei)
    drain()
    made.refresh_from_db()
    return made


def current(review: Review) -> Verdict:
    return Verdict.objects.get(review=review, follow_up=None, current=True)


def test_a_preview_writes_nothing_at_all(people: Cast, other: Words, snapshot: Snapshot) -> None:
    for text in (BAD, FINE, "太贵了"):
        judged(people, text, stars=2)
    before = snapshot()
    assert previewed(scope(people)).looked == 3
    assert snapshot() == before


def test_a_look_in_the_background_touches_no_verdict_case_or_figure(
    people: Cast, other: Words, snapshot: Snapshot
) -> None:
    judged(people, BAD, stars=1)
    before = snapshot()
    found = looked(people)
    after = snapshot()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"triage.Rejudging", "work.Step", "audit.Entry"}
    assert (found.state, found.done, found.total) == ("looked", 1, 1)


def test_the_preview_says_what_the_change_then_does(people: Cast, other: Words) -> None:
    said = ((BAD, 1), (FINE, 5), ("用了过敏，客服不理", 1), ("很好", None), ("有点贵", None), ("吵得睡不着", 4))
    for text, stars in said:
        judged(people, text, stars=stars)
    found = applied(people)
    assert found.state == "applied"
    told, did = Tally.from_json(found.tally), Tally.from_json(found.applied)
    assert told.changed > 0
    for name in ("looked", "changed", "kept", "aspects", "gained", "lost", "severities", "primaries", "sentiments"):
        assert getattr(told, name) == getattr(did, name), name
    assert set(Verdict.objects.filter(current=True).values_list("engine", flat=True)) == {NAME}


def test_the_replaced_verdict_stays_readable(people: Cast, other: Words) -> None:
    review = judged(people, BAD, stars=1)
    old = current(review)
    applied(people)
    old.refresh_from_db()
    assert (old.current, old.engine) == (False, DEFAULT_ENGINE)
    assert [cause["code"] for cause in current(review).causes] == ["quality", "delivery"]
    assert review.verdicts.count() == 2


def test_what_a_person_said_or_confirmed_stays_and_is_counted(people: Cast, other: Words) -> None:
    corrected, confirmed, free = (judged(people, text, stars=1) for text in (BAD, "起球了", "快递慢"))
    mine = triage.correct(current(corrected), actor=people.li, sentiment="negative", causes=["price"])
    Verdict.objects.filter(pk=current(confirmed).pk).update(checked_by=people.li, checked_at=clock.now())
    drain()
    found = applied(people)
    assert current(corrected) == mine
    assert current(confirmed).engine == DEFAULT_ENGINE
    assert current(free).engine == NAME
    assert Tally.from_json(found.tally).kept == Tally.from_json(found.applied).kept == 2


def test_a_persons_word_given_while_the_engine_reads_stays(
    people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = judged(people, BAD, stars=1)
    made = looked(people)
    actions.confirm_rejudging(made, actor=people.mei)
    read = triage._judged

    def slow(texts: Any, *engine: str) -> Any:
        found = read(texts, *engine)
        monkeypatch.undo()
        triage.correct(current(review), actor=people.li, sentiment="negative", causes=["price"])
        return found

    with monkeypatch.context() as patch:
        patch.setattr(triage, "_judged", slow)
        step = claimed(actions.APPLY)
        actions.rejudge(made.pk, actor=None, step=step)
    assert current(review).engine == "person"
    made.refresh_from_db()
    assert Tally.from_json(made.applied).kept == 1


def claimed(kind: str) -> Step:
    from wanhui.work import actions as work

    step = work.claim(Step.objects.get(kind=kind, state="waiting").pk)
    assert step is not None
    return step


def test_follow_ups_are_judged_again_too(people: Cast, other: Words) -> None:
    review = makers.review(people.clothes, FINE, stars=5)
    later = makers.follow_up(review, "穿了一周就起球")
    triage.judge_reviews([review.pk], actor=None)
    drain()
    applied(people)
    verdict = Verdict.objects.get(follow_up=later, current=True)
    assert (verdict.engine, verdict.primary, verdict.bad) == (NAME, "quality", True)


def test_only_reviews_of_these_days_are_read(people: Cast, other: Words) -> None:
    day = makers.today()
    old, new = judged(people, BAD, said_on=day - timedelta(days=400)), judged(people, BAD, said_on=day)
    unknown = judged(people, BAD, said_on=None, said_at=None, precision="")
    found = applied(people, since=day - timedelta(days=2), until=day)
    assert found.total == 2
    assert [current(review).engine for review in (old, new, unknown)] == [DEFAULT_ENGINE, NAME, NAME]


def test_other_stores_are_left_alone(people: Cast, other: Words) -> None:
    hotel = makers.review(people.hotel, "隔壁太吵", stars=1)
    triage.judge_reviews([hotel.pk], actor=None)
    judged(people, BAD)
    applied(people)
    assert current(hotel).engine == DEFAULT_ENGINE


def test_a_text_that_waits_for_its_first_verdict_is_left_to_the_pipeline(people: Cast, other: Words) -> None:
    review = makers.review(people.clothes, BAD)
    assert previewed(scope(people)).looked == 0
    applied(people)
    assert not review.verdicts.exists()


def test_a_second_time_nothing_is_left_to_do(people: Cast, other: Words) -> None:
    judged(people, BAD)
    applied(people)
    found = applied(people)
    assert (found.tally["looked"], found.tally["same"]) == (0, 1)
    assert Verdict.objects.count() == 2


def test_the_same_engine_with_other_settings_changes_what_it_reads_differently(
    people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    different, same = judged(people, BAD), judged(people, FINE)
    applied(people)
    monkeypatch.setitem(WORDS, "慢", "service")
    found = applied(people)
    assert (found.tally["changed"], found.tally["same"]) == (1, 1)
    assert [cause["code"] for cause in current(different).causes] == ["quality", "delivery", "service"]
    assert (different.verdicts.count(), same.verdicts.count()) == (3, 2)


def test_the_cases_that_will_be_opened_are_said_before_they_are(people: Cast, other: Words) -> None:
    """Without stars it is the engine's word that makes a review bad; of worn-out seams the other engine knows nothing,
    so the case of that review loses its cause."""
    texts = ("一切都好，就是起球", "很好，快递不错", "舒服", "贵，但很喜欢")
    for number, text in enumerate(texts):
        judged(people, text, stars=None, said_on=makers.today() - timedelta(days=400 if number == 3 else 1))
    judged(people, "袖口开线了，扣子也掉了，质量太差", stars=1)
    before = set(Case.objects.values_list("pk", flat=True))
    told_before = Entry.objects.filter(verb="cases.tell").count()
    found = looked(people)
    told = Tally.from_json(found.tally).cases
    assert set(Case.objects.values_list("pk", flat=True)) == before
    actions.confirm_rejudging(found, actor=people.mei)
    drain()
    assert Case.objects.exclude(pk__in=before).count() == told["open"] > 0
    assert Entry.objects.filter(verb="cases.tell").count() - told_before == told["changed"] > 0


def test_a_closed_case_that_will_open_again_is_said_too(people: Cast, other: Words) -> None:
    review = judged(people, BAD, stars=1)
    case = Case.objects.get()
    cases.close(case, "satisfied", "已换货，顾客满意", actor=people.mei)
    makers.follow_up(review, "一切都好，快递盒也漂亮")
    triage.judge_reviews([review.pk], actor=None)
    drain()
    assert Case.objects.get().closed_at is not None
    found = looked(people)
    assert Tally.from_json(found.tally).cases == {"again": 1}
    actions.confirm_rejudging(found, actor=people.mei)
    drain()
    assert Case.objects.get().closed_at is None


def test_no_case_is_closed_when_a_review_reads_well_now(people: Cast, other: Words) -> None:
    judged(people, "质量太差，退货了", stars=None)
    case = Case.objects.get()
    applied(people)
    case.refresh_from_db()
    assert case.closed_at is None


def test_the_days_concerned_are_counted_anew(people: Cast, other: Words) -> None:
    review = judged(people, "一切都好，就是起球", stars=None)
    makers.count()
    made = looked(people)
    assert not Stale.objects.exists()
    actions.confirm_rejudging(made, actor=people.mei)
    actions.rejudge(made.pk, actor=None, step=claimed(actions.APPLY))
    assert review.said_on.isoformat() in Stale.objects.get().days


def test_asking_deciding_and_the_change_leave_an_entry_each(people: Cast, other: Words) -> None:
    judged(people, BAD, stars=1)
    found = applied(people)
    entries = Entry.objects.filter(kind="rejudging", ref=str(found.pk)).order_by("pk")
    assert [(entry.verb, entry.actor, entry.store_ref) for entry in entries] == [
        ("triage.ask_rejudging", people.mei, people.clothes.pk),
        ("triage.confirm_rejudging", people.mei, people.clothes.pk),
        ("triage.rejudge", None, people.clothes.pk),
    ]
    assert entries[2].counts == {"verdicts": 1, "changed": 1, "kept": 0}


@pytest.mark.parametrize("who", ["li", "scout", "viewer"])
def test_who_may_not_is_refused(people: Cast, other: Words, who: str) -> None:
    person = getattr(people, who)
    judged(people, BAD)
    with pytest.raises(NotAllowed):
        actions.ask_rejudging(people.clothes, NAME, actor=person)
    made = looked(people)
    for verb in (actions.confirm_rejudging, actions.stop_rejudging):
        with pytest.raises(NotAllowed):
            verb(made, actor=person)
    assert Rejudging.objects.get().state == "looked"


def test_a_lead_may(people: Cast, other: Words) -> None:
    assert actions.ask_rejudging(people.clothes, NAME, actor=people.wang).asked_by == people.wang


def test_what_cannot_be_asked_is_refused_in_words(people: Cast, other: Words) -> None:
    day = makers.today()
    with translation.override("en"):
        with pytest.raises(Refused, match="engine"):
            actions.ask_rejudging(people.clothes, "nobody-1", actor=people.mei)
        with pytest.raises(Refused, match="day"):
            actions.ask_rejudging(people.clothes, NAME, since=day, until=day - timedelta(days=1), actor=people.mei)
        actions.ask_rejudging(people.clothes, NAME, actor=people.mei)
        with pytest.raises(Refused, match="under way"):
            actions.ask_rejudging(people.clothes, NAME, actor=people.mei)


def test_only_what_was_looked_at_can_be_wanted_and_only_once(people: Cast, other: Words) -> None:
    judged(people, BAD)
    made = actions.ask_rejudging(people.clothes, NAME, actor=people.mei)
    with pytest.raises(Refused):
        actions.confirm_rejudging(made, actor=people.mei)
    drain()
    actions.confirm_rejudging(made, actor=people.mei)
    with pytest.raises(Refused):
        actions.confirm_rejudging(made, actor=people.wang)


def test_looking_again_lets_go_of_what_was_found_before(people: Cast, other: Words) -> None:
    judged(people, BAD)
    first, second = looked(people), looked(people)
    first.refresh_from_db()
    assert (first.state, second.state) == ("stopped", "looked")
    with pytest.raises(Refused):
        actions.confirm_rejudging(first, actor=people.mei)


def test_stopped_in_the_middle_it_goes_no_further(
    people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "_A_STRETCH", 1)
    reviews = [judged(people, BAD) for _n in range(3)]
    made = looked(people)
    actions.confirm_rejudging(made, actor=people.mei)
    actions.rejudge(made.pk, actor=None, step=claimed(actions.APPLY))
    actions.stop_rejudging(made, actor=people.mei)
    drain()
    made.refresh_from_db()
    assert (made.state, made.done) == ("stopped", 1)
    assert [current(review).engine for review in reviews] == [NAME, DEFAULT_ENGINE, DEFAULT_ENGINE]
    with pytest.raises(Refused):
        actions.stop_rejudging(made, actor=people.mei)


def test_a_long_one_lets_other_work_have_its_turn(people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "_A_STRETCH", 2)
    for _n in range(9):
        judged(people, BAD)
    found = applied(people)
    assert (found.state, found.done, found.total) == ("applied", 9, 9)
    assert Step.objects.filter(kind=actions.APPLY, state="done").count() == 3
    assert Entry.objects.filter(verb="triage.rejudge").count() == 1


def test_a_walk_that_breaks_off_goes_on_where_it_was(
    people: Cast, other: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    for _n in range(4):
        judged(people, BAD)
    made = looked(people)
    actions.confirm_rejudging(made, actor=people.mei)
    step, read = claimed(actions.APPLY), triage._judged

    def breaks(texts: Any, *engine: str) -> Any:
        if Rejudging.objects.get(pk=made.pk).done == 2:
            raise MemoryError
        return read(texts, *engine)

    with monkeypatch.context() as patch:
        patch.setattr(triage, "_judged", breaks)
        with pytest.raises(MemoryError):
            actions.rejudge(made.pk, actor=None, step=step)
    assert Verdict.objects.filter(current=True, engine=NAME).count() == 2
    other.read = 0
    actions.rejudge(made.pk, actor=None, step=step)
    drain()
    made.refresh_from_db()
    assert (made.state, made.applied["looked"], other.read) == ("applied", 4, 2)
    assert Verdict.objects.count() == 8


def test_a_worker_that_lost_its_step_stores_nothing(people: Cast, other: Words) -> None:
    review = judged(people, BAD)
    made = looked(people)
    actions.confirm_rejudging(made, actor=people.mei)
    step = claimed(actions.APPLY)
    Step.objects.filter(pk=step.pk).update(claim="another worker")
    actions.rejudge(made.pk, actor=None, step=step)
    assert current(review).engine == DEFAULT_ENGINE
    assert Rejudging.objects.get(pk=made.pk).done == 0
