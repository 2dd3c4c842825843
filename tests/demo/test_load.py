"""The demo world in the desk: told through the verbs, and convincing at first sight, whenever it is loaded."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from wanhui.accounts.models import User
from wanhui.analytics.queries import Figures, figures
from wanhui.audit.models import Entry
from wanhui.cases.models import Case, CaseReview
from wanhui.cases.queries import QueueFilter
from wanhui.demo import load, story
from wanhui.desk.models import Seat
from wanhui.desk.queries import Row, queue_rows
from wanhui.replies.models import Reply
from wanhui.replies.queries import machine_drafts
from wanhui.stores.models import Store
from wanhui.triage.models import Verdict

pytestmark = pytest.mark.xdist_group("demo")  # one worker loads the world for all of them
MORNING = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
# After the clocks of Europe have changed, late in the evening of the Chinese shops.
EVENING = datetime(2026, 4, 2, 14, 30, tzinfo=UTC)
# The one good or middling review whose follow-up is a complaint.
TURNED = {"c-131"}


@dataclass(frozen=True)
class Desk:
    """What a visitor finds: the moment, what the loader said, and the CPU seconds it took."""

    now: datetime
    loaded: load.Loaded
    seconds: float

    @property
    def mei(self) -> User:
        return User.objects.get(username="mei")

    def figures(self) -> Figures:
        return figures(self.mei, self.now, kind=Store.Kind.DEMO)

    def queue(self) -> list[Row]:
        return queue_rows(self.mei, self.now, QueueFilter(), self.seat, kind=Store.Kind.DEMO)[0]

    @property
    def seat(self) -> Seat:
        """She sits down at this moment."""
        return Seat(user=self.mei, here_at=self.now, since=self.now)


@pytest.fixture(scope="module", params=[MORNING, EVENING], ids=["morning", "evening"])
def desk(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Desk]:
    """The world loaded once for all tests of a moment, and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        began = time.process_time()
        loaded = load.load(request.param)
        yield Desk(request.param, loaded, time.process_time() - began)
        transaction.set_rollback(True)


def keys(case: Case) -> list[str]:
    return list(CaseReview.objects.filter(case=case).values_list("review__platform_id", flat=True))


def told(key: str) -> story.Review:
    return next(review for review in story.load().reviews if review.key == key)


# ── it is told completely ────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_whole_world_is_there_within_a_minute(desk: Desk) -> None:
    assert desk.loaded.stores == 4
    assert desk.loaded.reviews == len(story.load().reviews)
    assert desk.loaded.cases == Case.objects.count()
    assert desk.seconds < 60


@pytest.mark.slow
def test_every_case_stands_where_the_story_says(desk: Desk) -> None:
    histories = {review.key: review.history for review in story.load().reviews if review.history}
    rows = CaseReview.objects.filter(review__platform_id__in=histories).select_related("case", "review")
    found = {row.review.platform_id: (row.case.stage, row.case.outcome) for row in rows}
    assert found == {key: (history.stage, history.outcome or "") for key, history in histories.items()}


@pytest.mark.slow
def test_a_sent_reply_of_the_story_is_sent_as_it_is_told(desk: Desk) -> None:
    drafts = {r.key: r.history.reply for r in story.load().reviews if r.history and r.history.reply}
    sent = Reply.objects.filter(state=Reply.State.SENT).values_list("review__platform_id", "text")
    assert dict(sent) == {key: draft.text for key, draft in drafts.items() if draft.sent}


@pytest.mark.slow
def test_every_closing_left_its_entry(desk: Desk) -> None:
    closed = Case.objects.exclude(closed_at=None)
    assert Entry.objects.filter(verb="cases.close").count() == closed.count() > 0


@pytest.mark.slow
def test_no_reply_needed_a_reason_against_the_lint(desk: Desk) -> None:
    assert not {reply.review.platform_id: reply.warnings for reply in Reply.objects.exclude(warnings={})}


# ── it is believable ─────────────────────────────────────────────────────────


@pytest.mark.slow
def test_about_one_review_in_six_is_bad(desk: Desk) -> None:
    share = desk.figures().bad_rate.share
    assert share is not None
    assert 0.15 <= share <= 0.18


@pytest.mark.slow
def test_most_cases_are_answered_within_a_day_but_not_all(desk: Desk) -> None:
    share = desk.figures().answered_24h.share
    assert share is not None
    assert 0.85 <= share <= 0.92


@pytest.mark.slow
def test_a_good_two_fifths_are_won_back(desk: Desk) -> None:
    share = desk.figures().won_back.share
    assert share is not None
    assert 0.40 <= share <= 0.50


@pytest.mark.slow
def test_a_dozen_cases_are_open_and_about_fifty_are_closed(desk: Desk) -> None:
    found = desk.figures()
    assert 12 <= found.open_cases <= 18
    assert 45 <= Case.objects.exclude(closed_at=None).count() <= 60
    assert 1 <= found.late_cases <= 2


