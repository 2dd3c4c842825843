"""Small things of the commands that run an installation."""

from typing import Any

import pytest
from django.test import override_settings
from typer.testing import CliRunner

from wanhui.cli import app
from wanhui.config import commands, serve
from wanhui.kit import clock
from wanhui.work import actions as work
from wanhui.work.models import Step


@pytest.mark.parametrize(
    ("host", "https", "told"),
    [("127.0.0.1", False, False), ("::1", False, False), ("0.0.0.0", False, True), ("0.0.0.0", True, False)],
)
def test_listening_to_others_without_https_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, host: str, https: bool, told: bool
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(serve, "serve", lambda *given, **more: served.append(given))
    monkeypatch.setattr(serve, "quiet_logs", lambda: None)
    monkeypatch.setattr(commands, "refuse_an_old_database", lambda: None)
    with override_settings(HTTPS=https):
        said = CliRunner().invoke(app, ["serve", "--host", host])
    assert (said.exit_code, served) == (0, [(host, 8000)])
    assert ("without https" in said.output) == told


@pytest.mark.django_db
def test_retry_lets_given_up_steps_wait_again_as_if_never_tried() -> None:
    now = clock.now()
    for number, state in enumerate([Step.State.FAILED, Step.State.DONE, Step.State.FAILED]):
        Step.objects.create(kind="verdicts.given", ref=f"{number}", state=state, attempts=6, due_at=now, noted_at=now)
    said = CliRunner().invoke(app, ["retry"])
    assert (said.exit_code, said.output) == (0, "2 steps wait for a worker again.\n")
    assert len(work.due_steps()) == 2
    assert list(Step.objects.order_by("pk").values_list("attempts", flat=True)) == [0, 6, 0]
    assert work.claim(work.due_steps()[0]) is not None


@pytest.mark.django_db
def test_a_heartbeat_is_one_row_a_process_and_old_ones_go() -> None:
    from datetime import timedelta

    from wanhui.work.models import Heartbeat

    with clock.at(clock.now() - timedelta(days=3)):
        work.beat("steps", "gone", 1, "1.0")
    work.beat("steps", "shop", 7, "1.0")
    work.beat("pages", "shop", 7, "1.0")
    work.beat("steps", "shop", 7, "1.1")
    assert sorted(Heartbeat.objects.values_list("kind", "host", "version")) == [
        ("pages", "shop", "1.0"), ("steps", "shop", "1.1"),
    ]  # fmt: skip
    work.still("steps", "shop", 7)
    assert list(Heartbeat.objects.values_list("kind", flat=True)) == ["pages"]
