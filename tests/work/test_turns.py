"""A periodic task is done once a minute, whoever comes first."""

from datetime import UTC, datetime, timedelta

import pytest

from wanhui.kit import clock
from wanhui.work import actions as work

NOON = datetime(2026, 11, 21, 12, 0, 7, tzinfo=UTC)


@pytest.mark.django_db
def test_one_worker_a_minute_has_the_turn_and_the_next_minute_anyone() -> None:
    with clock.at(NOON):
        assert work.take_turn("sweep")
        assert not work.take_turn("sweep")
        assert work.take_turn("something else")
    with clock.at(NOON + timedelta(seconds=40)):
        assert not work.take_turn("sweep")
    with clock.at(NOON + timedelta(seconds=53)):
        assert work.take_turn("sweep")
