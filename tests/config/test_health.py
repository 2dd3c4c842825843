"""The address that a supervisor asks."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings


@pytest.mark.django_db
def test_health_answers_without_a_login_and_tells_nothing(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok", "no-store")
    assert answer.cookies == {}
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_a_database_that_is_away_is_an_empty_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("password=secret at 10.0.0.3")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (503, b"")


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_supervisor_beside_the_desk_needs_no_https(client: Client) -> None:
    assert client.get("/health/").status_code == 200
    assert client.get("/login/").status_code == 301
