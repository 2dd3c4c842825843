"""From a deed to a receiver: once, signed, again when it failed, never to where it may not go."""

import json
from datetime import timedelta

import pytest
from django.conf import LazySettings

from tests import makers
from tests.cast import Cast
from tests.webhooks.receiver import listening
from wanhui.audit.models import Entry
from wanhui.cases import actions as cases
from wanhui.cases.models import Case
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.webhooks import actions, queries, rules
from wanhui.webhooks.models import Delivery, Subscription

ALL = list(rules.EVENTS)


@pytest.fixture(autouse=True)
def at_home(settings: LazySettings) -> None:
    """The receiver of these tests listens on this machine."""
    settings.WANHUI_WEBHOOKS_PRIVATE = True


def subscribed(people: Cast, url: str, *events: str) -> Subscription:
    """A receiver of 梅's shop."""
    return actions.subscribe(people.clothes, url, events or ALL, actor=people.mei)


def closed_case(people: Cast) -> Case:
    """A case opened and closed by 梅."""
    case = makers.case(people.clothes)
    cases.close(case, "satisfied", "已换货，尺码表已改", actor=people.mei)
    return case


def test_what_happens_is_told_once_and_signed(people: Cast) -> None:
    with listening() as receiver:
        subscription = subscribed(people, receiver.url, "case.opened", "case.closed")
        case = closed_case(people)
        assert actions.announce() == 2
        assert actions.announce() == 0
        assert actions.deliver_due() == 2
        assert actions.deliver_due() == 0
    said = [json.loads(body) for _headers, body in receiver.heard]
    assert [each["type"] for each in said] == ["case.opened", "case.closed"]
    assert {each["data"]["ref"] for each in said} == {str(case.pk)}
    headers, body = receiver.heard[0]
    signed = rules.signature(
        queries.secret_of(subscription), headers["webhook-id"], int(headers["webhook-timestamp"]), body
    )
    assert headers["webhook-signature"] == signed
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60


def test_what_is_done_to_many_cases_at_once_is_told_to_each_of_their_stores(people: Cast) -> None:
    here, there = makers.case(people.clothes), makers.case(people.hotel, "隔壁太吵")
    for store in (people.clothes, people.hotel):
        actions.subscribe(store, "https://chat.example/hook", ALL, actor=people.mei)
    done = cases.move_many([(here, here.version), (there, there.version)], "verified", actor=people.mei)
    assert done.deed is not None
    cases.undo(done.deed, actor=people.mei)
    assert actions.announce() == 4
    told = [json.loads(delivery.body) for delivery in Delivery.objects.all()]
    assert {(each["type"], each["data"]["store"], each["data"]["counts"]["cases"]) for each in told} == {
        (event, store.pk, 1) for event in ("cases.moved", "cases.undone") for store in (people.clothes, people.hotel)
    }


def test_a_hand_over_and_somebody_leaving_are_told(people: Cast) -> None:
    case = makers.case(people.clothes)
    subscribed(people, "https://chat.example/hook", "case.accepted", "cases.assigned")
    cases.assign(case, people.li, actor=people.mei)
    cases.accept(Case.objects.get(pk=case.pk), actor=people.li)
    cases.hand_over_all(people.clothes.pk, people.li, people.wang, actor=people.mei)
    actions.announce()
    told = [json.loads(delivery.body)["type"] for delivery in Delivery.objects.order_by("pk")]
    assert told == ["case.accepted", "cases.assigned"]


def test_an_undoing_that_came_too_late_for_every_case_leaves_its_entry_all_the_same(people: Cast) -> None:
    case = makers.case(people.clothes)
    deed = cases.move_many([(case, case.version)], "verified", actor=people.mei).deed
    assert deed is not None
    cases.claim(Case.objects.get(pk=case.pk), actor=people.wang)
    cases.undo(deed, actor=people.mei)
    entry = Entry.objects.get(verb="cases.undo")
    assert (entry.store_ref, entry.counts) == (people.clothes.pk, {"cases": 0, "left_alone": 1})


def test_nothing_a_customer_said_leaves_the_house(people: Cast) -> None:
    with listening() as receiver:
        subscribed(people, receiver.url)
        case = makers.case(people.clothes, "裤子起球了，电话 13800001111", buyer="衣柜")
        cases.add_note(case, "电话里很生气", actor=people.mei)
        cases.close(case, "satisfied", "已换货，很满意", actor=people.mei)
        actions.announce()
        actions.deliver_due()
    sent = b"".join(body for _headers, body in receiver.heard)
    assert receiver.heard
    assert not any(ord(letter) > 127 for letter in sent.decode())
    assert b"\\u" not in sent
    assert b"1380000" not in sent


def test_other_stores_and_what_was_before_are_not_told(people: Cast) -> None:
    closed_case(people)
    subscribed(people, "https://chat.example/hook")
    makers.case(people.otto, "Paket kam zerdrückt an")
    assert actions.announce() == 0


def test_what_came_late_into_the_record_is_still_told(people: Cast) -> None:
    """A key is given before its transaction ends: a later one can be there first."""
    subscription = subscribed(people, "https://chat.example/hook")
    closed_case(people)
    assert actions.announce() > 0
    late = Entry.objects.filter(verb="cases.open").latest("pk")
    Delivery.objects.filter(entry=late.pk).delete()
    assert actions.announce() == 1
    with clock.at(clock.now() + timedelta(minutes=20)):
        actions.announce()
    subscription.refresh_from_db()
    assert subscription.settled >= late.pk


