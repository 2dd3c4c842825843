"""Who comes in, and how the API says no."""

import json
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.api.conftest import Caller, Calls
from tests.cast import Cast
from wanhui.accounts import actions as accounts
from wanhui.accounts.models import Token
from wanhui.accounts.rules import Scope
from wanhui.kit import clock


def test_a_token_says_who_calls(mei: Caller) -> None:
    told = mei.get("/me")
    assert (told["username"], told["name"], told["token"]["name"]) == ("mei", "梅", mei.token.name)
    assert set(told["token"]["scopes"]) == set(Scope)


def test_without_a_token_nothing_is_told_and_the_way_in_is(client: Client, people: Cast) -> None:
    response = client.get("/api/v1/me", headers={"accept-language": "en"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Wanhui"'
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["status"], problem["code"], problem["instance"]) == (401, "unauthorized", "/api/v1/me")
    assert "access token" in problem["title"]


WRONG = ["Bearer wh_wrong", "Bearer ", "Bearer", "Basic bWVpOng=", "bearer wh_" + "x" * 9000, "\x80"]


@pytest.mark.parametrize("sent", WRONG)
def test_a_wrong_token_is_no_token(client: Client, people: Cast, sent: str) -> None:
    response = client.get("/api/v1/me", headers={"authorization": sent})
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_a_token_ends_when_it_is_revoked_expired_or_its_person_leaves(call_as: Calls) -> None:
    revoked, expired, gone = call_as("mei"), call_as("wang"), call_as("li")
    accounts.revoke_token(revoked.token, actor=revoked.person)
    Token.objects.filter(pk=expired.token.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    gone.person.is_active = False
    gone.person.save()
    assert [who("get", "/me").status_code for who in (revoked, expired, gone)] == [401, 401, 401]


def test_a_browsers_session_alone_authorises_nothing_and_the_api_makes_none(client: Client, people: Cast) -> None:
    client.force_login(people.mei)
    response = client.get("/api/v1/me")
    assert response.status_code == 401
    assert not response.cookies


def test_a_call_makes_no_session_and_needs_no_csrf_token(people: Cast, call_as: Calls) -> None:
    program = call_as("mei")
    program.client = Client(enforce_csrf_checks=True)
    response = program("patch", "/me", {"language": "de"})
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store"
    people.mei.refresh_from_db()
    assert people.mei.language == "de"


def test_a_scope_that_is_missing_is_named(call_as: Calls) -> None:
    response = call_as("mei", Scope.READ)("patch", "/me", {"language": "de"})
    assert response.status_code == 403
    problem = response.json()
    assert (problem["code"], problem["scope"]) == ("missing_scope", "settings")
    assert "settings" in problem["detail"]
    assert 'scope="settings"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("get", "/nothing", 404, "not_found"), ("get", "/me/", 404, "not_found"),
    ("delete", "/me", 405, "method_not_allowed"), ("get", "/../../login", 404, "not_found"),
])
def test_what_is_not_there_is_a_problem_too(mei: Caller, method: str, path: str, status: int, code: str) -> None:
    response = mei(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert (response.headers.get("Allow") is not None) == (status == 405)


def test_a_body_of_another_kind_is_refused(mei: Caller) -> None:
    response = mei("patch", "/me", data=b"language=de", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"language": ' + b"9" * 5000 + b"}"])
def test_a_body_that_is_no_json_is_refused_and_not_an_error(mei: Caller, body: bytes) -> None:
    response = mei("patch", "/me", data=body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("value", ["d\x00e", "\ud800", "klingon", 5, ["de"], {"x": 1}, "x" * 5000])
def test_a_value_that_is_not_valid_is_named_with_its_field(mei: Caller, value: object) -> None:
    response = mei("patch", "/me", {"language": value})
    assert response.status_code == 422
    assert [field["field"] for field in response.json()["fields"]] == ["body.language"]


def test_a_name_nobody_knows_is_told(mei: Caller) -> None:
    fields = mei("patch", "/me", {"langauge": "de"}).json()["fields"]
    assert [(field["field"], field["code"]) for field in fields] == [("body.langauge", "extra_forbidden")]


def test_a_huge_body_is_refused_before_it_is_read(mei: Caller, settings: LazySettings) -> None:
    large = json.dumps({"language": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert mei("patch", "/me", data=large, content_type="application/json").status_code == 413
    settings.WANHUI_MAX_UPLOAD_BYTES = 1000
    response = mei("patch", "/me", data=large, content_type="application/json")
    assert (response.status_code, response.headers["Content-Type"]) == (413, "application/problem+json")


def test_problems_speak_the_language_that_is_asked_for_else_the_persons_own(call_as: Calls) -> None:
    anna = call_as("anna")
    german = anna("patch", "/me", {"x": 1}, headers={"accept-language": "de"})
    assert german.headers["Content-Language"] == "de"
    secret = {"authorization": f"Bearer {anna.secret}"}
    own = anna.client.patch("/api/v1/me", '{"x": 1}', "application/json", headers=secret)
    assert own.headers["Content-Language"] == "de"
    assert own.json()["detail"] == german.json()["detail"]


def test_too_many_calls_are_told_when_to_come_again(mei: Caller, call_as: Calls, settings: LazySettings) -> None:
    settings.WANHUI_API_PER_MINUTE = 3
    with clock.at(clock.now().replace(second=10)):
        statuses = [mei("get", "/me").status_code for _ in range(4)]
        late = mei("get", "/me")
        other = call_as("wang")("get", "/me")
    assert statuses == [200, 200, 200, 429]
    assert late.json()["code"] == "too_many_requests"
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert other.status_code == 200


def test_a_mistake_of_ours_is_said_without_its_insides(mei: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("wanhui.accounts.queries.tokens_of", broken)
    mei.client.raise_request_exception = False
    response = mei("get", "/me/tokens")
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert b"secret inside" not in response.content


def test_one_can_look_through_ones_tokens_and_end_one(mei: Caller, call_as: Calls, people: Cast) -> None:
    other = call_as("mei", Scope.READ)
    foreign = call_as("wang")
    assert {token["id"] for token in mei.get("/me/tokens")} == {mei.token.pk, other.token.pk}
    mei.do("delete", f"/me/tokens/{other.token.pk}", status=204)
    assert other("get", "/me").status_code == 401
    assert mei("delete", f"/me/tokens/{foreign.token.pk}").status_code == 404
    assert foreign("get", "/me").status_code == 200


def test_when_a_token_was_used_last_is_kept(mei: Caller) -> None:
    assert mei.token.last_used_at is None
    mei.get("/me")
    mei.token.refresh_from_db()
    assert mei.token.last_used_at is not None


def test_a_filter_nobody_knows_is_told_instead_of_showing_everything(mei: Caller) -> None:
    response = mei("get", "/cases?whoose=mine")
    assert response.status_code == 422
    assert [field["field"] for field in response.json()["fields"]] == ["query.whoose"]
    assert mei("get", "/me?x=1").status_code == 422
