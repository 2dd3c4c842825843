"""Invitations: a place is kept, a link is passed on, somebody takes it, once."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import translation

from tests.cast import PASSWORD, Cast
from tests.safety.conftest import Snapshot, snapshot
from tests.safety.pages import Page, text
from wanhui.accounts.models import User
from wanhui.accounts.rules import Role
from wanhui.audit.models import Entry
from wanhui.kit import clock
from wanhui.kit.errors import Refused
from wanhui.pipeline.advance import drain
from wanhui.stores import actions, queries
from wanhui.stores.models import Invitation, Membership

__all__ = ["snapshot"]
NEW = {"username": "Yu", "display_name": "小雨", "password": "rainy-tuesday-teapot", "language": "de"}


def invited(people: Cast, role: Role = Role.AGENT, email: str = "") -> Invitation:
    return actions.invite(people.clothes, role, email, "en", actor=people.mei)


def path(invitation: Invitation) -> str:
    return queries.invitation_path(invitation)


def test_somebody_new_chooses_a_name_and_a_password_and_is_in(people: Cast, client: Client) -> None:
    link = path(invited(people))
    assert "一家衣铺" in text(client.get(link))
    assert client.post(link, NEW).headers["Location"] == "/"
    yu = User.objects.get(username="yu")
    assert queries.role_in(yu, people.clothes.pk) is Role.AGENT
    assert (yu.language, yu.check_password(NEW["password"])) == ("de", True)
    assert 'lang="de"' in text(client.get("/"))
    assert Entry.objects.get(verb="stores.join").actor == yu


def test_somebody_who_is_signed_in_joins_with_one_press(people: Cast, client: Client) -> None:
    client.force_login(people.eve)
    client.post(path(invited(people, Role.SCOUT)))
    assert queries.role_in(people.eve, people.clothes.pk) is Role.SCOUT
    assert User.objects.count() == 7


def test_looking_at_the_link_uses_nothing_up(people: Cast, client: Client, snapshot: Snapshot) -> None:
    link = path(invited(people))
    before = snapshot()
    client.get(link)
    assert snapshot() == before


def test_a_link_works_once(people: Cast, client: Client) -> None:
    link = path(invited(people))
    client.post(link, NEW)
    other = Client()
    assert other.get(link).status_code == 410
    assert other.post(link, NEW | {"username": "thief"}).status_code == 410
    assert not User.objects.filter(username="thief").exists()


def test_two_who_press_at_the_same_moment_do_not_both_get_in(people: Cast) -> None:
    invitation = invited(people)
    stale = Invitation.objects.get(pk=invitation.pk)
    actions.join(invitation, actor=people.eve)
    with pytest.raises(Refused):
        actions.join(stale, actor=people.anna)
    assert queries.role_in(people.anna, people.clothes.pk) is None


def test_a_withdrawn_or_expired_link_opens_nothing(people: Cast, client: Client) -> None:
    gone, old = invited(people), invited(people)
    actions.withdraw(gone, actor=people.mei)
    assert client.get(path(gone)).status_code == 410
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert client.get(path(old)).status_code == 410
        assert client.post(path(old), NEW).status_code == 410
    assert client.get(path(old)).status_code == 200


def test_an_invitation_of_somebody_who_is_no_owner_any_more_opens_nothing(people: Cast, client: Client) -> None:
    link = path(invited(people, Role.OWNER))
    actions.set_role(people.clothes, people.wang, Role.OWNER, actor=people.mei)
    actions.set_role(people.clothes, people.mei, Role.VIEWER, actor=people.wang)
    assert client.get(link).status_code == 410


def test_a_made_up_link_is_not_found(people: Cast, client: Client) -> None:
    first, second = invited(people), invited(people)
    assert client.get(f"/join/{first.pk}/{queries.invitation_key(second)}/").status_code == 404
    assert client.get(f"/join/{first.pk}/{first.nonce}/").status_code == 404
    assert client.get(f"/join/999999/{queries.invitation_key(first)}/").status_code == 404


def test_what_is_stored_does_not_make_a_link(people: Cast, settings: LazySettings) -> None:
    """The row and another installation's key: as good as nothing."""
    invitation = invited(people)
    here = queries.invitation_key(invitation)
    settings.SECRET_KEY = "another-key"
    assert queries.invitation_key(invitation) != here


def test_somebody_who_works_there_keeps_their_role(people: Cast, client: Client) -> None:
    client.force_login(people.wang)
    client.post(path(invited(people, Role.VIEWER)))
    assert queries.role_in(people.wang, people.clothes.pk) is Role.LEAD