def test_a_receiver_that_is_down_is_tried_again_later_and_gets_the_same_bytes(people: Cast) -> None:
    with listening(500, 302, 204) as receiver:
        subscribed(people, receiver.url, "case.opened")
        makers.case(people.clothes)
        actions.announce()
        assert actions.deliver_due() == 0
        assert actions.deliver_due() == 0, "not before its time"
        for _again in range(2):
            waiting = Delivery.objects.get()
            assert waiting.state == Delivery.State.WAITING
            with clock.at(waiting.due_at + timedelta(seconds=1)):
                actions.deliver_due()
    assert Delivery.objects.get().state == Delivery.State.SENT
    assert Delivery.objects.get().attempts == 3
    assert len({body for _headers, body in receiver.heard}) == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1


def test_after_the_last_try_a_person_is_shown_it_and_can_send_it_again(people: Cast) -> None:
    with listening(500) as receiver:
        subscription = subscribed(people, receiver.url, "case.opened")
        makers.case(people.clothes)
        actions.announce()
        while (waiting := Delivery.objects.get()).state == Delivery.State.WAITING:
            with clock.at(max(waiting.due_at, clock.now()) + timedelta(seconds=1)):
                actions.deliver_due()
        assert waiting.state == Delivery.State.FAILED
        assert waiting.status == 500
        receiver.answers = [200]
        again = actions.replay(waiting, actor=people.mei)
        assert actions.deliver_due() == 1
    again.refresh_from_db()
    assert again.state == Delivery.State.SENT
    assert again.body == waiting.body
    assert queries.log(subscription)[0].pk == again.pk


def test_one_dead_receiver_holds_up_nobody_else(people: Cast) -> None:
    with listening() as receiver:
        dead = subscribed(people, "http://127.0.0.1:9/", "case.opened")
        subscribed(people, receiver.url, "case.opened")
        for number in range(3):
            makers.case(people.clothes, f"第{number}件坏了")
        actions.announce()
        assert actions.deliver_due() == 3
    assert Delivery.objects.filter(subscription=dead, attempts=1).count() == 1, "one look a round is enough"


def test_the_network_inside_is_left_alone_unless_who_runs_the_desk_allows_it(
    people: Cast, settings: LazySettings
) -> None:
    settings.WANHUI_WEBHOOKS_PRIVATE = False
    with listening() as receiver:
        subscribed(people, receiver.url, "case.opened")
        subscribed(people, receiver.url.replace("127.0.0.1", "localhost"), "case.opened")
        makers.case(people.clothes)
        actions.announce()
        assert actions.deliver_due() == 0
    assert receiver.heard == []
    assert {each.trouble for each in Delivery.objects.all()} == {"this address lies inside the private network"}


def test_a_pause_is_silent_and_what_happened_in_it_is_not_told_later(people: Cast) -> None:
    subscription = subscribed(people, "https://chat.example/hook")
    actions.change(subscription, subscription.url, subscription.events, False, actor=people.mei)
    closed_case(people)
    assert actions.announce() == 0
    actions.change(subscription, subscription.url, subscription.events, True, actor=people.mei)
    assert actions.announce() == 0


def test_a_removed_receiver_gets_nothing_not_even_what_waits(people: Cast) -> None:
    with listening() as receiver:
        subscription = subscribed(people, receiver.url)
        closed_case(people)
        actions.announce()
        actions.unsubscribe(subscription, actor=people.mei)
        assert actions.deliver_due() == 0
    assert receiver.heard == []


def test_a_new_secret_signs_from_now_on(people: Cast) -> None:
    subscription = subscribed(people, "https://chat.example/hook")
    before = queries.secret_of(subscription)
    actions.renew_secret(subscription, actor=people.mei)
    assert queries.secret_of(subscription) != before


def test_the_log_is_kept_for_a_month(people: Cast) -> None:
    with listening() as receiver:
        subscription = subscribed(people, receiver.url)
        actions.ping(subscription, actor=people.mei)
        actions.deliver_due()
    with clock.at(clock.now() + timedelta(days=31)):
        actions.announce()
    assert queries.log(subscription) == []


@pytest.mark.parametrize(
    ("url", "events"),
    [("ftp://x.example", ALL), ("https://me:x@x.example", ALL), ("nowhere", ALL), ("https://x.example", []),
     ("https://x.example", ["case.exploded"])],
)  # fmt: skip
def test_a_receiver_that_cannot_work_is_refused_in_words(people: Cast, url: str, events: list[str]) -> None:
    with pytest.raises(Refused):
        actions.subscribe(people.clothes, url, events, actor=people.mei)
    assert not Subscription.objects.exists()


def test_only_who_may_change_settings_sees_or_changes_receivers(people: Cast) -> None:
    subscription = subscribed(people, "https://chat.example/hook")
    for person in (people.wang, people.li, people.viewer):
        with pytest.raises(Refused):
            queries.subscriptions(person, people.clothes.pk)
        with pytest.raises(Refused):
            actions.subscribe(people.clothes, "https://x.example", ALL, actor=person)
        with pytest.raises(Refused):
            actions.renew_secret(subscription, actor=person)
