"""The pages of receivers: add one, see its secret once, send a test, send again, remove."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.webhooks.receiver import listening
from wanhui.webhooks import actions, queries, rules
from wanhui.webhooks.models import Delivery, Subscription


def add(client: Client, people: Cast, url: str = "https://chat.example/hook") -> Subscription:
    """梅 adds a receiver on the page."""
    wanted = {"url": url, "events": ["case.opened", "case.closed"]}
    answer = client.post(f"/stores/{people.clothes.pk}/webhooks/", wanted)
    assert answer.status_code == 303
    return Subscription.objects.get(url=url)


def test_the_secret_is_shown_once(people: Cast, as_mei: Client) -> None:
    made = add(as_mei, people)
    secret = rules.shown_secret(queries.secret_of(made))
    assert secret in as_mei.get(f"/webhooks/{made.pk}/").content.decode()
    assert secret not in as_mei.get(f"/webhooks/{made.pk}/").content.decode()


def test_a_wrong_address_is_said_beside_the_field_and_keeps_what_was_typed(people: Cast, as_mei: Client) -> None:
    wanted = {"url": "ftp://x.example", "events": ["case.opened"]}
    answer = as_mei.post(f"/stores/{people.clothes.pk}/webhooks/", wanted)
    assert answer.status_code == 200
    assert "ftp://x.example" in answer.content.decode()
    assert answer.context["form"].errors["url"]


@pytest.mark.django_db
def test_a_test_message_shows_in_the_log_with_its_exact_words(
    people: Cast, as_mei: Client, settings: LazySettings
) -> None:
    settings.WANHUI_WEBHOOKS_PRIVATE = True
    with listening() as receiver:
        made = add(as_mei, people, receiver.url)
        as_mei.post(f"/webhooks/{made.pk}/act/", {"action": "ping"})
        assert actions.deliver_due() == 1
    sent = Delivery.objects.get()
    assert as_mei.get(f"/webhooks/messages/{sent.pk}/").content == receiver.heard[0][1]
    assert as_mei.post(f"/webhooks/messages/{sent.pk}/replay/").status_code == 303
    assert Delivery.objects.count() == 2


def test_a_receiver_can_be_paused_given_a_new_secret_and_removed(people: Cast, as_mei: Client) -> None:
    made = add(as_mei, people)
    as_mei.post(f"/webhooks/{made.pk}/", {"url": made.url, "events": ["case.opened"]})
    made.refresh_from_db()
    assert (made.active, made.events) == (False, ["case.opened"])
    salt = made.salt
    as_mei.post(f"/webhooks/{made.pk}/act/", {"action": "secret"})
    made.refresh_from_db()
    assert made.salt != salt
    as_mei.post(f"/webhooks/{made.pk}/act/", {"action": "remove"})
    assert as_mei.get(f"/webhooks/{made.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["wang", "li", "viewer"])
def test_who_may_not_change_settings_is_sent_back_with_a_word(
    people: Cast, client: Client, as_mei: Client, who: str
) -> None:
    made = add(as_mei, people)
    client.logout()
    client.force_login(getattr(people, who))
    for address in (f"/webhooks/{made.pk}/", f"/stores/{people.clothes.pk}/webhooks/"):
        assert client.get(address).status_code in (302, 303, 403)
    client.post(f"/webhooks/{made.pk}/act/", {"action": "remove"})
    assert Subscription.objects.get(pk=made.pk).ended_at is None