@pytest.mark.parametrize("wrong", [{"username": "mei"}, {"username": ""}, {"password": "short"},
                                   {"password": "password1234"}, {"language": "fr"}, {"display_name": ""}])
def test_a_taken_name_or_a_weak_password_is_refused_and_leaves_nobody_behind(
    people: Cast, client: Client, snapshot: Snapshot, wrong: dict[str, str]
) -> None:
    link = path(invited(people))
    before = snapshot()
    assert client.post(link, NEW | wrong).status_code == 200
    assert snapshot() == before
    assert client.post(link, NEW).status_code == 302


@pytest.mark.parametrize("who", ["wang", "li", "scout", "viewer", "anna", "eve"])
def test_only_an_owner_invites_sees_links_and_withdraws(
    people: Cast, client: Client, snapshot: Snapshot, who: str
) -> None:
    invitation = invited(people)
    client.force_login(getattr(people, who))
    before = snapshot()
    client.post(f"/stores/{people.clothes.pk}/invitations/", {"role": "owner"})
    client.post(f"/stores/{people.clothes.pk}/invitations/{invitation.pk}/withdraw/")
    assert snapshot() == before
    assert "/join/" not in text(client.get(f"/stores/{people.clothes.pk}/"))


def test_an_owner_withdraws_nothing_of_another_store(people: Cast, client: Client) -> None:
    invitation = invited(people)
    client.force_login(people.anna)
    assert client.post(f"/stores/{people.otto.pk}/invitations/{invitation.pk}/withdraw/").status_code == 404
    assert queries.still_open(invitation)


def test_without_mail_the_owner_copies_the_link(as_mei: Client, people: Cast) -> None:
    as_mei.post(f"/stores/{people.clothes.pk}/invitations/", {"role": "quality", "email": "yu@example.com"})
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.email) == ("quality", "")
    assert f"http://testserver{path(invitation)}" in text(as_mei.get(f"/stores/{people.clothes.pk}/"))
    drain()
    assert mail.outbox == []


def test_with_mail_a_step_sends_the_letter_in_the_language_chosen(
    as_mei: Client, people: Cast, settings: LazySettings
) -> None:
    settings.WANHUI_MAIL, settings.WANHUI_URL = True, "https://desk.example.org"
    as_mei.post(f"/stores/{people.clothes.pk}/invitations/",
                {"role": "agent", "email": "yu@example.com", "language": "en"})
    assert mail.outbox == [], "nothing leaves inside a request"
    drain()
    drain()
    (letter,) = mail.outbox
    invitation = Invitation.objects.get()
    assert (letter.to, letter.subject) == (["yu@example.com"], "梅 invites you to 一家衣铺")
    assert f"https://desk.example.org{path(invitation)}" in letter.body
    assert invitation.mailed_at is not None
    client = Client()
    client.post(path(invitation), NEW)
    yu, invitation = User.objects.get(username="yu"), Invitation.objects.get()
    assert (yu.email, yu.email_wanted) == ("", "yu@example.com"), "a forwarded link proves no address"
    assert invitation.email == "", "the address is kept no longer than it is needed"


def test_a_letter_that_no_server_takes_is_shown_to_the_owner_with_what_to_do(
    as_mei: Client, people: Cast, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError("no route to host")

    settings.WANHUI_MAIL = True
    monkeypatch.setattr("wanhui.stores.actions.send", refuse)
    with translation.override("en"):
        invitation = invited(people, email="yu@example.com")
    drain()
    assert queries.letter_states([invitation]) == {invitation.pk: "again"}
    now = clock.now()
    for hour in range(1, 8):
        with clock.at(now + timedelta(hours=2 * hour)):
            drain()
    assert queries.letter_states([invitation]) == {invitation.pk: "failed"}
    words = Page(text(as_mei.get(f"/stores/{people.clothes.pk}/", headers={"accept-language": "en"}))).words
    assert "The mail server did not take the letter." in words


def test_a_letter_for_an_invitation_that_is_over_is_not_sent(people: Cast, settings: LazySettings) -> None:
    settings.WANHUI_MAIL = True
    invitation = invited(people, email="yu@example.com")
    actions.withdraw(invitation, actor=people.mei)
    drain()
    assert mail.outbox == []


def test_the_password_of_an_invited_person_is_not_stored_in_words(
    people: Cast, client: Client, snapshot: Snapshot
) -> None:
    client.post(path(invited(people)), NEW)
    assert NEW["password"] not in str(snapshot())
    assert Membership.objects.filter(user__username="yu").count() == 1
    assert client.post("/logout/").status_code == 302
    assert client.post("/login/", {"username": "yu", "password": NEW["password"]}).status_code == 302
    assert NEW["password"] != PASSWORD