@pytest.mark.slow
def test_a_case_is_never_about_a_happy_text(desk: Desk) -> None:
    about = [key for case in Case.objects.all() for key in keys(case)]
    assert not [key for key in about if not told(key).bad and key not in TURNED]


@pytest.mark.slow
def test_a_follow_up_that_ended_a_case_well_is_not_read_as_a_complaint(desk: Desk) -> None:
    ended = [r.key for r in story.load().reviews if r.history and r.history.outcome == "good_follow_up"]
    read = Verdict.objects.filter(current=True, review__platform_id__in=ended).exclude(follow_up=None)
    assert sorted(read.values_list("review__platform_id", "bad")) == [(key, False) for key in sorted(ended)]


@pytest.mark.slow
def test_what_the_team_looked_at_reads_as_the_story_means_it(desk: Desk) -> None:
    seen = Verdict.objects.filter(current=True, follow_up=None).exclude(by=None, checked_by=None)
    stories = {review.key: review for review in story.load().reviews}
    looked = [(stories[verdict.review.platform_id], verdict) for verdict in seen.select_related("review")]
    about = [(review.key, review.about[0], verdict.primary) for review, verdict in looked if review.about]
    assert about
    assert not [each for each in about if each[1] != each[2]]
    assert not [r.key for r, verdict in looked if r.stars == 5 and not r.about and verdict.sentiment != "positive"]


@pytest.mark.slow
def test_a_text_in_a_language_that_nobody_reads_here_waits_for_a_look(desk: Desk) -> None:
    assert Verdict.objects.get(review__platform_id="n-134", current=True).to_check


@pytest.mark.slow
def test_every_bad_review_since_the_shops_moved_in_has_a_case(desk: Desk) -> None:
    bad = {r.key for r in story.load().reviews if r.bad and r.when.day < load.MOVED_IN}
    assert bad <= set(CaseReview.objects.values_list("review__platform_id", flat=True))


@pytest.mark.slow
def test_the_demo_counts_in_no_figure_of_real_shops(desk: Desk) -> None:
    real = figures(desk.mei, desk.now)
    shares = (real.bad_rate, real.answered_24h, real.won_back)
    assert [figure.denominator for figure in shares] == [0, 0, 0]
    assert (real.open_cases, real.late_cases, real.closed_cases, real.causes) == (0, 0, 0, ())
    assert queue_rows(desk.mei, desk.now, QueueFilter(), desk.seat) == ([], None)


# ── the queue, which a visitor sees first ────────────────────────────────────


@pytest.mark.slow
def test_the_first_rows_differ_in_shop_cause_and_reason(desk: Desk) -> None:
    top = desk.queue()[:8]
    assert len({row.waiting.case.store_id for row in top}) >= 3
    assert len({row.causes[0] for row in top if row.causes}) >= 3
    assert len({row.reasons[0] for row in top if row.reasons}) >= 3


@pytest.mark.slow
def test_the_ill_child_is_among_the_first_three(desk: Desk) -> None:
    assert "s-101" in [row.waiting.review.platform_id for row in desk.queue()[:3]]


@pytest.mark.slow
def test_a_few_cases_are_for_now_some_for_today_the_rest_for_later(desk: Desk) -> None:
    found = Counter(row.waiting.urgency for row in desk.queue())
    assert 2 <= found["now"] <= 4
    assert 3 <= found["today"] <= 7
    assert found["later"] >= 4


@pytest.mark.slow
def test_some_cases_wait_for_approval_and_some_for_a_person(desk: Desk) -> None:
    assert Reply.objects.filter(state=Reply.State.AWAITING, case__closed_at=None).count() >= 2
    assert Case.objects.filter(closed_at=None, assignee=None).count() >= 4


@pytest.mark.slow
def test_every_open_case_that_can_be_answered_has_words_ready(desk: Desk) -> None:
    for case in Case.objects.filter(closed_at=None).exclude(store__platform="otto"):
        review = case.case_reviews.get().review
        if not review.text:
            assert not machine_drafts(review), "a silent review gets a question by chat, not a reply"
            continue
        written = Reply.objects.filter(review=review).exclude(text="").exists()
        waits = review.verdicts.filter(current=True, to_check=True).exists()
        assert written or waits or machine_drafts(review, review.follow_ups.last()), review.platform_id


@pytest.mark.slow
def test_the_team_has_checked_what_the_desk_was_not_sure_of_but_for_the_last_look(desk: Desk) -> None:
    waiting = Verdict.objects.filter(current=True, to_check=True)
    assert Verdict.objects.exclude(checked_by=None).count() > waiting.count() > 0


@pytest.mark.slow
def test_a_case_on_otto_has_no_clock_no_draft_and_no_contact(desk: Desk) -> None:
    otto = Case.objects.filter(store__platform="otto")
    assert otto.filter(closed_at=None).exists()
    assert not otto.exclude(reply_due_at=None).exists()
    assert not Reply.objects.filter(review__store__platform="otto").exists()
    assert not [case.pk for case in otto for row in case.case_reviews.all() if machine_drafts(row.review)]
    assert not otto.filter(log__what="contact").exists()
