"""From a draft to a reply recorded as sent: nothing goes out by itself."""

import pytest
from django.http import Http404

from tests import makers
from tests.cast import Cast
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.cases import queries as case_queries
from wanhui.cases.models import Case
from wanhui.kit.errors import Refused
from wanhui.replies import actions, queries
from wanhui.replies.models import Reply
from wanhui.reviews.models import Review
from wanhui.stores.models import Membership

GOOD = (
    "您好，裤子洗后起球是我们没做好，给您添了麻烦，真对不起。"
    "我们已经把这一批面料送检，您可以在订单里点售后，我们来处理。"
)
ASKS_FOR_CHANGE = "亲，麻烦您把差评改成好评吧，改好以后我们给您返现十元。"


@pytest.fixture
def case(people: Cast) -> Case:
    return makers.case(people.clothes)


@pytest.fixture
def review(case: Case) -> Review:
    return case_queries.reviews_of(case)[0]


def approved(review: Review, people: Cast) -> Reply:
    reply = actions.save_draft(review, GOOD, actor=people.li)
    actions.request_approval(reply, actor=people.li)
    actions.approve(reply, queries.digest(GOOD), actor=people.wang)
    return reply


def test_a_reply_goes_from_draft_over_approval_to_sent_and_stops_the_clock(
    case: Case, review: Review, people: Cast
) -> None:
    reply = approved(review, people)
    actions.record_sent(reply, actor=people.li)
    case.refresh_from_db()
    assert (reply.state, reply.sent_by, reply.approved_by) == ("sent", people.li, people.wang)
    assert case.first_reply_at == reply.sent_at
    verbs = list(Entry.objects.filter(verb__startswith="replies.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["replies.request_approval", "replies.approve", "replies.record_sent"]
    assert reply.rule_pack


def test_nothing_is_sent_without_approval(review: Review, people: Cast) -> None:
    reply = actions.save_draft(review, GOOD, actor=people.li)
    with pytest.raises(Refused):
        actions.record_sent(reply, actor=people.li)
    actions.request_approval(reply, actor=people.li)
    with pytest.raises(Refused):
        actions.record_sent(reply, actor=people.li)


def test_a_blocked_text_is_neither_handed_over_nor_approved(review: Review, people: Cast) -> None:
    reply = actions.save_draft(review, ASKS_FOR_CHANGE, actor=people.li)
    with pytest.raises(Refused):
        actions.request_approval(reply, actor=people.li, reasons={"any": "my boss wants it"})
    with pytest.raises(Refused):
        actions.approve(reply, queries.digest(ASKS_FOR_CHANGE), actor=people.wang)
    reply.refresh_from_db()
    assert reply.state == "draft"


def test_an_agent_does_not_approve_and_an_author_not_their_own_text(review: Review, people: Cast) -> None:
    reply = actions.save_draft(review, GOOD, actor=people.wang)
    actions.request_approval(reply, actor=people.wang)
    with pytest.raises(Refused):
        actions.approve(reply, queries.digest(GOOD), actor=people.li)
    with pytest.raises(Refused):
        actions.approve(reply, queries.digest(GOOD), actor=people.wang)
    actions.approve(reply, queries.digest(GOOD), actor=people.mei)


def test_in_a_shop_with_one_person_who_may_they_approve_their_own(review: Review, people: Cast) -> None:
    Membership.objects.filter(store=people.clothes, role=Role.LEAD).delete()
    reply = actions.save_draft(review, GOOD, actor=people.mei)
    actions.approve(reply, queries.digest(GOOD), actor=people.mei)
    assert reply.state == "approved"


def test_what_is_approved_is_exactly_what_was_seen(review: Review, people: Cast) -> None:
    reply = actions.save_draft(review, GOOD, actor=people.li)
    seen = queries.digest(reply.text)
    actions.save_draft(review, GOOD + "再补一句。", actor=people.li)
    reply.refresh_from_db()
    with pytest.raises(Refused):
        actions.approve(reply, seen, actor=people.wang)


def test_a_text_changed_behind_the_approval_is_not_recorded_as_sent(review: Review, people: Cast) -> None:
    reply = approved(review, people)
    Reply.objects.filter(pk=reply.pk).update(text="别的话，和批准的不一样。")
    reply.refresh_from_db()
    with pytest.raises(Refused):
        actions.record_sent(reply, actor=people.li)


def test_an_approved_text_is_changed_only_after_it_is_taken_back(review: Review, people: Cast) -> None:
    reply = approved(review, people)
    with pytest.raises(Refused):
        actions.save_draft(review, "换一段话", actor=people.li)
    actions.take_back(reply, actor=people.li)
    assert (reply.state, reply.approved_by, reply.approved_digest) == ("draft", None, "")
    actions.save_draft(review, "换一段话", actor=people.li)


def test_a_reply_given_back_carries_the_word_to_its_author(review: Review, people: Cast) -> None:
    reply = actions.save_draft(review, GOOD, actor=people.li)
    actions.request_approval(reply, actor=people.li)
    with pytest.raises(Refused):
        actions.send_back(reply, " ", actor=people.wang)
    actions.send_back(reply, "提一下赠品", actor=people.wang)
    assert (reply.state, reply.returned_note) == ("draft", "提一下赠品")


def test_otto_takes_no_reply_and_gets_no_draft(people: Cast) -> None:
    case = makers.case(people.otto, "Paket kam zerdrückt an")
    review = case_queries.reviews_of(case)[0]
    assert queries.machine_drafts(review) == []
    assert not queries.editor(people.anna, review).takes_reply
    with pytest.raises(Refused):
        actions.save_draft(review, "Es tut uns leid.", actor=people.anna)


def test_a_warning_needs_a_reason_that_stays_with_the_reply(review: Review, people: Cast) -> None:
    first = approved(review, people)
    actions.record_sent(first, actor=people.li)
    other = case_queries.reviews_of(makers.case(people.clothes, "又起球了"))[0]
    again = actions.save_draft(other, GOOD, actor=people.li)
    with pytest.raises(Refused):
        actions.request_approval(again, actor=people.li)
    warned = [f.rule for f in queries.editor(people.li, other).findings if f.severity == "warn"]
    actions.request_approval(again, actor=people.li, reasons=dict.fromkeys(warned, "同一批次，说法一样"))
    assert set(again.warnings) == set(warned)
    assert warned


def test_the_machines_draft_speaks_of_the_cause_and_is_held_back_until_its_gap_is_filled(
    review: Review, people: Cast
) -> None:
    drafts = queries.machine_drafts(review)
    assert drafts
    assert len({d.text for d in drafts}) == len(drafts)
    editor = queries.editor(people.li, review)
    assert editor.text == drafts[0].text
    if "【" in editor.text:
        assert any(f.severity == "block" for f in editor.findings)


def test_strangers_and_viewers_write_nothing(review: Review, people: Cast) -> None:
    with pytest.raises(Http404):
        actions.save_draft(review, GOOD, actor=people.eve)
    with pytest.raises(Refused):
        actions.save_draft(review, GOOD, actor=people.viewer)
