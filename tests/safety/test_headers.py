"""What every answer tells the browser, and what an answer to something wrong does not tell."""

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.safety.conftest import Shop, tiny_png
from tests.safety.pages import Answer, Page, plain_addresses, read, text, walk

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
}  # fmt: skip
INTERNALS = ("Traceback", "wanhui.", "site-packages", "django.", "Exception", "Error", "sqlite", "secret-in-the-error")


def policy(answer: Answer) -> set[str]:
    return {part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";") if part.strip()}


def test_every_answer_carries_the_strict_policy_and_the_other_locks(shop: Shop, as_mei: Client) -> None:
    found = walk(as_mei, [*plain_addresses(), "/no-such-page/", f"/reviews/{shop.picture.pk}/screenshot/"])
    assert len(found) > 20
    for address, answer in found.items():
        assert policy(answer) == POLICY, address
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address


def test_the_sign_in_page_carries_them_too(client: Client, db: None) -> None:
    answer = read(client.get("/login/"))
    assert policy(answer) == POLICY
    assert Page(answer.text).wrong == []


def test_what_a_person_sees_is_kept_by_no_cache_between(shop: Shop, as_mei: Client) -> None:
    for address in ("/", f"/cases/{shop.case.pk}/", "/record/", f"/reviews/{shop.picture.pk}/screenshot/"):
        kept = read(as_mei.get(address)).headers.get("Cache-Control", "")
        assert "private" in kept or "no-store" in kept, address


def test_a_screenshot_is_shown_as_a_picture_and_nothing_else(shop: Shop, as_mei: Client) -> None:
    answer = read(as_mei.get(f"/reviews/{shop.picture.pk}/screenshot/"))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.body == tiny_png()


def test_a_missing_page_is_designed_and_says_where_to_go(as_mei: Client) -> None:
    response = as_mei.get("/cases/987654321/", headers={"accept-language": "en"})
    assert response.status_code == 404
    assert_designed(response)


def test_a_forged_form_is_refused_with_a_designed_page_and_nothing_is_written(shop: Shop) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.people.mei)
    response = client.post(f"/cases/{shop.case.pk}/close/", {"outcome": "satisfied", "conclusion": "全部谈妥",
                                                            "version": shop.case.version})
    assert response.status_code == 403
    assert_designed(response)
    shop.case.refresh_from_db()
    assert shop.case.closed_at is None


def test_a_form_from_another_place_is_refused_even_with_the_right_token(shop: Shop) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.people.mei)
    token = Page(text(client.get("/password/")))
    assert token.wrong == []
    cookie = client.cookies["csrftoken"].value
    response = client.post("/stores/start/", {"csrfmiddlewaretoken": cookie, "name": "x", "platform": "taobao"},
                           headers={"origin": "https://example.invalid"})
    assert response.status_code == 403


def test_a_fault_of_ours_is_owned_up_to_without_its_details(
    as_mei: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret-in-the-error at wanhui.desk.queries")

    monkeypatch.setattr("wanhui.desk.queries.queue_rows", breaks)
    as_mei.raise_request_exception = False
    response = as_mei.get("/", headers={"accept-language": "en"})
    assert response.status_code == 500
    assert_designed(response)
    assert "secret-in-the-error" in caplog.text, "the program's log must say why"


@pytest.mark.parametrize("address", ["/?store=%00", "/reviews/?before=9999999999-01-01~x", "/?after=0~2026-11-21~1",
                                     "/cases/closed/?before=99999999999999999999", "/record/?person=1%20or%201=1",
                                     "/figures/?days=1e9", "/?after=~~", "/reviews/?before=0001-01-01~-1",
                                     "/?store=99999999999999999999", "/cases/99999999999999999999/"])
def test_a_mangled_address_breaks_nothing(shop: Shop, as_mei: Client, address: str) -> None:
    as_mei.raise_request_exception = False
    response = as_mei.get(address)
    assert response.status_code in (200, 302, 404)
    if response.status_code == 404:
        assert_designed(response)


def test_a_body_far_too_large_is_refused_with_a_designed_page(shop: Shop, as_mei: Client) -> None:
    response = as_mei.post(f"/cases/{shop.case.pk}/note/", {"text": "长" * 1_500_000})
    assert response.status_code == 400
    assert_designed(response)


def test_an_unknown_host_is_refused(client: Client, db: None) -> None:
    response = client.get("/login/", headers={"host": "example.invalid"})
    assert response.status_code == 400
    assert not [word for word in INTERNALS if word in text(response)]


def assert_designed(response: HttpResponseBase) -> None:
    """A page of the desk with a sentence and a way on, and nothing of the program's insides."""
    answer = read(response)
    assert answer.is_page
    assert not [word for word in INTERNALS if word in answer.text]
    page = Page(answer.text)
    assert page.wrong == []
    assert "h1" in page.tags
    assert "/" in page.links
    assert "/static/web/base.css" in answer.text


def test_a_part_of_a_page_asked_for_after_signing_out_is_refused_and_not_replaced_by_the_door(
    shop: Shop, client: Client
) -> None:
    asked = {"action": "autosave", "text": "写到一半"}
    address = f"/reviews/{shop.review.pk}/reply/"
    assert client.post(address, asked, headers={"hx-request": "true"}).status_code == 401
    assert client.post(address, asked).headers["Location"].startswith("/login/")
